//! Rules, and what is done by them.

use backend_local::containers::balancer::{
    Action, Condition, Forward, QueryPattern, Redirect, Rule, Weighted,
};
use hyper::Method;

use super::{
    asking::{Line, ask, ask_for, empty, get, with},
    backend::Backend,
    world::{config, group, listener, start},
};

fn texts<const N: usize>(values: [&str; N]) -> Vec<String> {
    values.map(str::to_owned).to_vec()
}

fn rule(priority: u32, condition: Condition, action: Action) -> Rule {
    Rule { priority, conditions: vec![condition], action }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_rule_that_is_met_decides() {
    let (api, old) = (Backend::start("api").await, Backend::start("old").await);
    let query = QueryPattern { key: Some("version".to_owned()), value: "1".to_owned() };
    let rules = vec![
        rule(30, Condition::QueryString(vec![query]), Action::forward("old")),
        rule(10, Condition::PathPattern(texts(["/api/*"])), Action::forward("api")),
        rule(20, Condition::HostHeader(texts(["old.*"])), Action::forward("old")),
        rule(40, Condition::HttpRequestMethod(texts(["DELETE"])), Action::fixed(405, "never")),
        rule(50, Condition::SourceIp(texts(["10.0.0.0/8"])), Action::fixed(403, "not you")),
    ];
    let mut config = config(vec![group("api", [&api]), group("old", [&old])]);
    config.listeners = vec![listener(rules, Action::fixed(404, "nothing here"))];
    let (_balancer, address) = start(config).await;
    for (path, host, code, text) in [
        ("/api/x?version=1", "old.site", 200, "api"),
        ("/", "old.site:80", 200, "old"),
        ("/?version=1", "site", 200, "old"),
        ("/?version=12", "site", 404, "nothing here"),
        ("/api", "site", 404, "nothing here"),
    ] {
        let answer = ask(address, get(path, &[("host", host)])).await;
        assert_eq!((answer.code, answer.text.as_str()), (code, text), "{path} at {host}");
    }
    let deleted = ask(address, with(Method::DELETE, "/", &[], empty())).await;
    assert_eq!((deleted.code, deleted.text.as_str()), (405, "never"));
    assert_eq!(deleted.header("content-type"), Some("text/plain"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirection_is_filled_in() {
    let backend = Backend::start("a").await;
    let redirect = Redirect {
        protocol: "HTTPS".to_owned(),
        port: "443".to_owned(),
        permanent: true,
        ..Redirect::default()
    };
    let mut config = config(vec![group("g", [&backend])]);
    config.listeners = vec![listener(Vec::new(), Action::Redirect(redirect))];
    let (_balancer, address) = start(config).await;
    let answer = ask_for(address, "/course/view.php?id=2").await;
    assert_eq!(answer.code, 301);
    let wanted = "https://site.example:443/course/view.php?id=2";
    assert_eq!(answer.header("location"), Some(wanted));
}

fn shares(first: u32, second: u32, sticky: Option<u64>) -> Action {
    let share = |group: &str, weight| Weighted { group: group.to_owned(), weight };
    Action::Forward(Forward {
        groups: vec![share("a", first), share("b", second)],
        stickiness: sticky.map(std::time::Duration::from_secs),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_get_their_shares_and_clients_keep_their_group() {
    let (a, b) = (Backend::start("a").await, Backend::start("b").await);
    let mut config = config(vec![group("a", [&a]), group("b", [&b])]);
    config.listeners = vec![listener(Vec::new(), shares(80, 20, Some(60)))];
    let (_balancer, address) = start(config).await;
    let mut line = Line::open(address).await.unwrap();
    let mut firsts = 0;
    for _ in 0..500 {
        firsts += usize::from(line.ask(get("/", &[])).await.unwrap().text == "a");
    }
    // Six standard deviations around 400.
    assert!((346..=454).contains(&firsts), "{firsts}");
    let first = line.ask(get("/", &[])).await.unwrap();
    let cookie = format!("x=y; AWSALBTG={}", first.cookie("AWSALBTG").unwrap());
    for _ in 0..50 {
        let again = line.ask(get("/", &[("cookie", &cookie)])).await.unwrap();
        assert_eq!(again.text, first.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_keeps_its_target() {
    let backends =
        [Backend::start("a").await, Backend::start("b").await, Backend::start("c").await];
    let mut group = group("g", &backends);
    group.stickiness = Some(std::time::Duration::from_secs(60));
    let (_balancer, address) = start(config(vec![group])).await;
    let first = ask_for(address, "/").await;
    let set = first.headers.get_all("set-cookie").iter().count();
    assert_eq!(set, 2, "AWSALB and AWSALBCORS");
    let cookie = format!("AWSALB={}", first.cookie("AWSALB").unwrap());
    for _ in 0..20 {
        let again = ask(address, get("/", &[("cookie", &cookie)])).await;
        assert_eq!(again.text, first.text);
    }
    let mut others = std::collections::BTreeSet::new();
    for _ in 0..6 {
        others.insert(ask_for(address, "/").await.text);
    }
    assert_eq!(others.len(), 3, "who has no cookie gets any target");
}

//! The synthetic login: somebody who logs in every minute, as a person does.

use crate::{
    docker::{Container, docker, succeeded},
    site::Site,
};

/// Installs the site, so that its prober has a password.
fn install(site: &Site, password: &str) -> String {
    succeeded(&site.run("install", &["--env", &format!("PROBE_PASSWORD={password}")]))
}

/// Somebody who logs in to a web server.
fn probe(site: &Site, web: &Container, password: &str) -> Container {
    let url = format!("PROBE_URL={}/", web.address());
    site.start("probe", &["--env", &url, "--env", &format!("PROBE_PASSWORD={password}")])
}

#[test]
fn somebody_logs_in_and_out_again() {
    let Some(site) = Site::new() else { return };
    assert!(!succeeded(&site.run("install", &[])).contains("prober.php"));
    assert!(install(&site, "first&word").contains("prober.php: probe"));
    let web = site.web();
    let first = probe(&site, &web, "first&word");
    first.wait_until_it_says(" ms");
    let said = first.logs();
    let line = said.lines().find(|it| it.contains(" login "));
    let line = line.unwrap_or_else(|| panic!("{said}"));
    // What the filter of the program reads.
    let ["probe.php:", "login", milliseconds, "ms"] = *line.split(' ').collect::<Vec<_>>() else {
        panic!("{said}")
    };
    assert!(milliseconds.parse::<u32>().is_ok_and(|it| it > 0), "{said}");
    assert_eq!(first.stop(), "0", "{said}");
    // The last session is one that nobody has logged in to.
    let sessions = "redis-cli -a \"$0\" --raw keys 'session_*' | \
                    xargs -r redis-cli -a \"$0\" --raw mget";
    let kept = succeeded(&site.cache.run(&["sh", "-c", sessions, crate::site::PASSWORD]));
    assert!(kept.contains("logintoken") && !kept.contains("sesskey"), "{kept}");

    // Another password: whoever has the old one is refused, and says where.
    assert!(install(&site, "second").contains("prober.php: probe"));
    let refused = probe(&site, &web, "first&word");
    refused.wait_until_it_says("the login: refused: Invalid login, please try again");
    refused.wait_until_it_says("probe.php ended with 1");
    assert!(!refused.logs().contains(" ms"), "{}", refused.logs());
    probe(&site, &web, "second").wait_until_it_says(" ms");

    // What stands behind the page does not answer.
    docker(["pause", &site.database.0]);
    let down = probe(&site, &web, "second");
    down.wait_until_it_says("the page of the login: ");
    docker(["unpause", &site.database.0]);
    // A site that is closed says so.
    succeeded(&site.run("maintenance on", &[]));
    probe(&site, &web, "second").wait_until_it_says("/login/index.php was answered with 503");
}

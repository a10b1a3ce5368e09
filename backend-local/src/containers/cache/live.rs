//! Settings and users of nodes that run: what differs is changed, nothing is restarted.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    CacheError,
    link::{Link, command},
    node::Containers,
    parameters, settings,
    spec::{CacheSpec, NAME, Place},
};

/// Makes a node as it is wanted.
pub(super) async fn node(
    containers: &Containers,
    spec: &CacheSpec,
    node: &Place,
    link: &mut Link,
) -> Result<(), CacheError> {
    let mut wanted = parameters::told(&spec.parameters, spec.memory);
    if let Some(tls) = &spec.tls {
        let (of_tls, files) = settings::tls(tls);
        let there = set_now(link, "tls-*").await?;
        if of_tls.iter().any(|(name, value)| there.get(*name) != Some(value)) {
            containers.put(spec, &node.id, &files).await?;
            // Both at once: a certificate does not go with another key.
            let mut words = vec!["CONFIG", "SET"];
            words.extend(of_tls.iter().flat_map(|(name, value)| [*name, value.as_str()]));
            link.tell::<()>("a new certificate", &command(&words)).await?;
        }
    }
    let there = set_now(link, "*").await?;
    wanted.retain(|name, value| !same(name, there.get(name).map_or("", String::as_str), value));
    for (name, value) in &wanted {
        let set = command(&["CONFIG", "SET", name, value]);
        link.tell::<()>(&format!("the parameter {name}"), &set).await?;
    }
    users(spec, link).await
}

/// Gives it its users, and takes others away; who had logged in as them is cut off.
async fn users(spec: &CacheSpec, link: &mut Link) -> Result<(), CacheError> {
    let wanted = settings::users(spec);
    for (name, rules) in &wanted {
        let mut set = command(&["ACL", "SETUSER", name]);
        rules.iter().for_each(|rule| {
            set.arg(rule);
        });
        link.tell::<()>(&format!("the user {name}"), &set).await?;
    }
    let names: BTreeSet<&str> = wanted.iter().map(|(name, _)| name.as_str()).collect();
    let there: Vec<String> = link.tell("to tell its users", &command(&["ACL", "USERS"])).await?;
    for name in there.iter().filter(|name| !names.contains(name.as_str())) {
        link.tell::<()>(&format!("to forget {name}"), &command(&["ACL", "DELUSER", name])).await?;
    }
    Ok(())
}

async fn set_now(link: &mut Link, which: &str) -> Result<BTreeMap<String, String>, CacheError> {
    link.tell("to tell its settings", &command(&["CONFIG", "GET", which])).await
}

/// Letters of events come back in an order of their own.
fn same(name: &str, there: &str, wanted: &str) -> bool {
    let letters = |text: &str| text.chars().collect::<BTreeSet<_>>();
    there == wanted || (name == "notify-keyspace-events" && letters(there) == letters(wanted))
}

/// Has a sentinel watch the group with this primary, whatever it took for it.
pub(super) async fn watch(
    spec: &CacheSpec,
    link: &mut Link,
    primary: &Place,
) -> Result<(), CacheError> {
    let forget = command(&["SENTINEL", "REMOVE", NAME]);
    // It may not know the name: then there is nothing to forget.
    match link.tell::<()>("to forget the group", &forget).await {
        Ok(()) => {}
        Err(CacheError::Refused { source, .. }) if source.detail().is_some_and(unknown) => {}
        Err(error) => return Err(error),
    }
    let (address, port) = (primary.address.to_string(), spec.port.to_string());
    let quorum = spec.quorum().to_string();
    let monitor = command(&["SENTINEL", "MONITOR", NAME, &address, &port, &quorum]);
    link.tell::<()>("to watch the group", &monitor).await?;
    configure(spec, link).await
}

/// Tells a sentinel how to watch the group.
pub(super) async fn configure(spec: &CacheSpec, link: &mut Link) -> Result<(), CacheError> {
    for (name, value) in settings::watched(spec) {
        let set = command(&["SENTINEL", "SET", NAME, name, &value]);
        link.tell::<()>(&format!("the setting {name}"), &set).await?;
    }
    Ok(())
}

fn unknown(detail: &str) -> bool {
    detail.contains("No such master")
}

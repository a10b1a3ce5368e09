//! The page: one document with its own style and script. It shows all there is without the script,
//! which only keeps it up to date and draws charts.

use std::collections::BTreeMap;

use super::Shown;
use crate::containers::{
    agent::{
        counted::Place,
        protocol::{Level, PartReport, ThingReport},
    },
    html::escaped,
};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// How many events are shown.
const EVENTS: usize = 60;

/// The page.
pub(super) fn page(shown: &Shown, nonce: &str) -> String {
    let parts: Vec<String> = shown.report.parts.iter().map(part).collect();
    let address = shown.report.address.as_deref().map(|address| {
        let address = escaped(address);
        format!("<p>The site: <a href=\"{address}\">{address}</a></p>")
    });
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>The site on this machine</title>\n<style nonce=\"{nonce}\">\n{STYLE}</style>\n\
         </head>\n<body>\n<h1>The site on this machine</h1>\n{}\n\
         <p id=\"stale\" hidden>The agent does not answer; this is what it said last.</p>\n\
         <section id=\"charts\"></section>\n\
         <h2>What is where</h2>\n<div id=\"places\">{}</div>\n\
         <div id=\"parts\">{}</div>\n\
         <h2>What happened</h2>\n<ol id=\"events\">{}</ol>\n\
         <script nonce=\"{nonce}\">\n{SCRIPT}</script>\n</body>\n</html>\n",
        address.unwrap_or_default(),
        places(&shown.places),
        parts.concat(),
        events(&shown.report.parts),
    )
}

fn pairs(all: &[(String, String)]) -> String {
    let item = |(name, how): &(String, String)| {
        format!("<li><b>{}</b> {}</li>", escaped(name), escaped(how))
    };
    format!("<ul>{}</ul>", all.iter().map(item).collect::<String>())
}

fn places(places: &[Place]) -> String {
    let mut zones: BTreeMap<&str, Vec<&Place>> = BTreeMap::new();
    for place in places {
        zones.entry(&place.zone).or_default().push(place);
    }
    let zone = |(zone, places): (&str, Vec<&Place>)| {
        let each = places.iter().map(|place| {
            let (name, state) = (escaped(&place.name), escaped(&place.state));
            format!(
                "<article><h4>{name} <small>{state}</small></h4>{}</article>",
                pairs(&place.holds)
            )
        });
        format!("<section><h3>{}</h3>{}</section>", escaped(zone), each.collect::<String>())
    };
    zones.into_iter().map(zone).collect()
}

fn part(part: &PartReport) -> String {
    if part.things.is_empty() {
        return String::new();
    }
    let things: String = part.things.iter().map(thing).collect();
    format!("<h2>{}</h2><div class=\"things\">{things}</div>", escaped(&part.name))
}

fn thing(thing: &ThingReport) -> String {
    let level = match thing.level {
        Level::Gone => "gone",
        Level::Pending => "pending",
        Level::Ready => "ready",
        Level::Failed => "failed",
    };
    let alone = if thing.redundant { "" } else { " <small>not redundant</small>" };
    format!(
        "<article class=\"{level}\"><h4>{} <small>{level}</small>{alone}</h4><p>{}</p>{}</article>",
        escaped(&thing.id),
        escaped(&thing.message),
        pairs(&thing.parts)
    )
}

fn events(parts: &[PartReport]) -> String {
    let things = parts.iter().flat_map(|part| &part.things);
    let mut all: Vec<(u64, &str, &str)> = things
        .flat_map(|thing| {
            thing.events.iter().map(|(at, words)| (*at, thing.id.as_str(), words.as_str()))
        })
        .collect();
    all.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
    let item = |(at, id, words): &(u64, &str, &str)| {
        let (hour, minute, second) = (at / 3_600_000 % 24, at / 60_000 % 60, at / 1000 % 60);
        let (id, words) = (escaped(id), escaped(words));
        format!("<li><time>{hour:02}:{minute:02}:{second:02} UTC</time> <b>{id}</b> {words}</li>")
    };
    all.iter().take(EVENTS).map(item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::containers::agent::protocol::Report;

    const EVIL: &str = "</script><script>alert(\"1\")</script>'&";

    #[test]
    fn whatever_things_say_stays_a_text() {
        let evil = || EVIL.to_owned();
        let thing = ThingReport {
            id: evil(),
            level: Level::Failed,
            message: evil(),
            redundant: false,
            parts: vec![(evil(), evil())],
            events: vec![(3_661_000, evil())],
        };
        let place =
            Place { zone: evil(), name: evil(), state: evil(), holds: vec![(evil(), evil())] };
        let report = Report {
            process: 1,
            build: evil(),
            since: 0,
            parts: vec![PartReport { name: evil(), things: vec![thing] }],
            address: Some(evil()),
            page: None,
        };
        let page = page(&Shown { report, places: vec![place] }, "abc");
        assert_eq!(page.matches("<script").count(), 1, "{page}");
        assert_eq!(page.matches("</script").count(), 1);
        assert!(!page.contains("alert(\"1\")"));
        assert_eq!(page.matches("alert(&quot;1&quot;)").count(), 14);
        assert!(page.contains("<time>01:01:01 UTC</time>"));
    }

    #[test]
    fn nothing_is_loaded_from_elsewhere() {
        for text in [STYLE, SCRIPT] {
            for way in ["http:", "https:", "//cdn", "@import", "url(", "innerHTML", "eval("] {
                assert!(
                    !text.contains(way) || way == "http:" && text.contains("www.w3.org"),
                    "{way}"
                );
            }
        }
        assert!(!SCRIPT.contains("</"));
    }
}

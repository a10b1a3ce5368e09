//! What a record says, as Cloudflare takes and tells it: most in `content`, some in `data`.

use infra_core::cloudflare::dns::{
    CaaContentArgs, CaaTag, MxContentArgs, RecordContentArgs as Content, SrvContentArgs,
};
use serde_json::{Map, Value as Json, json};

use crate::seen;

/// The flag of an authority that must understand (RFC 8659).
const CRITICAL: u64 = 128;
/// A text of the DNS has so many bytes; longer ones are several (RFC 1035).
const STRING: usize = 255;

/// `type`, and `content`, `priority` or `data`.
pub(super) fn asked(content: &Content) -> Map<String, Json> {
    let asked = match content {
        Content::A(address) => json!({ "type": "A", "content": address.to_string() }),
        Content::Aaaa(address) => json!({ "type": "AAAA", "content": address.to_string() }),
        Content::Cname(host) => json!({ "type": "CNAME", "content": host }),
        Content::Ns(host) => json!({ "type": "NS", "content": host }),
        Content::Txt(text) => json!({ "type": "TXT", "content": quoted(text) }),
        Content::Mx(MxContentArgs { priority, exchange }) => {
            json!({ "type": "MX", "content": exchange, "priority": priority })
        }
        Content::Srv(SrvContentArgs { priority, weight, port, target }) => json!({
            "type": "SRV",
            "data": { "priority": priority, "weight": weight, "port": port, "target": target },
        }),
        Content::Caa(CaaContentArgs { tag, value, critical }) => {
            let flags = if *critical { CRITICAL } else { 0 };
            json!({ "type": "CAA", "data": { "flags": flags, "tag": tag.as_str(), "value": value } })
        }
    };
    match asked {
        Json::Object(asked) => asked,
        _ => Map::new(),
    }
}

/// What a record says; `None` of a type that the catalogue does not know.
pub(super) fn told(record: &Json) -> Option<Content> {
    let content = || record["content"].as_str().map(str::to_owned);
    let small = |number: &Json| number.as_u64().and_then(|number| u16::try_from(number).ok());
    let data = &record["data"];
    let text = |field: &str| data[field].as_str().map(str::to_owned);
    Some(match record["type"].as_str()? {
        "A" => Content::A(content()?.parse().ok()?),
        "AAAA" => Content::Aaaa(content()?.parse().ok()?),
        "CNAME" => Content::Cname(content()?),
        "NS" => Content::Ns(content()?),
        "TXT" => Content::Txt(unquoted(&content()?)),
        "MX" => {
            let priority = small(&record["priority"])?;
            Content::Mx(MxContentArgs { priority, exchange: content()? })
        }
        "SRV" => Content::Srv(SrvContentArgs {
            priority: small(&data["priority"])?,
            weight: small(&data["weight"])?,
            port: small(&data["port"])?,
            target: text("target")?,
        }),
        "CAA" => Content::Caa(CaaContentArgs {
            tag: seen::told::<CaaTag>(data["tag"].as_str())?,
            value: text("value")?,
            critical: data["flags"].as_u64()? >= CRITICAL,
        }),
        _ => return None,
    })
}

/// One way of all to say the same: names in small letters, without the dot at their end.
pub(super) fn plain(content: Content) -> Content {
    let host = |host: String| host.trim_end_matches('.').to_lowercase();
    match content {
        Content::Cname(name) => Content::Cname(host(name)),
        Content::Ns(name) => Content::Ns(host(name)),
        Content::Mx(mx) => Content::Mx(MxContentArgs { exchange: host(mx.exchange), ..mx }),
        Content::Srv(srv) => Content::Srv(SrvContentArgs { target: host(srv.target), ..srv }),
        other => other,
    }
}

/// A text as texts of the DNS between quotation marks, each as long as one may be.
fn quoted(text: &str) -> String {
    let mut strings = vec![];
    let mut rest = text;
    while !rest.is_empty() {
        let end = (0..=rest.len().min(STRING)).rev().find(|end| rest.is_char_boundary(*end));
        let (string, more) = rest.split_at(end.unwrap_or(rest.len()));
        strings.push(format!("\"{}\"", string.replace('\\', "\\\\").replace('"', "\\\"")));
        rest = more;
    }
    strings.join(" ")
}

/// The text of texts between quotation marks. One without any stands for itself.
fn unquoted(told: &str) -> String {
    let told = told.trim();
    if !(told.starts_with('"') && told.ends_with('"') && told.len() > 1) {
        return told.to_owned();
    }
    let mut text = String::new();
    let mut is_within = false;
    let mut characters = told.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => is_within = !is_within,
            '\\' => text.extend(characters.next()),
            other if is_within => text.push(other),
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_quoted_and_read_back() {
        for text in ["v=spf1 -all", r#"a "quoted" \ text"#, &"é".repeat(400)] {
            assert_eq!(unquoted(&quoted(text)), text);
        }
        assert_eq!(quoted("v=spf1 -all"), r#""v=spf1 -all""#);
        assert!(quoted(&"x".repeat(256)).contains("x\" \"x\""));
        assert_eq!(unquoted("as it was"), "as it was");
    }

    #[test]
    fn what_is_asked_is_told() {
        let mx =
            Content::Mx(MxContentArgs { priority: 10, exchange: "mail.example.org".to_owned() });
        let caa = Content::Caa(CaaContentArgs {
            tag: CaaTag::IssueWild,
            value: "letsencrypt.org".to_owned(),
            critical: true,
        });
        for content in [mx, caa, Content::Txt("a; b".to_owned())] {
            assert_eq!(told(&Json::Object(asked(&content))), Some(content));
        }
    }

    #[test]
    fn names_are_the_same_in_any_letters() {
        let cname = |host: &str| plain(Content::Cname(host.to_owned()));
        assert_eq!(cname("Web.Example.org."), cname("web.example.org"));
    }
}

//! What is special about a record: what can be proxied, how long it may be kept, and that a name is
//! either another name or has addresses.

use infra_core::{
    cloudflare::dns::{self, CaaTag, RecordContentArgs},
    dsl::ResourceType,
    schema::TypeDef,
    types::Seconds,
};

use crate::sim::{
    cloudflare::check_name,
    refusal::{Codes, Refusal},
    special::{Asked, Special, of},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Record];

type R = dns::Record;

const CODES: Codes = Codes {
    not_found: "81044",
    not_ready: "81044",
    exists: "81058",
    in_use: "81044",
    quota: "81045",
};
/// What Cloudflare says of what is no record.
const INVALID: &str = "1004";

struct Record;

impl Special for Record {
    fn ty(&self) -> &'static TypeDef {
        R::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let name = asked.get(R::NAME).unwrap_or_default();
        check_name("name", INVALID, &name)?;
        let Some(content) = asked.get(R::CONTENT) else { return Ok(()) };
        check_content(&content)?;
        let proxied = asked.get(R::PROXIED).unwrap_or_default();
        if proxied && !leads_to_hosts(&content) {
            let message = "`proxied` is for A, AAAA and CNAME alone; leave it out";
            return Err(Refusal::invalid("proxied", "9004", message));
        }
        check_ttl(asked, proxied)?;
        let comment = asked.get(R::COMMENT).unwrap_or_default().chars().count();
        if comment > 500 {
            let message = format!("`comment` has {comment} characters; 500 are the most");
            return Err(Refusal::invalid("comment", INVALID, message));
        }
        check_others(asked, &name, &content)
    }
}

fn leads_to_hosts(content: &RecordContentArgs) -> bool {
    use RecordContentArgs as C;
    matches!(content, C::A(_) | C::Aaaa(_) | C::Cname(_))
}

fn check_content(content: &RecordContentArgs) -> Result<(), Refusal> {
    use RecordContentArgs as C;
    let (field, host) = match content {
        C::A(_) | C::Aaaa(_) => return Ok(()),
        C::Cname(host) => ("cname", host),
        C::Ns(host) => ("ns", host),
        C::Mx(mx) => ("mx.exchange", &mx.exchange),
        C::Srv(srv) => ("srv.target", &srv.target),
        C::Txt(text) => return check_text(text),
        C::Caa(caa) if caa.tag == CaaTag::Iodef => return check_iodef(&caa.value),
        C::Caa(caa) if caa.value == ";" => return Ok(()),
        C::Caa(caa) => ("caa.value", &caa.value),
    };
    check_name(&format!("content.{field}"), INVALID, host)
}

fn check_text(text: &str) -> Result<(), Refusal> {
    if (1..=2048).contains(&text.len()) {
        return Ok(());
    }
    let message = format!("`content.txt` has {} bytes; 1 to 2048 are allowed", text.len());
    Err(Refusal::invalid("content.txt", INVALID, message))
}

fn check_iodef(value: &str) -> Result<(), Refusal> {
    if ["mailto:", "https://", "http://"].iter().any(|scheme| value.starts_with(scheme)) {
        return Ok(());
    }
    let message =
        format!("`content.caa.value` {value:?} must begin with mailto:, https:// or http://");
    Err(Refusal::invalid("content.caa.value", INVALID, message))
}

fn check_ttl(asked: &Asked<'_>, proxied: bool) -> Result<(), Refusal> {
    let Some(Seconds(ttl)) = asked.get(R::TTL) else { return Ok(()) };
    let message = if proxied {
        format!("`ttl` {ttl}: of what is proxied Cloudflare says it; leave it out")
    } else if (30..=86_400).contains(&ttl) {
        return Ok(());
    } else {
        format!("`ttl` {ttl} must be between 60 (30 on Enterprise) and 86400 s")
    };
    Err(Refusal::invalid("ttl", "9021", message))
}

/// A name that is another one is nothing else.
fn check_others(asked: &Asked<'_>, name: &str, content: &RecordContentArgs) -> Result<(), Refusal> {
    let cname = |content: &RecordContentArgs| matches!(content, RecordContentArgs::Cname(_));
    let zone = asked.get(R::ZONE_ID);
    let clashes = asked.world.all(R::definition().name, asked.scope).any(|other| {
        *other.id != *asked.id
            && of(other, R::ZONE_ID) == zone
            && of(other, R::NAME).is_some_and(|other| other.eq_ignore_ascii_case(name))
            && of(other, R::CONTENT).is_some_and(|other| {
                leads_to_hosts(&other)
                    && leads_to_hosts(content)
                    && (cname(&other) || cname(content))
            })
    });
    if !clashes {
        return Ok(());
    }
    let message = format!(
        "`name` {name:?} has another record of A, AAAA or CNAME; a name that is another one has no \
         address of its own"
    );
    Err(Refusal::invalid("name", "81053", message))
}

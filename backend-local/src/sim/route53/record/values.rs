//! What a record may say, by its type.

use std::net::{Ipv4Addr, Ipv6Addr};

use infra_core::aws::route53::RecordType;

use super::refused;
use crate::sim::{names::is_word, refusal::Refusal};

const PROPERTY: &str = "resource_records";
/// AWS: the values of a record together.
const VALUES: usize = 400;

pub(super) fn check(record_type: RecordType, values: &[String]) -> Result<(), Refusal> {
    if values.is_empty() || values.len() > VALUES {
        let count = values.len();
        let message = format!("`{PROPERTY}` has {count} values; 1 to {VALUES} are allowed");
        return refused(PROPERTY, message);
    }
    if record_type == RecordType::Cname && values.len() > 1 {
        let message = format!("`{PROPERTY}`: a CNAME has one value, not {}", values.len());
        return refused(PROPERTY, message);
    }
    let mut seen = std::collections::BTreeSet::new();
    for value in values {
        if !seen.insert(value) {
            return refused(PROPERTY, format!("`{PROPERTY}` says {value} twice"));
        }
        if let Some(form) = wanted(record_type, value) {
            let message = format!(
                "`{PROPERTY}` {value} is no value of a record of type {record_type}: {form}"
            );
            return refused(PROPERTY, message);
        }
    }
    Ok(())
}

/// What a value should look like, if it does not.
fn wanted(record_type: RecordType, value: &str) -> Option<&'static str> {
    let (sound, form) = match record_type {
        RecordType::A => (value.parse::<Ipv4Addr>().is_ok(), "an IPv4 address"),
        RecordType::Aaaa => (value.parse::<Ipv6Addr>().is_ok(), "an IPv6 address"),
        RecordType::Cname | RecordType::Ns | RecordType::Ptr => {
            (is_name(value), "a domain such as www.example.org")
        }
        RecordType::Txt | RecordType::Spf => {
            (is_text(value), "text in double quotes, of up to 255 characters each")
        }
        RecordType::Mx => {
            let parts = value.split_once(' ');
            let sound =
                parts.is_some_and(|(order, name)| order.parse::<u16>().is_ok() && is_name(name));
            (sound, "an order and a domain, such as 10 mail.example.org")
        }
        RecordType::Caa => {
            let parts: Vec<&str> = value.splitn(3, ' ').collect();
            let sound = matches!(parts[..], [flags, tag, said]
                if flags.parse::<u8>().is_ok()
                    && ["issue", "issuewild", "iodef"].contains(&tag)
                    && is_text(said));
            (sound, "such as 0 issue \"amazon.com\"")
        }
        RecordType::Srv => {
            let parts: Vec<&str> = value.split(' ').collect();
            let sound = parts.len() == 4 && parts[..3].iter().all(|it| it.parse::<u16>().is_ok());
            (sound && is_name(parts[3]), "such as 10 5 443 www.example.org")
        }
        RecordType::Ds
        | RecordType::Https
        | RecordType::Naptr
        | RecordType::Sshfp
        | RecordType::Svcb
        | RecordType::Tlsa => (value.contains(' '), "several fields with blanks between them"),
    };
    (!sound).then_some(form)
}

fn is_name(value: &str) -> bool {
    let name = value.strip_suffix('.').unwrap_or(value);
    name.len() <= 255 && name.split('.').all(|label| is_word(label, 63, "-_*"))
}

/// Texts in double quotes with blanks between them.
fn is_text(value: &str) -> bool {
    let mut rest = value.trim();
    while let Some(text) = rest.strip_prefix('"') {
        // A quote within is written with a backslash.
        let mut escaped = false;
        let end = text.find(|c: char| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        let Some(end) = end.filter(|end| *end <= 255) else { return false };
        rest = text[end + 1..].trim_start();
        if rest.is_empty() {
            return true;
        }
    }
    false
}

//! Amazon Route 53.

pub(crate) mod hosted_zone;
pub(crate) mod record;

use aws_sdk_route53::types::{ChangeInfo, ChangeStatus};

use crate::{
    aws::Aws,
    error::{Answer, IfFound},
    seen::Seen,
};

/// A name as it is compared: without a dot at its end, in small letters, and without the escapes
/// that the service writes for characters such as `*`.
fn bare(name: &str) -> String {
    let mut text = String::new();
    let mut rest = name.strip_suffix('.').unwrap_or(name);
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let digits = after.get(..3);
        match digits.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(code) => {
                text.push(code.into());
                rest = &after[3..];
            }
            None => {
                text.push('\\');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text.to_lowercase()
}

/// Remembers the change that a call began, until it is known to be done.
fn note(aws: &Aws, id: &str, change: Option<&ChangeInfo>) {
    let pending = change.filter(|change| change.status != ChangeStatus::Insync);
    aws.note_change(id, pending.map(|change| change.id.rsplit('/').next().unwrap_or_default()));
}

/// What was seen, ready when all servers answer with it. Only the change tells whether they do;
/// after a crash it is not known any more, and what Route 53 lists is taken for done.
async fn spread(aws: &Aws, seen: Seen) -> Answer<Seen> {
    let Some(change) = aws.change_of(&seen.id) else { return Ok(seen) };
    let told = aws.route53().get_change().id(change).send().await.if_found()?;
    let change = told.and_then(|told| told.change_info);
    note(aws, &seen.id, change.as_ref());
    let state = change.map_or(ChangeStatus::Insync, |change| change.status);
    Ok(seen.state(Some(state.as_str()), &["INSYNC"], &[], &[]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_as_dns_does() {
        assert_eq!(bare("\\052.Campus.example.org."), "*.campus.example.org");
        assert_eq!(bare("a\\b.example.org"), "a\\b.example.org");
    }
}

//! [`ReservedDomains`]: domains that nobody can own.

use super::{acm::Certificate, route53::HostedZone, ses::EmailIdentity};
use crate::{
    check::Check,
    dsl::ResourceType,
    graph::{Program, ProgramProblem},
    schema::TypeDef,
    value::Value,
};

/// Domains that are kept for examples and tests stand in no certificate, zone or sender: nobody can
/// show that they are theirs, so that AWS would wait for that until it gives up.
///
/// A check of programs that go to AWS itself; a server that stands in for it has no names.
#[derive(Clone, Copy, Debug)]
pub struct ReservedDomains;

/// What may not be at the end of a name, and who says so.
const RESERVED: [(&str, &str); 9] = [
    ("test", "RFC 2606 keeps `.test` for tests"),
    ("example", "RFC 2606 keeps `.example` for examples"),
    ("invalid", "RFC 2606 keeps `.invalid` for names that are none"),
    ("localhost", "RFC 2606 keeps `.localhost` for the machine itself"),
    ("local", "RFC 6762 keeps `.local` for networks without name servers"),
    ("example.com", "RFC 2606 keeps `example.com` for examples"),
    ("example.net", "RFC 2606 keeps `example.net` for examples"),
    ("example.org", "RFC 2606 keeps `example.org` for examples"),
    ("example.edu", "IANA keeps `example.edu` for examples"),
];

/// The properties that hold domains which somebody must own.
fn properties() -> [(&'static TypeDef, &'static str); 4] {
    [
        (Certificate::definition(), "domain_name"),
        (Certificate::definition(), "subject_alternative_names"),
        (HostedZone::definition(), "name"),
        (EmailIdentity::definition(), "email_identity"),
    ]
}

impl Check for ReservedDomains {
    fn name(&self) -> &str {
        "reserved-domains"
    }

    fn program(&self, program: &Program) -> Vec<ProgramProblem> {
        let properties = properties();
        let mut found = vec![];
        for node in &program.nodes {
            for (ty, name) in properties.iter().filter(|(ty, _)| ty.name == node.ty.name) {
                let Some(slot) = ty.slot(name) else { continue };
                let value = node.inputs.get(slot);
                let domains = match value {
                    Value::List(items) => items.iter().collect(),
                    value => vec![value],
                };
                let why = domains.into_iter().filter_map(Value::as_str).find_map(reserved);
                found.extend(why.map(|why| {
                    let message = format!("is nobody's: {why}, and AWS would wait in vain");
                    program.about_slot(node, slot, message).help(
                        "choose a domain that is yours, or try it without one on the simulator",
                    )
                }));
            }
        }
        found
    }
}

/// Why a domain, or that of an address, is nobody's.
fn reserved(name: &str) -> Option<&'static str> {
    let domain = name.rsplit('@').next().unwrap_or(name);
    let domain = domain.trim_end_matches('.').to_ascii_lowercase();
    let is_within = |end: &str| {
        domain.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    RESERVED.iter().find(|(end, _)| is_within(end)).map(|(_, why)| *why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{aws::EmailIdentityName, prelude::*};

    #[test]
    fn what_is_kept_for_examples_is_nobodys() {
        for name in [
            "example.com",
            "moodle.EXAMPLE.org.",
            "*.campus.test",
            "a.invalid",
            "localhost",
            "noreply@mail.example",
        ] {
            assert!(reserved(name).is_some(), "{name}");
        }
        for name in ["moodle-example.com", "example.de", "contest", "latest.org", "test.uni.edu"] {
            assert_eq!(reserved(name), None, "{name}");
        }
    }

    #[test]
    fn property_value_and_line_are_named() {
        let stack = Stack::new("campus", "test", Config::default()).unwrap();
        stack.check(ReservedDomains);
        Certificate::named("web")
            .domain_name("moodle.uni.edu")
            .subject_alternative_names(["www.uni.edu", "moodle.example.org"])
            .create(&stack);
        HostedZone::named("zone").name("campus.test").create(&stack);
        EmailIdentity::named("mail")
            .email_identity(EmailIdentityName::parse("uni.edu").unwrap())
            .create(&stack);
        let problems = stack.finish().problems;
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said[0].contains("`subject_alternative_names`"), "{}", said[0]);
        assert!(said[0].contains("moodle.example.org"), "{}", said[0]);
        assert!(said[1].contains("`name` \"campus.test\" is nobody's"), "{}", said[1]);
        assert!(problems.iter().all(|problem| problem.help.is_some()));
        assert!(problems.iter().all(|problem| problem.at[0].file().ends_with("reserved.rs")));
    }
}

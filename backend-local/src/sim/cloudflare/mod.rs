//! What is special about Cloudflare's types.
//!
//! The simulated account has a zone for every domain that it is asked for, on the plan that it is
//! asked for: what a plan does not allow is told by the check of the program
//! (`infra_core::cloudflare::checks`), before anything gets here.

use super::{
    names::is_word,
    refusal::{Codes, Refusal},
    special::Special,
};

/// How Cloudflare calls errors that are about no one part of it.
const CODES: Codes =
    Codes { not_found: "7003", not_ready: "1004", exists: "1004", in_use: "1004", quota: "1004" };

specials! {
    dns {
        record,
    }
    ips {
        address_ranges,
    }
    origin_tls {
        authenticated_origin_pulls, certificate,
    }
    rulesets {
        ruleset,
    }
    zones {
        settings, zone,
    }
}

/// A name of the DNS: labels of 1 to 63 characters, 253 in all; `*` may stand for the first one.
fn check_name(property: &str, code: &str, name: &str) -> Result<(), Refusal> {
    let sound =
        |(place, label): (usize, &str)| is_word(label, 63, "-_") || place == 0 && label == "*";
    let labels = name.split('.').count();
    if name.len() <= 253 && labels > 1 && name.split('.').enumerate().all(sound) {
        return Ok(());
    }
    let message = format!(
        "`{property}` {name:?} is no whole name: up to 253 characters, in labels of 1 to 63 \
         letters, digits, `-` and `_` between dots, such as moodle.example.org"
    );
    Err(Refusal::invalid(property, code, message))
}

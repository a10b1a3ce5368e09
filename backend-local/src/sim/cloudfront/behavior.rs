//! What AWS refuses of behaviours, answers to errors, and what policies select.

use std::collections::BTreeSet;

use infra_core::aws::cloudfront::{
    AllowedMethods, CacheBehaviorArgs, CustomErrorResponseArgs, PathBehaviorArgs, SelectionArgs,
};

use super::distribution::INVALID;
use crate::sim::{names::is_word, refusal::Refusal, special::Special};

/// Structures alone: no type of its own.
pub(in crate::sim) const SPECIALS: [&dyn Special; 0] = [];

/// AWS: "Cache behaviors per distribution", adjustable.
const BEHAVIORS: usize = 75;
/// AWS: names of headers, cookies or arguments of a policy, adjustable.
const NAMES: usize = 10;
/// Errors that there may be another answer to.
const ERRORS: [u16; 11] = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

fn refused(property: &str, code: &str, message: String) -> Result<(), Refusal> {
    Err(Refusal::invalid(property, code, message))
}

/// Behaviours name origins that are there; each path is told of once.
pub(super) fn check(
    default: &CacheBehaviorArgs,
    others: &[PathBehaviorArgs],
    origins: &BTreeSet<&str>,
) -> Result<(), Refusal> {
    check_one("default_cache_behavior", default, origins)?;
    if others.len() > BEHAVIORS {
        let quota = Refusal::quota("behaviours of a distribution", BEHAVIORS);
        return Err(quota.coded("TooManyCacheBehaviors"));
    }
    let mut seen = BTreeSet::new();
    for (place, other) in others.iter().enumerate() {
        let path = format!("cache_behaviors[{place}]");
        let pattern = other.path_pattern.as_str();
        if !is_word(pattern, 255, "_-.*?$/~\"'@:+&") {
            let message = format!(
                "`{path}.path_pattern` {pattern:?} must have 1 to 255 letters, digits and \
                 _-.*?$/~\"'@:+&"
            );
            return refused("cache_behaviors", INVALID, message);
        }
        if !seen.insert(pattern) {
            let message = format!("`{path}.path_pattern` {pattern} stands twice");
            return refused("cache_behaviors", INVALID, message);
        }
        check_one(&path, &other.behavior, origins)?;
    }
    Ok(())
}

fn check_one(
    path: &str,
    behavior: &CacheBehaviorArgs,
    origins: &BTreeSet<&str>,
) -> Result<(), Refusal> {
    let origin = behavior.target_origin_id.as_str();
    if !origins.contains(origin) {
        let known: Vec<&str> = origins.iter().copied().collect();
        let message = format!(
            "`{path}` asks the origin `{origin}`, which `origins` does not have; it has {}",
            known.join(", ")
        );
        return refused(path, "NoSuchOrigin", message);
    }
    if behavior.cache_options && behavior.allowed_methods == AllowedMethods::Read {
        let message = format!("`{path}` caches OPTIONS and does not allow it");
        return refused(path, INVALID, message);
    }
    Ok(())
}

pub(super) fn check_errors(errors: &[CustomErrorResponseArgs]) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    for (place, error) in errors.iter().enumerate() {
        let path = format!("custom_error_responses[{place}]");
        let code = error.error_code;
        let wrong = if !ERRORS.contains(&code) {
            Some(format!("{code} is no error that there may be another answer to"))
        } else if !seen.insert(code) {
            Some(format!("{code} stands twice"))
        } else if error.response_code.is_some() != error.response_page_path.is_some() {
            Some("`response_code` and `response_page_path` go together".to_owned())
        } else if error.response_page_path.as_ref().is_some_and(|page| !page.starts_with('/')) {
            Some("`response_page_path` does not begin with /".to_owned())
        } else {
            error
                .response_code
                .filter(|code| *code != 200 && !ERRORS.contains(code))
                .map(|code| format!("{code} can't be answered"))
        };
        if let Some(wrong) = wrong {
            return refused("custom_error_responses", INVALID, format!("`{path}`: {wrong}"));
        }
    }
    Ok(())
}

/// Names that a policy selects.
pub(super) fn check_names(property: &str, names: &[String]) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    let count = names.len();
    if !(1..=NAMES).contains(&count) {
        let message = format!("`{property}` has {count} names; 1 to {NAMES} are allowed");
        return refused(property, INVALID, message);
    }
    match names.iter().find(|name| name.is_empty() || !seen.insert(name.to_ascii_lowercase())) {
        Some(name) => {
            refused(property, INVALID, format!("`{property}` {name:?} is empty or stands twice"))
        }
        None => Ok(()),
    }
}

pub(super) fn check_selection(
    property: &str,
    selection: Option<SelectionArgs>,
) -> Result<(), Refusal> {
    match selection {
        Some(SelectionArgs::Only(names) | SelectionArgs::Except(names)) => {
            check_names(property, &names)
        }
        Some(SelectionArgs::None(_) | SelectionArgs::All(_)) | None => Ok(()),
    }
}

/// The name of a policy, an access control or a VPC origin.
pub(super) fn check_name(name: &str, length: usize) -> Result<(), Refusal> {
    if is_word(name, length, "-_") {
        return Ok(());
    }
    let message = format!("`name` {name:?} must have 1 to {length} letters, digits, hyphens and _");
    refused("name", INVALID, message)
}

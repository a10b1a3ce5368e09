//! What policies select, as CloudFront takes and tells it: a word, and names.

use aws_sdk_cloudfront::types::{CookieNames, Headers, QueryStringNames};
use infra_core::aws::cloudfront::{HeaderSelectionArgs, NothingArgs, SelectionArgs};

use super::counted;

/// The word for a selection, and the names in it.
pub(super) fn word(selection: &SelectionArgs) -> (&'static str, Option<&[String]>) {
    match selection {
        SelectionArgs::None(_) => ("none", None),
        SelectionArgs::Only(names) => ("whitelist", Some(names)),
        SelectionArgs::Except(names) => ("allExcept", Some(names)),
        SelectionArgs::All(_) => ("all", None),
    }
}

/// The word for a selection of headers, and the names in it.
pub(super) fn header_word(selection: &HeaderSelectionArgs) -> (&'static str, Option<&[String]>) {
    match selection {
        HeaderSelectionArgs::None(_) => ("none", None),
        HeaderSelectionArgs::Only(names) => ("whitelist", Some(names)),
        HeaderSelectionArgs::AllViewer(_) => ("allViewer", None),
        HeaderSelectionArgs::AllViewerAndCloudFront(names) => {
            ("allViewerAndWhitelistCloudFront", Some(names))
        }
        HeaderSelectionArgs::AllViewerExcept(names) => ("allExcept", Some(names)),
    }
}

pub(super) fn cookies(names: Option<&[String]>) -> Option<CookieNames> {
    names.map(|names| counted!(CookieNames, names.to_vec()))
}

pub(super) fn arguments(names: Option<&[String]>) -> Option<QueryStringNames> {
    names.map(|names| counted!(QueryStringNames, names.to_vec()))
}

pub(super) fn headers(names: Option<&[String]>) -> Option<Headers> {
    names.map(|names| counted!(Headers, names.to_vec()))
}

/// A selection as CloudFront tells it.
pub(super) fn told(word: &str, names: &[String]) -> Option<SelectionArgs> {
    Some(match word {
        "none" => SelectionArgs::None(NothingArgs {}),
        "whitelist" => SelectionArgs::Only(names.to_vec()),
        "allExcept" => SelectionArgs::Except(names.to_vec()),
        "all" => SelectionArgs::All(NothingArgs {}),
        _ => return None,
    })
}

/// A selection of headers as CloudFront tells it.
pub(super) fn headers_told(word: &str, names: &[String]) -> Option<HeaderSelectionArgs> {
    Some(match word {
        "none" => HeaderSelectionArgs::None(NothingArgs {}),
        "whitelist" => HeaderSelectionArgs::Only(names.to_vec()),
        "allViewer" => HeaderSelectionArgs::AllViewer(NothingArgs {}),
        "allViewerAndWhitelistCloudFront" => {
            HeaderSelectionArgs::AllViewerAndCloudFront(names.to_vec())
        }
        "allExcept" => HeaderSelectionArgs::AllViewerExcept(names.to_vec()),
        _ => return None,
    })
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

/// A selection with its names in one order: theirs means nothing.
pub(super) fn normal(selection: SelectionArgs) -> SelectionArgs {
    match selection {
        SelectionArgs::Only(names) => SelectionArgs::Only(sorted(names)),
        SelectionArgs::Except(names) => SelectionArgs::Except(sorted(names)),
        other => other,
    }
}

/// The same for headers.
pub(super) fn normal_headers(selection: HeaderSelectionArgs) -> HeaderSelectionArgs {
    use HeaderSelectionArgs as H;
    match selection {
        H::Only(names) => H::Only(sorted(names)),
        H::AllViewerAndCloudFront(names) => H::AllViewerAndCloudFront(sorted(names)),
        H::AllViewerExcept(names) => H::AllViewerExcept(sorted(names)),
        other => other,
    }
}

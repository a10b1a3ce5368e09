//! Types of one's own, declared wrongly.

use infra_core::{prelude::*, props, resource};

/// A property whose attribute has a slip.
#[resource("test:t:Box")]
pub struct Box {
    /// Replaces.
    #[prop(replaces)]
    pub label: String,
    /// The id.
    #[output(id = "box-", at = exists)]
    pub box_id: String,
}

/// A structure without names.
#[props]
pub struct Pair(String, String);

/// A type whose name has no service.
#[resource("Shelf")]
pub struct Shelf {
    /// The id.
    #[output(id = "shelf-", at = exists)]
    pub shelf_id: String,
}

fn main() {
    let _ = Tags::default();
}

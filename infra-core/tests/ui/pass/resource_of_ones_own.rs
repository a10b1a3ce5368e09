//! Types of one's own.

#![deny(missing_docs)]

use infra_core::{prelude::*, props, resource};

infra_core::ids! {
    /// The id of a [`Shelf`].
    ShelfId: hex "shelf-" => "test:t:Shelf";
}

/// A shelf.
#[resource("test:t:Shelf", create = "5s")]
pub struct Shelf {
    /// How it is called.
    #[prop(replace)]
    pub label: String,
    /// Its boards.
    #[prop(default)]
    pub boards: Vec<Board>,
    /// The shelf that it stands on.
    pub under: Option<ShelfId>,
    /// The id.
    #[output(id = "shelf-", at = exists)]
    pub shelf_id: ShelfId,
}

/// A board of a shelf.
#[props]
pub struct Board {
    /// In millimetres.
    pub width: u32,
    /// What it is made of.
    #[prop(default = Material::Oak)]
    pub material: Material,
}

/// What a board is made of.
#[props]
pub enum Material {
    /// Wood.
    Oak,
    /// Metal.
    Steel,
}

fn main() {
    let stack = Stack::new("campus", "test", Config::default()).unwrap();
    let lower = Shelf::named("lower").label("books").create(&stack);
    Shelf::named("upper")
        .label("maps")
        .under(&lower)
        .boards([Board::new(800_u32), Board::new(600_u32).material(Material::Steel)])
        .create(&stack);
    let program = stack.finish();
    assert!(program.problems.is_empty(), "{:?}", program.problems);
}

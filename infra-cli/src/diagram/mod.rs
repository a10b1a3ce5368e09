//! Pictures of a program.

mod dot;
mod mermaid;
mod part;
mod svg;

pub(crate) use dot::dot;
pub(crate) use mermaid::mermaid;
pub(crate) use part::Part;
pub(crate) use svg::svg;

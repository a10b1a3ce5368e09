//! Pictures of a program.

mod dot;
mod mermaid;
mod svg;

pub(crate) use dot::dot;
pub(crate) use mermaid::mermaid;
pub(crate) use svg::svg;

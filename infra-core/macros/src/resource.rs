//! `#[resource]`, `#[lookup]`, `#[task]`.
//!
//! `resource/parse.rs` reads what they say; each of the other files writes one part of what is
//! made of it.

mod args;
mod builder;
mod definition;
mod handle;
mod parse;

use proc_macro2::TokenStream;
use syn::{Error, Expr, Ident, ItemStruct, LitStr, Result};

use crate::{attr, field::Prop};

/// Which of the three macros is at work.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Resource,
    Lookup,
    Task,
}

pub(crate) fn expand(attr: TokenStream, item: TokenStream, kind: Kind) -> Result<TokenStream> {
    let item: ItemStruct = syn::parse2(item)?;
    let (name, options) = attr::text_then_options(attr)?;
    let resource = Resource::parse(item, name, kind, &options)?;
    let parts = [
        resource.handle(),
        resource.builder(),
        resource.args(),
        resource.outputs(),
        resource.type_impl(),
    ];
    Ok(parts.into_iter().collect())
}

struct Resource {
    kind: Kind,
    name: LitStr,
    ident: Ident,
    vis: syn::Visibility,
    attrs: Vec<syn::Attribute>,
    doc: String,
    /// Inputs, then outputs: the place is the slot.
    props: Vec<Prop>,
    key: Vec<Ident>,
    find: Option<Ident>,
    unique: Vec<Vec<Ident>>,
    /// Properties that exclude each other, and whether one has to be given.
    choices: Vec<(Vec<Ident>, bool)>,
    delete_first: bool,
    create: u64,
    update: u64,
    delete: u64,
    timeout: u64,
    holds_data: bool,
    protection: Option<(Ident, Expr)>,
    after: Vec<TokenStream>,
    version: Option<Expr>,
    migrate: Option<Expr>,
}

impl Resource {
    fn slot(&self, name: &Ident) -> Result<u16> {
        let place = self.props.iter().position(|prop| prop.name == *name);
        place
            .map(|place| place as u16)
            .ok_or_else(|| Error::new(name.span(), format!("there is no property `{name}`")))
    }

    fn slots(&self, names: &[Ident]) -> Result<Vec<u16>> {
        names.iter().map(|name| self.slot(name)).collect()
    }

    fn inputs(&self) -> impl Iterator<Item = (u16, &Prop)> {
        (0..).zip(&self.props).filter(|(_, prop)| !prop.output)
    }

    fn required(&self) -> Vec<&Prop> {
        self.props.iter().filter(|prop| prop.required()).collect()
    }
}

//! Reading what the attribute says.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, Expr, Ident, ItemStruct, LitStr, Result, Token, parse::Parser};

use super::{Kind, Resource};
use crate::{
    attr::{self, Arg, Opt},
    field::Prop,
};

const OPTIONS: &str = "key, find, unique, exclusive, one_of, delete_first, create, update, delete, timeout, holds_data, protection, after, version, migrate";

impl Resource {
    pub(super) fn parse(
        item: ItemStruct,
        name: LitStr,
        kind: Kind,
        options: &[Opt],
    ) -> Result<Self> {
        check_name(&name)?;
        let (attrs, doc) = attr::docs(&item.attrs);
        let mut props: Vec<Prop> =
            item.fields.into_iter().map(Prop::parse).collect::<Result<_>>()?;
        props.sort_by_key(|prop| prop.output);
        if props.len() > 128 {
            return Err(Error::new(
                item.ident.span(),
                "a type has 128 properties and outputs at most",
            ));
        }
        let mut resource = Self {
            kind,
            name,
            ident: item.ident,
            vis: item.vis,
            attrs,
            doc,
            props,
            key: vec![],
            find: None,
            unique: vec![],
            choices: vec![],
            delete_first: false,
            create: 0,
            update: 0,
            delete: 0,
            timeout: 3_600_000,
            holds_data: false,
            protection: None,
            after: vec![],
            version: None,
            migrate: None,
        };
        options.iter().try_for_each(|option| resource.option(option))?;
        Ok(resource)
    }

    fn option(&mut self, option: &Opt) -> Result<()> {
        match option.name.to_string().as_str() {
            "key" => self.key = option.names()?,
            "find" => self.find = Some(option.word()?),
            "unique" => self.unique.push(option.names()?),
            "exclusive" => self.choices.push((option.names()?, false)),
            "one_of" => self.choices.push((option.names()?, true)),
            "create" => self.create = option.millis()?,
            "update" => self.update = option.millis()?,
            "delete" => self.delete = option.millis()?,
            "timeout" => self.timeout = option.millis()?,
            "holds_data" => self.holds_data = true,
            "delete_first" => self.delete_first = true,
            "protection" => self.protection = Some(protection(option)?),
            "after" => self.after.push(after(option)?),
            "version" | "migrate" => {
                let Arg::Value(value) = &option.arg else {
                    return Err(option.error("expected a value"));
                };
                let place =
                    if option.is("version") { &mut self.version } else { &mut self.migrate };
                *place = Some(value.clone());
            }
            _ => return Err(attr::unknown(option, OPTIONS)),
        }
        Ok(())
    }
}

/// The provider's kind is taken from the name, and the folder of a type from its service.
fn check_name(name: &LitStr) -> Result<()> {
    let text = name.value();
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() == 3 && parts.iter().all(|part| !part.is_empty()) {
        return Ok(());
    }
    Err(Error::new_spanned(name, "a type is named `provider:service:Type`: \"aws:ec2:Vpc\""))
}

fn protection(option: &Opt) -> Result<(Ident, Expr)> {
    let Arg::List(tokens) = &option.arg else {
        return Err(option.error("expected `protection(property = value)`"));
    };
    let parser = |input: syn::parse::ParseStream<'_>| {
        let name: Ident = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok((name, input.parse::<Expr>()?))
    };
    parser.parse2(tokens.clone())
}

fn after(option: &Opt) -> Result<TokenStream> {
    let Arg::List(tokens) = &option.arg else {
        return Err(option.error("expected `after(\"type\", this = \"path\", that = \"path\", …)`"));
    };
    let (that, options) = attr::text_then_options(tokens.clone())?;
    let (mut this_path, mut that_path, mut why) = (None, None, None);
    let mut needs = quote!(::infra_core::schema::Level::Ready);
    for inner in &options {
        match inner.name.to_string().as_str() {
            "this" => this_path = Some(inner.text()?),
            "that" => that_path = Some(inner.text()?),
            "why" => why = Some(inner.text()?),
            "needs" => needs = attr::level(inner)?,
            _ => return Err(attr::unknown(inner, "this, that, needs, why")),
        }
    }
    let (Some(this_path), Some(that_path), Some(why)) = (this_path, that_path, why) else {
        return Err(option.error("`this`, `that` and `why` are required"));
    };
    Ok(quote! {
        ::infra_core::schema::ImplicitEdge {
            that: #that,
            this_path: #this_path,
            that_path: #that_path,
            needs: #needs,
            why: #why,
        }
    })
}

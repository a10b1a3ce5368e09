//! The table that the engine knows the type by.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Error, Ident, Result};

use super::{Kind, Resource};
use crate::field::Prop;

impl Resource {
    pub(super) fn definition(&self) -> Result<TokenStream> {
        let Self {
            ident, name, doc, create, update, delete, holds_data, delete_first, after, ..
        } = self;
        let kind = format_ident!(
            "{}",
            match self.kind {
                Kind::Resource => "Resource",
                Kind::Lookup => "Lookup",
                Kind::Task => "Task",
            }
        );
        let props = self.props.iter().map(Prop::prop_def);
        let count = self.props.len();
        let (identity, find) = (self.identity()?, self.find_variant()?);
        let arn = self.arn();
        let (unique, choices) = (self.unique()?, self.choices()?);
        let name_rule = self.name_rule();
        let tags = self.props.iter().position(|prop| prop.name == "tags" && !prop.output);
        let tags = option(tags.map(|slot| slot as u16).map(|slot| quote!(#slot)));
        let protection = self.protection()?;
        let version = self.version.as_ref().map_or_else(|| quote!(1), |version| quote!(#version));
        let migrate = option(self.migrate.as_ref().map(|migrate| quote!(#migrate)));
        let timeout = self.timeout / 1000;
        Ok(quote! {
            static PROPS: [::infra_core::schema::PropDef; #count] = [#(#props),*];
            static DEFINITION: ::infra_core::schema::TypeDef = ::infra_core::schema::TypeDef {
                name: #name,
                doc: #doc,
                ident: ::std::stringify!(#ident),
                module: ::std::module_path!(),
                kind: ::infra_core::schema::TypeKind::#kind,
                version: #version,
                migrate: #migrate,
                props: &PROPS,
                identity: #identity,
                arn: #arn,
                find: ::infra_core::schema::Find::#find,
                unique: &[#(&[#(#unique),*]),*],
                choices: &[#(#choices),*],
                delete_first: #delete_first,
                name_rule: #name_rule,
                tags: #tags,
                holds_data: #holds_data,
                protection: #protection,
                durations: ::infra_core::schema::Durations {
                    create: #create,
                    update: #update,
                    delete: #delete,
                },
                after: &[#(#after),*],
                timeout_secs: #timeout,
            };
            &DEFINITION
        })
    }

    fn identity(&self) -> Result<TokenStream> {
        let key = self.slots(&self.key)?;
        if !key.is_empty() {
            return Ok(quote!(::infra_core::schema::Identity::Key { slots: &[#(#key),*] }));
        }
        let found = (0_u16..).zip(&self.props).find(|(_, prop)| prop.id);
        let Some((slot, prop)) = found else {
            if self.kind == Kind::Resource {
                let message = "which property is the id? mark an output `#[output(id = \"x-\")]`, a \
                               property `#[prop(id)]`, or say `key(..)`";
                return Err(Error::new(self.ident.span(), message));
            }
            return Ok(quote!(::infra_core::schema::Identity::Key { slots: &[] }));
        };
        let identity = match (&prop.id_form, &prop.arn) {
            (Some(form), _) => quote!(Generated { form: #form, slot: #slot }),
            (None, Some(_)) => quote!(Arn { slot: #slot }),
            (None, None) if prop.output => {
                return Err(Error::new(
                    prop.name.span(),
                    "an id that the cloud invents has a form: `id = \"x-\"`, `id(uuid)` or \
                     `id(digits)`",
                ));
            }
            (None, None) => quote!(Named { slot: #slot }),
        };
        Ok(quote!(::infra_core::schema::Identity::#identity))
    }

    fn find_variant(&self) -> Result<Ident> {
        let Some(find) = &self.find else {
            let named = self.props.iter().any(|prop| prop.id && !prop.output);
            let variant = match (named, self.key.is_empty()) {
                (true, _) => "Name",
                (_, false) => "Key",
                _ => "Tag",
            };
            return Ok(format_ident!("{variant}"));
        };
        let variant = match find.to_string().as_str() {
            "token" => "Token",
            "tag" => "Tag",
            "name" => "Name",
            "key" => "Key",
            _ => return Err(Error::new(find.span(), "expected token, tag, name or key")),
        };
        Ok(Ident::new(variant, find.span()))
    }

    fn arn(&self) -> TokenStream {
        let found =
            (0_u16..).zip(&self.props).find_map(|(slot, prop)| Some((slot, prop.arn.as_ref()?)));
        option(found.map(|(slot, template)| {
            quote!(::infra_core::schema::ArnDef { slot: #slot, template: #template })
        }))
    }

    /// The unique sets; what identifies a resource is one by itself.
    fn unique(&self) -> Result<Vec<Vec<u16>>> {
        let mut sets: Vec<Vec<u16>> =
            self.unique.iter().map(|names| self.slots(names)).collect::<Result<_>>()?;
        let key = self.slots(&self.key)?;
        let id = (0_u16..).zip(&self.props).find(|(_, prop)| prop.id && !prop.output);
        let own = if key.is_empty() { id.map(|(slot, _)| vec![slot]) } else { Some(key) };
        if let Some(own) = own
            && !sets.contains(&own)
        {
            sets.insert(0, own);
        }
        Ok(sets)
    }

    fn choices(&self) -> Result<Vec<TokenStream>> {
        let choices = self.choices.iter().map(|(names, required)| {
            let slots = self.slots(names)?;
            Ok(quote!(::infra_core::schema::Choice { slots: &[#(#slots),*], required: #required }))
        });
        choices.collect()
    }

    fn name_rule(&self) -> TokenStream {
        let found = (0_u16..)
            .zip(&self.props)
            .find_map(|(slot, prop)| Some((slot, prop.name_rule.as_ref()?)));
        option(found.map(|(slot, (max, style))| {
            quote!(::infra_core::schema::NameRule {
                slot: #slot,
                max: #max,
                style: ::infra_core::schema::NameStyle::#style,
            })
        }))
    }

    fn protection(&self) -> Result<TokenStream> {
        let Some((name, value)) = &self.protection else { return Ok(option(None)) };
        let slot = self.slot(name)?;
        let inner = &self.props[usize::from(slot)].inner;
        Ok(option(Some(quote! {
            (#slot, || ::infra_core::dsl::IntoInput::<#inner>::into_input(#value).into_value())
        })))
    }
}

fn option(tokens: Option<TokenStream>) -> TokenStream {
    match tokens {
        Some(tokens) => quote!(::std::option::Option::Some(#tokens)),
        None => quote!(::std::option::Option::None),
    }
}

//! `#[props]` on a struct: a nested structure.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, Item, ItemStruct, Result};

use crate::{
    attr, choice,
    field::{Items, Prop},
};

pub(crate) fn expand(attr: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let options = attr::options(attr)?;
    match syn::parse2::<Item>(item)? {
        Item::Struct(item) => {
            if let Some(option) = options.first() {
                return Err(attr::unknown(option, "none on a struct"));
            }
            structure(item)
        }
        Item::Enum(item) => choice::expand(item, &options),
        other => Err(syn::Error::new_spanned(other, "`#[props]` goes on a struct or an enum")),
    }
}

fn structure(item: ItemStruct) -> Result<TokenStream> {
    let (attrs, _) = attr::docs(&item.attrs);
    let (ident, vis) = (&item.ident, &item.vis);
    let props: Vec<Prop> = item.fields.into_iter().map(Prop::parse).collect::<Result<_>>()?;
    let required: Vec<&Prop> = props.iter().filter(|prop| prop.required()).collect();
    let new = constructor(ident, &required);
    let setters = props.iter().filter(|prop| !prop.required()).map(setters);
    let args = format_ident!("{ident}Args");
    let args_doc = format!("The resolved form of a [`{ident}`]: what handlers get.");
    let args_fields = props.iter().map(|prop| {
        let Prop { name, attrs, .. } = prop;
        let ty = prop.args_ty();
        quote!(#(#attrs)* pub #name: #ty,)
    });
    let decoded = props.iter().map(|prop| {
        let (name, text, ty) = (&prop.name, prop.name.to_string(), prop.decoded_ty());
        quote!(#name: ::infra_core::types::decode_field::<#ty>(value, #text)?,)
    });
    let encoded = props.iter().map(|prop| {
        let (name, text) = (&prop.name, prop.name.to_string());
        quote!((#text, ::infra_core::types::IntoValue::into_value(self.#name)))
    });
    let fields = props.iter().map(Prop::field_def);
    let (count, name) = (props.len(), ident.to_string());
    Ok(quote! {
        #(#attrs)*
        #[must_use = "a structure does something once it is given to a property"]
        #[derive(Clone, Debug)]
        #vis struct #ident(::infra_core::dsl::Fields);

        impl #ident {
            #new
            #(#setters)*
        }

        #[doc = #args_doc]
        #[derive(Clone, Debug, PartialEq)]
        #vis struct #args {
            #(#args_fields)*
        }

        impl ::infra_core::types::PropertyType for #ident {
            type Resolved = #args;
            const SHAPE: ::infra_core::schema::Shape = {
                static FIELDS: [::infra_core::schema::FieldDef; #count] = [#(#fields),*];
                static DEFINITION: ::infra_core::schema::StructDef =
                    ::infra_core::schema::StructDef {
                        name: #name,
                        fields: &FIELDS,
                        module: ::std::module_path!(),
                    };
                ::infra_core::schema::Shape::Struct(&DEFINITION)
            };

            fn decode(
                value: &::infra_core::value::Value,
            ) -> ::std::result::Result<#args, ::infra_core::types::DecodeError> {
                let value = &value.expose();
                if !matches!(value, ::infra_core::value::Value::Map(_)) {
                    return ::std::result::Result::Err(
                        ::infra_core::types::DecodeError::new(&Self::SHAPE, value),
                    );
                }
                ::std::result::Result::Ok(#args { #(#decoded)* })
            }
        }

        impl ::infra_core::types::IntoValue for #args {
            type Property = #ident;

            fn into_value(self) -> ::infra_core::value::Value {
                ::infra_core::types::structure([#(#encoded),*])
            }
        }

        #[diagnostic::do_not_recommend]
        impl ::infra_core::dsl::IntoInput<#ident> for #ident {
            fn into_input(self) -> ::infra_core::dsl::Input<#ident> {
                ::infra_core::dsl::Input::from_value(self.0.into_value())
            }
        }
    })
}

fn constructor(ident: &Ident, required: &[&Prop]) -> TokenStream {
    let names: Vec<&Ident> = required.iter().map(|prop| &prop.name).collect();
    let texts = names.iter().map(|name| name.to_string());
    let types = required.iter().map(|prop| &prop.inner);
    let doc = match names.len() {
        0 => format!("An empty [`{ident}`]; everything in it may be left out."),
        _ => format!("A [`{ident}`] with what it must have."),
    };
    let default = if names.is_empty() {
        quote! { #[allow(clippy::new_without_default)] }
    } else {
        quote!()
    };
    quote! {
        #[doc = #doc]
        #default
        #[allow(clippy::too_many_arguments)]
        pub fn new(#(#names: impl ::infra_core::dsl::IntoInput<#types>),*) -> Self {
            #[allow(unused_mut)]
            let mut fields = ::infra_core::dsl::Fields::default();
            #(fields.set(#texts, #names.into_input());)*
            Self(fields)
        }
    }
}

fn setters(prop: &Prop) -> TokenStream {
    let Prop { name, inner, attrs, .. } = prop;
    let text = name.to_string();
    let (maybe, push) = (format_ident!("maybe_{name}"), format_ident!("{name}_push"));
    let maybe_doc = format!("[`{name}`](Self::{name}), or nothing.");
    let add_doc = format!("Adds one to [`{name}`](Self::{name}).");
    let add = match prop.items() {
        Some(Items::List(item)) => quote! {
            #[doc = #add_doc]
            pub fn #push(mut self, item: impl ::infra_core::dsl::IntoInput<#item>) -> Self {
                self.0.push(#text, item.into_input());
                self
            }
        },
        Some(Items::Map(item)) => quote! {
            #[doc = #add_doc]
            pub fn #push(mut self, key: &str, value: impl ::infra_core::dsl::IntoInput<#item>) -> Self {
                self.0.insert(#text, key, value.into_input());
                self
            }
        },
        None => quote!(),
    };
    quote! {
        #(#attrs)*
        pub fn #name(mut self, value: impl ::infra_core::dsl::IntoInput<#inner>) -> Self {
            self.0.set(#text, value.into_input());
            self
        }

        #[doc = #maybe_doc]
        pub fn #maybe(mut self, value: impl ::infra_core::dsl::IntoOptionalInput<#inner>) -> Self {
            self.0.set(#text, value.into_optional_input());
            self
        }

        #add
    }
}

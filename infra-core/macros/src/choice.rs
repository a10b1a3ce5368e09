//! `#[props]` on an enum: a closed set of words, or a choice of structures.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Error, Fields, Ident, ItemEnum, LitStr, Result, Type, Variant};

use crate::{
    attr::{self, Opt},
    field::leaf,
    words,
};

pub(crate) fn expand(item: ItemEnum, options: &[Opt]) -> Result<TokenStream> {
    if item.variants.iter().all(|variant| matches!(variant.fields, Fields::Unit)) {
        return closed_set(&item, options);
    }
    if let Some(option) = options.first() {
        return Err(attr::unknown(option, "none on an enum whose variants hold structures"));
    }
    choice(&item)
}

fn closed_set(item: &ItemEnum, options: &[Opt]) -> Result<TokenStream> {
    let mut case: fn(&str) -> String = str::to_owned;
    for option in options {
        if !option.is("words") {
            return Err(attr::unknown(option, "words"));
        }
        let text = option.text()?;
        case = match text.value().as_str() {
            "UPPER" => words::upper,
            "lower" => |name| words::snake(name).replace('_', ""),
            "kebab" => words::kebab,
            "exact" => str::to_owned,
            _ => return Err(Error::new(text.span(), "expected UPPER, lower, kebab or exact")),
        };
    }
    let (attrs, _) = attr::docs(&item.attrs);
    let (ident, vis) = (&item.ident, &item.vis);
    let variants: Vec<&Ident> = item.variants.iter().map(|variant| &variant.ident).collect();
    let docs = item.variants.iter().map(|variant| attr::docs(&variant.attrs).0);
    let spelled: Vec<LitStr> =
        item.variants.iter().map(|variant| spelling(variant, case)).collect::<Result<_>>()?;
    let (name, count) = (ident.to_string(), variants.len());
    Ok(quote! {
        #(#attrs)*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #vis enum #ident {
            #(#(#docs)* #variants,)*
        }

        impl #ident {
            /// All of them.
            pub const ALL: [Self; #count] = [#(Self::#variants),*];

            /// The word as AWS spells it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { #(Self::#variants => #spelled,)* }
            }
        }

        impl ::std::fmt::Display for #ident {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::infra_core::types::PropertyType for #ident {
            type Resolved = Self;
            const SHAPE: ::infra_core::schema::Shape = {
                static DEFINITION: ::infra_core::schema::EnumDef =
                    ::infra_core::schema::EnumDef {
                        name: #name,
                        words: &[#(#spelled),*],
                        variants: &[#(::std::stringify!(#variants)),*],
                        module: ::std::module_path!(),
                    };
                ::infra_core::schema::Shape::Enum(&DEFINITION)
            };

            fn decode(
                value: &::infra_core::value::Value,
            ) -> ::std::result::Result<Self, ::infra_core::types::DecodeError> {
                let word = value.as_str();
                let found = Self::ALL.into_iter().find(|known| word == ::std::option::Option::Some(known.as_str()));
                found.ok_or_else(|| ::infra_core::types::DecodeError::new(&Self::SHAPE, value))
            }
        }

        impl ::infra_core::types::IntoValue for #ident {
            type Property = Self;

            fn into_value(self) -> ::infra_core::value::Value {
                self.as_str().into()
            }
        }

        #[diagnostic::do_not_recommend]
        impl ::infra_core::dsl::IntoInput<#ident> for #ident {
            fn into_input(self) -> ::infra_core::dsl::Input<#ident> {
                ::infra_core::dsl::Input::from_value(self.as_str().into())
            }
        }
    })
}

/// How a word is spelled: as `#[prop("…")]` says, else by the case of all.
fn spelling(variant: &Variant, case: fn(&str) -> String) -> Result<LitStr> {
    for attr in &variant.attrs {
        if attr.path().is_ident("prop") {
            return attr.parse_args();
        }
    }
    Ok(LitStr::new(&case(&variant.ident.to_string()), variant.ident.span()))
}

fn choice(item: &ItemEnum) -> Result<TokenStream> {
    let (attrs, _) = attr::docs(&item.attrs);
    let (ident, vis) = (&item.ident, &item.vis);
    let args = format_ident!("{ident}Args");
    let args_doc = format!("The resolved form of a [`{ident}`]: what handlers get.");
    let (mut makers, mut defs, mut variants, mut decoded, mut encoded) =
        (vec![], vec![], vec![], vec![], vec![]);
    for variant in &item.variants {
        let (docs, doc) = attr::docs(&variant.attrs);
        let inner = only_field(variant)?;
        let (camel, tag) = (&variant.ident, words::snake(&variant.ident.to_string()));
        let (maker, leaf) = (format_ident!("{tag}"), leaf(inner));
        makers.push(quote! {
            #(#docs)*
            pub fn #maker(value: impl ::infra_core::dsl::IntoInput<#inner>) -> Self {
                Self(::infra_core::value::Value::map([(#tag, value.into_input().into_value())]))
            }
        });
        defs.push(quote! {
            ::infra_core::schema::VariantDef {
                name: #tag,
                doc: #doc,
                shape: <#inner as ::infra_core::types::PropertyType>::SHAPE,
                leaf: #leaf,
            }
        });
        variants.push(quote! {
            #(#docs)*
            #camel(<#inner as ::infra_core::types::PropertyType>::Resolved),
        });
        decoded.push(quote! {
            #tag => <#inner as ::infra_core::types::PropertyType>::decode(inside)
                .map(#args::#camel)
                .map_err(|error| error.within(#tag)),
        });
        encoded.push(quote! {
            Self::#camel(value) => {
                let value = ::infra_core::types::IntoValue::into_value(value);
                ::infra_core::value::Value::map([(#tag, value)])
            }
        });
    }
    let (name, count) = (ident.to_string(), defs.len());
    Ok(quote! {
        #(#attrs)*
        #[must_use = "a choice does something once it is given to a property"]
        #[derive(Clone, Debug)]
        #vis struct #ident(::infra_core::value::Value);

        impl #ident {
            #(#makers)*
        }

        #[doc = #args_doc]
        #[derive(Clone, Debug, PartialEq)]
        #vis enum #args {
            #(#variants)*
        }

        impl ::infra_core::types::PropertyType for #ident {
            type Resolved = #args;
            const SHAPE: ::infra_core::schema::Shape = {
                static VARIANTS: [::infra_core::schema::VariantDef; #count] = [#(#defs),*];
                static DEFINITION: ::infra_core::schema::UnionDef =
                    ::infra_core::schema::UnionDef {
                        name: #name,
                        variants: &VARIANTS,
                        module: ::std::module_path!(),
                    };
                ::infra_core::schema::Shape::Union(&DEFINITION)
            };

            fn decode(
                value: &::infra_core::value::Value,
            ) -> ::std::result::Result<#args, ::infra_core::types::DecodeError> {
                let value = &value.expose();
                let [(tag, inside)] = value.entries() else {
                    return ::std::result::Result::Err(
                        ::infra_core::types::DecodeError::new(&Self::SHAPE, value),
                    );
                };
                match &**tag {
                    #(#decoded)*
                    _ => ::std::result::Result::Err(
                        ::infra_core::types::DecodeError::new(&Self::SHAPE, value),
                    ),
                }
            }
        }

        impl ::infra_core::types::IntoValue for #args {
            type Property = #ident;

            fn into_value(self) -> ::infra_core::value::Value {
                match self { #(#encoded)* }
            }
        }

        #[diagnostic::do_not_recommend]
        impl ::infra_core::dsl::IntoInput<#ident> for #ident {
            fn into_input(self) -> ::infra_core::dsl::Input<#ident> {
                ::infra_core::dsl::Input::from_value(self.0)
            }
        }
    })
}

fn only_field(variant: &Variant) -> Result<&Type> {
    match &variant.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Ok(&fields.unnamed[0].ty),
        _ => Err(Error::new(
            variant.ident.span(),
            "a variant of a choice holds one structure: `Forward(ForwardAction)`",
        )),
    }
}

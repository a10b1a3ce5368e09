//! The builder: a setter for each property, and `create` once the required ones are set.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use super::Resource;
use crate::{
    field::{Items, Prop},
    words,
};

impl Resource {
    pub(super) fn builder_ident(&self) -> Ident {
        format_ident!("{}Builder", self.ident)
    }

    fn markers(&self) -> Ident {
        format_ident!("__{}_required", words::snake(&self.ident.to_string()))
    }

    pub(super) fn builder(&self) -> TokenStream {
        let Self { ident, vis, .. } = self;
        let (builder, markers) = (self.builder_ident(), self.markers());
        let required = self.required();
        let names: Vec<&Ident> = required.iter().map(|prop| &prop.name).collect();
        let params: Vec<Ident> = names.iter().map(|name| format_ident!("__{name}")).collect();
        let setters = self.inputs().map(|(slot, prop)| self.setters(slot, prop, &params));
        let doc = format!("Builds a [`{ident}`].");
        quote! {
            #[doc(hidden)]
            #[allow(non_camel_case_types, unreachable_pub)]
            #vis mod #markers {
                #(#[derive(Debug)] pub struct #names;)*
            }

            #[doc = #doc]
            #[must_use = "a resource is part of the program once `create` was called"]
            #[derive(Debug)]
            #[allow(non_camel_case_types)]
            #vis struct #builder<#(#params = ::infra_core::dsl::Missing<#markers::#names>),*> {
                draft: ::infra_core::dsl::Draft,
                set: ::std::marker::PhantomData<(#(#params,)*)>,
            }

            #[allow(non_camel_case_types)]
            impl<#(#params),*> #builder<#(#params),*> {
                #(#setters)*

                /// Adds it to a stack or component.
                #[track_caller]
                pub fn create(self, stack: &::infra_core::dsl::Stack) -> #ident
                where
                    #(#params: ::infra_core::dsl::IsSet,)*
                {
                    #ident(stack.add(self.draft))
                }
            }

            #[allow(non_camel_case_types)]
            impl<#(#params),*> ::infra_core::dsl::ResourceOptions for #builder<#(#params),*> {
                type Resource = #ident;

                fn draft(&mut self) -> &mut ::infra_core::dsl::Draft {
                    &mut self.draft
                }
            }
        }
    }

    fn setters(&self, slot: u16, prop: &Prop, params: &[Ident]) -> TokenStream {
        let Prop { name, inner, attrs, .. } = prop;
        if prop.required() {
            let builder = self.builder_ident();
            let own = format_ident!("__{name}");
            let after = params.iter().map(|param| {
                if *param == own { quote!(::infra_core::dsl::Provided) } else { quote!(#param) }
            });
            return quote! {
                #(#attrs)*
                #[track_caller]
                pub fn #name(mut self, value: impl ::infra_core::dsl::IntoInput<#inner>) -> #builder<#(#after),*> {
                    self.draft.set(#slot, value.into_input(), ::std::panic::Location::caller());
                    #builder { draft: self.draft, set: ::std::marker::PhantomData }
                }
            };
        }
        let maybe = format_ident!("maybe_{name}");
        let maybe_doc = format!("[`{name}`](Self::{name}), or nothing.");
        let push = format_ident!("{name}_push");
        let add = match prop.items() {
            Some(Items::List(item)) => {
                let doc = format!("Adds one to [`{name}`](Self::{name}).");
                quote! {
                    #[doc = #doc]
                    #[track_caller]
                    pub fn #push(mut self, item: impl ::infra_core::dsl::IntoInput<#item>) -> Self {
                        self.draft.push(#slot, item.into_input(), ::std::panic::Location::caller());
                        self
                    }
                }
            }
            Some(Items::Map(item)) => {
                let doc = format!("Adds an entry to [`{name}`](Self::{name}).");
                quote! {
                    #[doc = #doc]
                    #[track_caller]
                    pub fn #push(mut self, key: &str, value: impl ::infra_core::dsl::IntoInput<#item>) -> Self {
                        self.draft.insert(#slot, key, value.into_input(), ::std::panic::Location::caller());
                        self
                    }
                }
            }
            None => quote!(),
        };
        quote! {
            #(#attrs)*
            #[track_caller]
            pub fn #name(mut self, value: impl ::infra_core::dsl::IntoInput<#inner>) -> Self {
                self.draft.set(#slot, value.into_input(), ::std::panic::Location::caller());
                self
            }

            #[doc = #maybe_doc]
            #[track_caller]
            pub fn #maybe(mut self, value: impl ::infra_core::dsl::IntoOptionalInput<#inner>) -> Self {
                self.draft.set(#slot, value.into_optional_input(), ::std::panic::Location::caller());
                self
            }

            #add
        }
    }
}

//! The handle: what a program holds of a resource.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{Kind, Resource};

impl Resource {
    pub(super) fn handle(&self) -> TokenStream {
        let Self { ident, vis, attrs, .. } = self;
        let builder = self.builder_ident();
        let consts = (0_u16..).zip(&self.props).map(|(slot, prop)| {
            let name = format_ident!("{}", prop.name.to_string().to_uppercase(), span = prop.name.span());
            let (inner, docs) = (&prop.inner, &prop.attrs);
            quote! {
                #(#docs)*
                pub const #name: ::infra_core::dsl::Prop<Self, #inner> = ::infra_core::dsl::Prop::new(#slot);
            }
        });
        let accessors = (0_u16..).zip(&self.props).map(|(slot, prop)| {
            let (name, docs, ty) = (&prop.name, &prop.attrs, prop.accessor_ty());
            quote! {
                #(#docs)*
                #[must_use]
                pub fn #name(&self) -> ::infra_core::dsl::Output<#ty> {
                    self.0.output(#slot)
                }
            }
        });
        let (start, start_doc) = match self.kind {
            Kind::Lookup => (
                format_ident!("lookup"),
                "Starts a lookup; the name is unique within its component.",
            ),
            _ => (
                format_ident!("named"),
                "Starts building one; the name is unique within its component.",
            ),
        };
        quote! {
            #(#attrs)*
            #[derive(Clone, Copy, Debug)]
            #vis struct #ident(::infra_core::dsl::NodeRef);

            impl #ident {
                #[doc = #start_doc]
                pub fn #start(name: impl ::std::convert::Into<::std::string::String>) -> #builder {
                    let definition = <Self as ::infra_core::dsl::ResourceType>::definition();
                    let draft = ::infra_core::dsl::Draft::new(definition, name.into());
                    #builder { draft, set: ::std::marker::PhantomData }
                }

                #(#consts)*
                #(#accessors)*
            }
        }
    }

    /// A handle stands for its id: `.vpc_id(&vpc)`.
    pub(super) fn id_input(&self) -> TokenStream {
        let Self { ident, .. } = self;
        let Some(id) = self.props.iter().find(|prop| prop.id) else { return quote!() };
        let (inner, name) = (&id.inner, &id.name);
        // Text is no id: many things are text.
        if matches!(inner, syn::Type::Path(path) if path.path.is_ident("String")) {
            return quote!();
        }
        quote! {
            #[diagnostic::do_not_recommend]
            impl ::infra_core::dsl::IntoInput<#inner> for &#ident {
                fn into_input(self) -> ::infra_core::dsl::Input<#inner> {
                    ::infra_core::dsl::IntoInput::into_input(self.#name())
                }
            }
        }
    }
}

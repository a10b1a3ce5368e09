//! What handlers get and return, and how it is read and written.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{Kind, Resource};
use crate::field::Prop;

impl Resource {
    pub(super) fn args(&self) -> TokenStream {
        let Self { ident, vis, .. } = self;
        let args = format_ident!("{ident}Args");
        let doc = format!("The resolved properties of a [`{ident}`]: what handlers get.");
        let fields = self.inputs().map(|(_, prop)| {
            let Prop { name, attrs, .. } = prop;
            let ty = prop.args_ty();
            quote!(#(#attrs)* pub #name: #ty,)
        });
        quote! {
            #[doc = #doc]
            #[derive(Clone, Debug)]
            #vis struct #args {
                #(#fields)*
            }
        }
    }

    pub(super) fn outputs(&self) -> TokenStream {
        let Self { ident, vis, .. } = self;
        let outputs = format_ident!("{ident}Outputs");
        let doc = format!(
            "The outputs of a [`{ident}`], and the properties that AWS chose: what handlers return, \
             each absent until it is known."
        );
        let fields = self.told().map(|(_, prop)| {
            let Prop { name, inner, attrs, .. } = prop;
            quote! {
                #(#attrs)*
                pub #name: ::std::option::Option<<#inner as ::infra_core::types::PropertyType>::Resolved>,
            }
        });
        quote! {
            #[doc = #doc]
            #[derive(Clone, Debug, Default)]
            #vis struct #outputs {
                #(#fields)*
            }
        }
    }

    /// What AWS tells: outputs and computed inputs.
    fn told(&self) -> impl Iterator<Item = (u16, &Prop)> {
        (0..)
            .zip(&self.props)
            .filter(|(_, prop)| prop.output || prop.computed || prop.name_rule.is_some())
    }

    pub(super) fn type_impl(&self) -> TokenStream {
        let Self { ident, .. } = self;
        let (args, outputs) = (format_ident!("{ident}Args"), format_ident!("{ident}Outputs"));
        let definition = self.definition().unwrap_or_else(|error| error.to_compile_error());
        let decoded = self.inputs().map(|(slot, prop)| {
            let (name, text) = (&prop.name, prop.name.to_string());
            let ty = prop.decoded_ty();
            quote!(#name: ::infra_core::types::decode_slot::<#ty>(properties, #slot, #text)?,)
        });
        let encoded = self.told().map(|(slot, prop)| {
            let name = &prop.name;
            quote! {
                if let ::std::option::Option::Some(value) = outputs.#name {
                    properties.set(#slot, ::infra_core::types::IntoValue::into_value(value));
                }
            }
        });
        let marker = match self.kind {
            Kind::Resource => quote!(),
            Kind::Lookup => quote!(impl ::infra_core::dsl::Lookup for #ident {}),
            Kind::Task => quote!(impl ::infra_core::dsl::Task for #ident {}),
        };
        let id_impl = self.id_input();
        quote! {
            impl ::infra_core::dsl::ResourceType for #ident {
                type Args = #args;
                type Outputs = #outputs;

                fn definition() -> &'static ::infra_core::schema::TypeDef {
                    #definition
                }

                fn from_node(node: ::infra_core::dsl::NodeRef) -> Self {
                    Self(node)
                }

                fn node(&self) -> ::infra_core::dsl::NodeRef {
                    self.0
                }

                #[allow(unused_variables)]
                fn decode_args(
                    properties: &::infra_core::value::Properties,
                ) -> ::std::result::Result<#args, ::infra_core::types::DecodeError> {
                    ::std::result::Result::Ok(#args { #(#decoded)* })
                }

                #[allow(unused_variables, unused_mut)]
                fn encode_outputs(outputs: #outputs) -> ::infra_core::value::Properties {
                    let mut properties = ::infra_core::value::PropertiesBuilder::default();
                    #(#encoded)*
                    properties.build()
                }
            }

            #marker
            #id_impl
        }
    }
}

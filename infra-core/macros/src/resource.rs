//! `#[resource]`, `#[lookup]`, `#[task]`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Error, Expr, Ident, ItemStruct, LitStr, Result, Token, parse::Parser};

use crate::{
    attr::{self, Arg, Opt},
    field::{Items, Prop},
    words,
};

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

const OPTIONS: &str = "key, find, unique, delete_first, create, update, delete, timeout, holds_data, protection, after, version, migrate";

impl Resource {
    fn parse(item: ItemStruct, name: LitStr, kind: Kind, options: &[Opt]) -> Result<Self> {
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

    fn handle(&self) -> TokenStream {
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

    fn builder_ident(&self) -> Ident {
        format_ident!("{}Builder", self.ident)
    }

    fn markers(&self) -> Ident {
        format_ident!("__{}_required", words::snake(&self.ident.to_string()))
    }

    fn builder(&self) -> TokenStream {
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

    fn args(&self) -> TokenStream {
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

    fn outputs(&self) -> TokenStream {
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

    fn type_impl(&self) -> TokenStream {
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

    /// A handle stands for its id: `.vpc_id(&vpc)`.
    fn id_input(&self) -> TokenStream {
        let Self { ident, .. } = self;
        let Some(id) = self.props.iter().find(|prop| prop.id) else { return quote!() };
        let (inner, name) = (&id.inner, &id.name);
        // Text is no id: many things are text.
        if matches!(inner, syn::Type::Path(path) if path.path.is_ident("String")) {
            return quote!();
        }
        quote! {
            impl ::infra_core::dsl::IntoInput<#inner> for &#ident {
                fn into_input(self) -> ::infra_core::dsl::Input<#inner> {
                    ::infra_core::dsl::IntoInput::into_input(self.#name())
                }
            }
        }
    }

    fn definition(&self) -> Result<TokenStream> {
        let Self { name, doc, create, update, delete, holds_data, delete_first, after, .. } = self;
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
        let unique = self.unique()?;
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
                kind: ::infra_core::schema::TypeKind::#kind,
                version: #version,
                migrate: #migrate,
                props: &PROPS,
                identity: #identity,
                arn: #arn,
                find: ::infra_core::schema::Find::#find,
                unique: &[#(&[#(#unique),*]),*],
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
        let identity = match (&prop.id_prefix, &prop.arn) {
            (Some(prefix), _) => quote!(Generated { prefix: #prefix, slot: #slot }),
            (None, Some(_)) => quote!(Arn { slot: #slot }),
            (None, None) if prop.output => {
                return Err(Error::new(
                    prop.name.span(),
                    "an id that AWS invents has a prefix: `id = \"x-\"`",
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

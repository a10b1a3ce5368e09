//! A property or output: what its attribute says and what is made of it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{
    Error, Expr, Field, GenericArgument, Ident, LitInt, LitStr, PathArguments, Result, Token, Type,
};

use crate::attr::{self, Arg, Opt};

/// A property, an output, or a field of a nested structure.
pub(crate) struct Prop {
    pub(crate) name: Ident,
    pub(crate) ty: Type,
    /// The type inside an `Option`, or the type itself.
    pub(crate) inner: Type,
    pub(crate) optional: bool,
    pub(crate) attrs: Vec<syn::Attribute>,
    pub(crate) doc: String,
    pub(crate) output: bool,
    flags: Vec<Ident>,
    pub(crate) default: Option<Option<Expr>>,
    pub(crate) computed: bool,
    pub(crate) reference: Option<TokenStream>,
    pub(crate) needs: Option<TokenStream>,
    level: Option<TokenStream>,
    changes_with: Vec<LitStr>,
    pub(crate) id: bool,
    /// What the id that the cloud invents looks like.
    pub(crate) id_form: Option<TokenStream>,
    pub(crate) arn: Option<LitStr>,
    pub(crate) name_rule: Option<(LitInt, Ident)>,
}

const PROP_OPTIONS: &str = "replace, default, computed, set, write_only, initial_only, separate, \
                            detach, owner, weak, needs, at, id, name";
const OUTPUT_OPTIONS: &str = "at, changes_with, id, arn";

impl Prop {
    pub(crate) fn parse(field: Field) -> Result<Self> {
        let name = field.ident.clone().ok_or_else(|| {
            Error::new_spanned(&field, "a property needs a name: `pub name: Type`")
        })?;
        let (attrs, doc) = attr::docs(&field.attrs);
        let inner = inside("Option", &field.ty);
        let mut prop = Self {
            optional: inner.is_some(),
            inner: inner.unwrap_or_else(|| field.ty.clone()),
            ty: field.ty,
            name,
            attrs,
            doc,
            output: false,
            flags: vec![],
            default: None,
            computed: false,
            reference: None,
            needs: None,
            level: None,
            changes_with: vec![],
            id: false,
            id_form: None,
            arn: None,
            name_rule: None,
        };
        for attr in &field.attrs {
            let output = attr.path().is_ident("output");
            if !output && !attr.path().is_ident("prop") {
                continue;
            }
            prop.output |= output;
            if let syn::Meta::List(list) = &attr.meta {
                for option in attr::options(list.tokens.clone())? {
                    if output { prop.output_option(&option)? } else { prop.prop_option(&option)? }
                }
            }
        }
        Ok(prop)
    }

    fn prop_option(&mut self, option: &Opt) -> Result<()> {
        match option.name.to_string().as_str() {
            "replace" | "set" | "write_only" | "initial_only" | "separate" | "detach" => {
                self.flags.push(option.name.clone());
            }
            "computed" => self.computed = true,
            "default" => {
                self.default = Some(match &option.arg {
                    Arg::Value(value) => Some(value.clone()),
                    _ => None,
                });
            }
            "owner" => self.reference = Some(quote!(::infra_core::schema::Reference::Owner)),
            "weak" => self.reference = Some(quote!(::infra_core::schema::Reference::Weak)),
            "needs" => self.needs = Some(attr::level(option)?),
            "at" => self.level = Some(attr::level(option)?),
            "id" => self.id = true,
            "name" => self.name_rule = Some(name_rule(option)?),
            _ => return Err(attr::unknown(option, PROP_OPTIONS)),
        }
        Ok(())
    }

    fn output_option(&mut self, option: &Opt) -> Result<()> {
        match option.name.to_string().as_str() {
            "at" => self.level = Some(attr::level(option)?),
            "changes_with" => {
                let Arg::List(tokens) = &option.arg else {
                    return Err(option.error("expected properties in parentheses"));
                };
                let all = syn::parse2::<LitStr>(tokens.clone());
                self.changes_with = match all {
                    Ok(all) => vec![all],
                    Err(_) => option.names()?.iter().map(text_of).collect(),
                };
            }
            "id" => {
                self.id = true;
                self.id_form = id_form(option)?;
            }
            "arn" => self.arn = Some(option.text()?),
            _ => return Err(attr::unknown(option, OUTPUT_OPTIONS)),
        }
        Ok(())
    }

    /// Whether it must be given.
    pub(crate) fn required(&self) -> bool {
        !(self.output
            || self.optional
            || self.computed
            || self.default.is_some()
            || self.name_rule.is_some())
    }

    /// Whether the handle's accessor may find nothing.
    pub(crate) fn may_be_absent(&self) -> bool {
        self.optional
            && !self.computed
            && self.name_rule.is_none()
            && !matches!(self.default, Some(Some(_)))
    }

    /// The type that the accessor gives an output of.
    pub(crate) fn accessor_ty(&self) -> &Type {
        if self.may_be_absent() { &self.ty } else { &self.inner }
    }

    /// The type that the resolved property is read as: an `Option` where nothing stands in for an
    /// absent value.
    pub(crate) fn decoded_ty(&self) -> TokenStream {
        let Self { ty, inner, .. } = self;
        let maybe_absent = self.optional || self.computed || self.name_rule.is_some();
        match (&self.default, maybe_absent) {
            (Some(_), _) => quote!(#inner),
            (None, true) => quote!(::std::option::Option<#inner>),
            (None, false) => quote!(#ty),
        }
    }

    /// The type of the field in the `…Args` struct.
    pub(crate) fn args_ty(&self) -> TokenStream {
        let ty = self.decoded_ty();
        quote!(<#ty as ::infra_core::types::PropertyType>::Resolved)
    }

    /// The kind of collection, for the setters that add to it.
    pub(crate) fn items(&self) -> Option<Items> {
        if let Some(item) = inside("Vec", &self.inner) {
            return Some(Items::List(item));
        }
        match &self.inner {
            Type::Path(path) if path.path.is_ident("Tags") => {
                Some(Items::Map(syn::parse_quote!(::std::string::String)))
            }
            inner => inside_map(inner).map(Items::Map),
        }
    }

    /// The function that gives the default value.
    pub(crate) fn default_tokens(&self) -> TokenStream {
        let inner = &self.inner;
        match &self.default {
            Some(Some(value)) => quote! {
                ::std::option::Option::Some(|| ::infra_core::dsl::IntoInput::<#inner>::into_input(#value).into_value())
            },
            _ => quote!(::std::option::Option::None),
        }
    }

    /// The table entry of a property of a resource.
    pub(crate) fn prop_def(&self) -> TokenStream {
        let Self { inner, doc, flags, changes_with, .. } = self;
        let name = self.name.to_string();
        let leaf = leaf(inner);
        let base = format_ident!("{}", if self.output { "OUTPUT" } else { "INPUT" });
        let required = self.required();
        let computed = self.computed || self.name_rule.is_some();
        let default = self.default_tokens();
        let reference = self.reference.iter();
        let needs = self.needs.iter();
        let late = quote!(::infra_core::schema::Level::Ready);
        let level = self.level.clone().or_else(|| self.computed.then_some(late));
        let level = level.iter();
        quote! {
            ::infra_core::schema::PropDef {
                name: #name,
                doc: #doc,
                shape: <#inner as ::infra_core::types::PropertyType>::SHAPE,
                leaf: #leaf,
                required: #required,
                computed: #computed,
                default: #default,
                changes_with: &[#(#changes_with),*],
                #(#flags: true,)*
                #(reference: #reference,)*
                #(needs: #needs,)*
                #(level: #level,)*
                ..::infra_core::schema::PropDef::#base
            }
        }
    }

    /// The table entry of a field of a nested structure.
    pub(crate) fn field_def(&self) -> TokenStream {
        let Self { inner, doc, computed, .. } = self;
        let name = self.name.to_string();
        let leaf = leaf(inner);
        let required = self.required();
        let default = self.default_tokens();
        let some = |tokens: &Option<TokenStream>| match tokens {
            Some(tokens) => quote!(::std::option::Option::Some(#tokens)),
            None => quote!(::std::option::Option::None),
        };
        let (reference, needs) = (some(&self.reference), some(&self.needs));
        quote! {
            ::infra_core::schema::FieldDef {
                name: #name,
                doc: #doc,
                shape: <#inner as ::infra_core::types::PropertyType>::SHAPE,
                leaf: #leaf,
                required: #required,
                default: #default,
                reference: #reference,
                needs: #needs,
                computed: #computed,
            }
        }
    }
}

/// A collection that setters can add to.
pub(crate) enum Items {
    List(Type),
    Map(Type),
}

/// What an id that the cloud invents looks like: `id = "vpc-"`, `id(uuid)`, `id(digits)`; `None`
/// of an id that is something else as well.
fn id_form(option: &Opt) -> Result<Option<TokenStream>> {
    let form = match &option.arg {
        Arg::None => return Ok(None),
        Arg::Value(_) => {
            let prefix = option.text()?;
            quote!(Prefixed(#prefix))
        }
        Arg::List(tokens) => {
            let word: Ident = syn::parse2(tokens.clone())?;
            match word.to_string().as_str() {
                "uuid" => quote!(Uuid),
                "digits" => quote!(Digits),
                _ => return Err(Error::new(word.span(), "expected uuid or digits")),
            }
        }
    };
    Ok(Some(quote!(::infra_core::schema::IdForm::#form)))
}

fn name_rule(option: &Opt) -> Result<(LitInt, Ident)> {
    let Arg::List(tokens) = &option.arg else {
        return Err(option.error("expected `name(max, style)`"));
    };
    let parser = |input: syn::parse::ParseStream<'_>| {
        let max: LitInt = input.parse()?;
        input.parse::<Token![,]>()?;
        let style: Ident = input.parse()?;
        let variant = match style.to_string().as_str() {
            "hyphens" => "Hyphens",
            "lower_hyphens" => "LowerHyphens",
            "lower_path" => "LowerPath",
            "iam" => "Iam",
            "path" => "Path",
            "secret" => "Secret",
            "word" => "Word",
            _ => {
                return Err(Error::new(
                    style.span(),
                    "expected hyphens, lower_hyphens, lower_path, iam, path, secret or word",
                ));
            }
        };
        Ok((max, Ident::new(variant, style.span())))
    };
    syn::parse::Parser::parse2(parser, tokens.clone())
}

fn text_of(name: &Ident) -> LitStr {
    LitStr::new(&name.to_string(), name.span())
}

/// The name of the type that is innermost: `Seconds` of `Option<Vec<Seconds>>`.
pub(crate) fn leaf(ty: &Type) -> String {
    let wrapped = ["Option", "Vec", "Secret"].iter().find_map(|wrapper| inside(wrapper, ty));
    match (wrapped.or_else(|| inside_map(ty)), ty) {
        (Some(inner), _) => leaf(&inner),
        (None, Type::Path(path)) => {
            path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default()
        }
        (None, _) => String::new(),
    }
}

/// The argument of a generic type of one argument.
fn inside(wrapper: &str, ty: &Type) -> Option<Type> {
    let arguments = arguments(wrapper, ty)?;
    match arguments.first()? {
        GenericArgument::Type(inner) => Some(inner.clone()),
        _ => None,
    }
}

fn inside_map(ty: &Type) -> Option<Type> {
    match arguments("BTreeMap", ty)?.get(1)? {
        GenericArgument::Type(inner) => Some(inner.clone()),
        _ => None,
    }
}

fn arguments(wrapper: &str, ty: &Type) -> Option<Vec<GenericArgument>> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    if last.ident != wrapper {
        return None;
    }
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    Some(arguments.args.iter().cloned().collect())
}

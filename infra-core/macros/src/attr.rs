//! Reading `name`, `name = value`, `name(args)` lists.

use proc_macro2::{Span, TokenStream};
use syn::{
    Error, Expr, Ident, LitStr, Result, Token, parenthesized,
    parse::{Parse, ParseStream, Parser},
    punctuated::Punctuated,
};

/// One option of an attribute.
pub(crate) struct Opt {
    pub(crate) name: Ident,
    pub(crate) arg: Arg,
}

/// What follows an option's name.
pub(crate) enum Arg {
    None,
    Value(Expr),
    List(TokenStream),
}

impl Parse for Opt {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let name: Ident = input.parse()?;
        let arg = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Arg::Value(input.parse()?)
        } else if input.peek(syn::token::Paren) {
            let inner;
            parenthesized!(inner in input);
            Arg::List(inner.parse()?)
        } else {
            Arg::None
        };
        Ok(Self { name, arg })
    }
}

impl Opt {
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name == name
    }

    pub(crate) fn error(&self, message: &str) -> Error {
        Error::new(self.name.span(), message)
    }

    /// The value as a word: `find = token`.
    pub(crate) fn word(&self) -> Result<Ident> {
        match &self.arg {
            Arg::Value(Expr::Path(path)) => {
                path.path.get_ident().cloned().ok_or_else(|| self.error("expected a single word"))
            }
            _ => Err(self.error("expected `= word`")),
        }
    }

    /// The value as text: `arn = "…"`.
    pub(crate) fn text(&self) -> Result<LitStr> {
        match &self.arg {
            Arg::Value(Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. })) => {
                Ok(text.clone())
            }
            _ => Err(self.error("expected `= \"text\"`")),
        }
    }

    /// The value as a duration in milliseconds.
    pub(crate) fn millis(&self) -> Result<u64> {
        let text = self.text()?;
        crate::words::millis(&text.value()).ok_or_else(|| {
            Error::new(text.span(), "expected a duration such as 90s, 7min, 500ms, 1h")
        })
    }

    /// The names in parentheses: `unique(a, b)`.
    pub(crate) fn names(&self) -> Result<Vec<Ident>> {
        let Arg::List(tokens) = &self.arg else {
            return Err(self.error("expected names in parentheses"));
        };
        let parser = Punctuated::<Ident, Token![,]>::parse_terminated;
        Ok(parser.parse2(tokens.clone())?.into_iter().collect())
    }
}

/// A list of options.
pub(crate) fn options(tokens: TokenStream) -> Result<Vec<Opt>> {
    let parser = Punctuated::<Opt, Token![,]>::parse_terminated;
    Ok(parser.parse2(tokens)?.into_iter().collect())
}

/// A leading text and a list of options behind it.
pub(crate) fn text_then_options(tokens: TokenStream) -> Result<(LitStr, Vec<Opt>)> {
    let parser = |input: ParseStream<'_>| {
        let text: LitStr = input.parse()?;
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
        let options = Punctuated::<Opt, Token![,]>::parse_terminated(input)?;
        Ok((text, options.into_iter().collect()))
    };
    parser.parse2(tokens)
}

/// The error for an option that nobody knows.
pub(crate) fn unknown(option: &Opt, known: &str) -> Error {
    Error::new(option.name.span(), format!("unknown option `{}`; known: {known}", option.name))
}

/// A level by name.
pub(crate) fn level(option: &Opt) -> Result<TokenStream> {
    let word = option.word()?;
    let variant = match word.to_string().as_str() {
        "exists" => "Exists",
        "configured" => "Configured",
        "ready" => "Ready",
        _ => return Err(Error::new(word.span(), "expected exists, configured or ready")),
    };
    let variant = Ident::new(variant, Span::call_site());
    Ok(quote::quote!(::infra_core::schema::Level::#variant))
}

/// The text of the doc comments.
pub(crate) fn docs(attrs: &[syn::Attribute]) -> (Vec<syn::Attribute>, String) {
    let docs: Vec<syn::Attribute> =
        attrs.iter().filter(|attr| attr.path().is_ident("doc")).cloned().collect();
    let mut text = String::new();
    for doc in &docs {
        if let syn::Meta::NameValue(pair) = &doc.meta
            && let Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(line), .. }) = &pair.value
        {
            text.push_str(line.value().strip_prefix(' ').unwrap_or(&line.value()));
            text.push('\n');
        }
    }
    (docs, text.trim_end().to_owned())
}

//! `interpolate!("https://{}/", host)`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Error, Expr, Ident, LitStr, Result, Token, parse::ParseStream, parse::Parser,
    punctuated::Punctuated,
};

pub(crate) fn expand(input: TokenStream) -> Result<TokenStream> {
    let parser = |input: ParseStream<'_>| {
        let format: LitStr = input.parse()?;
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
        let parts = Punctuated::<Expr, Token![,]>::parse_terminated(input)?;
        Ok((format, parts.into_iter().collect::<Vec<_>>()))
    };
    let (format, parts) = parser.parse2(input)?;
    let (texts, holes) = split(&format)?;
    let mut given = parts.into_iter();
    let mut exprs: Vec<TokenStream> = vec![];
    for hole in holes {
        let expr = match hole {
            Some(name) => quote!(&#name),
            None => {
                let part = given.next().ok_or_else(|| {
                    Error::new(format.span(), "there are more placeholders than arguments")
                })?;
                quote!(#part)
            }
        };
        exprs.push(expr);
    }
    if let Some(extra) = given.next() {
        return Err(Error::new_spanned(extra, "there is no placeholder for this argument"));
    }
    Ok(quote! {
        ::infra_core::dsl::interpolate(
            &[#(#texts),*],
            ::std::vec![#(::infra_core::dsl::AnyOutput::part(#exprs)),*],
        )
    })
}

/// The texts around the placeholders, and the names inside them.
fn split(format: &LitStr) -> Result<(Vec<String>, Vec<Option<Ident>>)> {
    let text = format.value();
    let (mut texts, mut holes) = (vec![String::new()], vec![]);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let doubled = characters.peek() == Some(&character);
        match character {
            '{' | '}' if doubled => {
                characters.next();
                texts.last_mut().expect("there is a first text").push(character);
            }
            '{' => {
                let name: String = characters.by_ref().take_while(|other| *other != '}').collect();
                holes.push(match name.as_str() {
                    "" => None,
                    name => Some(syn::parse_str(name).map_err(|_| {
                        Error::new(format.span(), format!("`{{{name}}}`: expected a variable"))
                    })?),
                });
                texts.push(String::new());
            }
            '}' => return Err(Error::new(format.span(), "`}` without `{`; write `}}`")),
            other => texts.last_mut().expect("there is a first text").push(other),
        }
    }
    Ok((texts, holes))
}

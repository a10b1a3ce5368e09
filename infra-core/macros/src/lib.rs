//! The attribute macros of `infra-core`. Use them through that crate.
//!
//! | macro | on | makes |
//! |---|---|---|
//! | `#[resource("aws:ec2:Vpc")]` | a struct of properties | handle, builder, `…Args`, `…Outputs`, schema |
//! | `#[lookup("aws:ec2:Ami")]` | the same | the same, for what is read and never created |
//! | `#[task("aws:ecs:RunTask")]` | the same | the same, for what runs once per change |
//! | `#[props]` | a nested structure or a choice | builder, `…Args`, schema |

mod attr;
mod choice;
mod field;
mod interpolate;
mod nested;
mod resource;
mod words;

use proc_macro::TokenStream;

/// Makes a type of resource out of a struct that lists its properties and outputs.
///
/// # On the struct
///
/// `#[resource("provider:service:Type", …)]` with
///
/// | option | means |
/// |---|---|
/// | `key(a, b)` | these properties together are the id |
/// | `find = token` (`tag`, `name`, `key`) | how a creation whose answer was lost is found again |
/// | `unique(a, b)` | no two resources share these properties; may be repeated |
/// | `exclusive(a, b)` | one of these properties at most is given; may be repeated |
/// | `one_of(a, b)` | exactly one of them is given; may be repeated |
/// | `delete_first` | old and new of a replacement can't exist together, though no set of properties says so |
/// | `create = "90s"`, `update`, `delete` | typical durations on AWS |
/// | `timeout = "1h"` | when the engine gives up |
/// | `holds_data` | deletion loses data and needs consent |
/// | `protection(deletion_protection = false)` | the property that makes AWS refuse deletion, and the value that allows it |
/// | `after("aws:ec2:X", this = "a->b", that = "c", needs = ready, why = "…")` | an order that no property shows; may be repeated. A path leads through fields and, by `->`, to what is referred to; several have bars between them |
/// | `version = 2, migrate = path` | the schema's version and the function that brings older state up to it |
///
/// # On a property
///
/// A property is required unless it is an `Option` or says `default` or `computed`.
///
/// | option | means |
/// |---|---|
/// | `replace` | a change makes a new resource |
/// | `default`, `default = value` | absent reads as empty; absent means the value |
/// | `computed` | AWS chooses when absent |
/// | `set` | the order of the list means nothing |
/// | `write_only` | AWS never tells it again |
/// | `initial_only` | given at creation, owned by something else afterwards |
/// | `separate`, `detach` | set by its own call after creation, cleared by its own call before deletion |
/// | `owner`, `weak` | what a reference means for deletion (else it is strong) |
/// | `needs = ready` (`configured`) | the level that what it refers to must have reached |
/// | `id`, `name(63, hyphens)` | it is the physical id; the engine makes it up when absent, of so many characters (`hyphens`, `lower_hyphens`, `lower_path`, `iam`, `path`, `secret`, `word`) |
/// | `at = ready` | with `computed`: when it is known |
///
/// # On an output
///
/// `#[output(…)]` with `at = exists` (`configured`, `ready`, the default), `changes_with(a, b)`
/// (`changes_with("*")` for all), `id = "vpc-"` (`id(uuid)`, `id(digits)` for 32 of them),
/// `arn = "arn:aws:…{id}"`, `id` beside `arn`.
/// The form of an ARN may name `{region}`, `{account}`, `{id}`, any property (`{name:3}` for its first
/// characters, `{name>text}` for what stands behind a text in it, `{name/}` with a slash behind it
/// where it is given), `{random:6}` for digits that AWS invents or `{uuid}` for such an id, and
/// `{number}` for a number that it counts up.
#[proc_macro_attribute]
pub fn resource(attr: TokenStream, item: TokenStream) -> TokenStream {
    run(resource::expand(attr.into(), item.into(), resource::Kind::Resource))
}

/// Makes a lookup: what is read at plan time and pinned in state. Options as for `#[resource]`.
#[proc_macro_attribute]
pub fn lookup(attr: TokenStream, item: TokenStream) -> TokenStream {
    run(resource::expand(attr.into(), item.into(), resource::Kind::Lookup))
}

/// Makes a task: what runs once per change of its inputs. Options as for `#[resource]`.
#[proc_macro_attribute]
pub fn task(attr: TokenStream, item: TokenStream) -> TokenStream {
    run(resource::expand(attr.into(), item.into(), resource::Kind::Task))
}

/// Makes a nested structure out of a struct, a closed set of words out of an enum without fields,
/// or a choice of structures out of an enum whose variants hold one each.
///
/// Fields take `default`, `default = value`, `computed`, `owner`, `weak`, `needs = level`. Words
/// are spelled as `#[props(words = "UPPER")]` says (`lower`, `kebab`, `exact`), or one by one with
/// `#[prop("tls1.2")]`.
#[proc_macro_attribute]
pub fn props(attr: TokenStream, item: TokenStream) -> TokenStream {
    run(nested::expand(attr.into(), item.into()))
}

/// Text with outputs in it; see `infra_core::interpolate`.
#[proc_macro]
pub fn interpolate(input: TokenStream) -> TokenStream {
    run(interpolate::expand(input.into()))
}

fn run(result: syn::Result<proc_macro2::TokenStream>) -> TokenStream {
    result.unwrap_or_else(|error| error.to_compile_error()).into()
}

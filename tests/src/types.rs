//! Types of resources made for the tests: between them they have every flag of the schema.

use infra_core::{prelude::*, resource, schema::TypeDef};

infra_core::ids! {
    /// The id of a [`Box`].
    BoxId: hex "box-" => "test:t:Box";
    /// The name of a [`Sign`].
    SignName: name 60 => "test:t:Sign";
    /// The id of a [`Pipe`].
    PipeId: hex "pipe-" => "test:t:Pipe";
}

/// Found by its tag; has all kinds of references and separate calls.
#[resource("test:t:Box", unique(label, parent), create = "5s", update = "1s", delete = "3s")]
pub struct Box {
    /// Part of its key.
    #[prop(replace)]
    pub label: String,
    /// Part of its key too; a strong reference that replaces.
    #[prop(replace)]
    pub parent: Option<BoxId>,
    /// Replaces, and is no part of the key: old and new clash.
    #[prop(replace)]
    pub flavour: Option<String>,
    /// Changes in place.
    #[prop(default = 1_i64)]
    pub size: i64,
    /// Set by its own call.
    #[prop(separate)]
    pub colour: Option<String>,
    /// Set by its own call, and cleared before deletion.
    #[prop(separate, detach)]
    pub attached_to: Option<BoxId>,
    /// Strong references that change in place.
    #[prop(default, set)]
    pub uses: Vec<BoxId>,
    /// May dangle, and what it refers to must be ready.
    #[prop(weak, needs = ready)]
    pub next: Option<BoxId>,
    /// Owned by something else after creation.
    #[prop(initial_only)]
    pub count: Option<i64>,
    /// Not to be shown.
    pub secret: Option<Secret<String>>,
    /// Tags.
    #[prop(default)]
    pub tags: Tags,
    /// The id.
    #[output(id = "box-", at = exists)]
    pub box_id: BoxId,
    /// Known late, and changed by the size.
    #[output(changes_with(size))]
    pub url: String,
    /// Known late, and changed by nothing.
    #[output]
    pub address: String,
}

/// Found by its name, which the engine makes up.
#[resource("test:t:Sign", create = "2s", delete = "0s")]
pub struct Sign {
    /// The name.
    #[prop(replace, id, name(40, lower_hyphens))]
    pub sign_name: SignName,
    /// Any text, also computed from outputs.
    pub text: Option<String>,
    /// Replaces.
    #[prop(replace)]
    pub wood: Option<String>,
    /// A strong reference.
    pub on: Option<BoxId>,
    /// Tags.
    #[prop(default)]
    pub tags: Tags,
}

/// Found by its natural key; goes with its box.
#[resource("test:t:Label", key(on, key))]
pub struct Label {
    /// The box that it goes with.
    #[prop(replace, owner)]
    pub on: BoxId,
    /// The key.
    #[prop(replace)]
    pub key: String,
    /// Any text.
    pub text: Option<String>,
}

/// Found by repeating the call with its token; protects itself.
#[resource(
    "test:t:Pipe",
    find = token,
    protection(guarded = false),
    create = "10s",
    delete = "5s"
)]
pub struct Pipe {
    /// Whether deletion is refused.
    #[prop(default = true)]
    pub guarded: bool,
    /// Where it begins.
    #[prop(replace)]
    pub from: BoxId,
    /// Where it ends; what it refers to must be ready.
    #[prop(needs = ready)]
    pub to: Option<BoxId>,
    /// Changes in place.
    #[prop(default = 1_i64)]
    pub width: i64,
    /// Tags.
    #[prop(default)]
    pub tags: Tags,
    /// The id.
    #[output(id = "pipe-", at = exists)]
    pub pipe_id: PipeId,
}

/// What opens it is a key or a word, and it may be barred or left open.
#[resource("test:t:Lock", one_of(key, word), exclusive(barred, open), create = "1s")]
pub struct Lock {
    /// What opens it.
    pub key: Option<String>,
    /// What opens it, too.
    pub word: Option<String>,
    /// Whether nothing opens it.
    #[prop(default = false)]
    pub barred: bool,
    /// Whether it needs no opening.
    #[prop(default = false)]
    pub open: bool,
    /// The id.
    #[output(id = "lock-", at = exists)]
    pub lock_id: String,
}

/// All of them.
#[must_use]
pub fn all() -> Vec<&'static TypeDef> {
    vec![
        Box::definition(),
        Sign::definition(),
        Label::definition(),
        Pipe::definition(),
        Lock::definition(),
    ]
}

//! Types of resources for the tests.

use infra_core::{lookup, prelude::*, resource, schema::TypeDef, task};

infra_core::ids! {
    /// The id of a [`Thing`].
    ThingId: hex "thing-" => "test:t:Thing";
    /// The id of a [`Store`].
    StoreId: hex "store-" => "test:t:Store";
    /// The name of a [`Named`].
    NamedName: name 32 => "test:t:Named";
}

/// Anything.
#[resource("test:t:Thing", create = "1s", update = "1s", delete = "1s")]
pub struct Thing {
    /// Replaces.
    #[prop(replace)]
    pub kind: Option<String>,
    /// Changes in place.
    #[prop(default = 1_i64)]
    pub size: i64,
    /// A reference that changes in place.
    pub on: Option<ThingId>,
    /// What it refers to must be ready.
    #[prop(needs = ready)]
    pub on_ready: Option<ThingId>,
    /// References of which the order means nothing.
    #[prop(default, set)]
    pub set: Vec<String>,
    /// Owned by something else after creation.
    #[prop(initial_only)]
    pub count: Option<i64>,
    /// Not to be shown.
    pub password: Option<Secret<String>>,
    /// Never told again.
    #[prop(write_only)]
    pub token: Option<Secret<String>>,
    /// Tags.
    #[prop(default)]
    pub tags: Tags,
    /// The id.
    #[output(id = "thing-", at = exists)]
    pub thing_id: ThingId,
    /// Known late, and changed by the size.
    #[output(changes_with(size))]
    pub url: String,
}

/// Holds data, and protects itself.
#[resource("test:t:Store", holds_data, protection(guarded = false))]
pub struct Store {
    /// Whether deletion is refused.
    #[prop(default = true)]
    pub guarded: bool,
    /// Replaces.
    #[prop(replace)]
    pub kind: Option<String>,
    /// Tags.
    #[prop(default)]
    pub tags: Tags,
    /// The id.
    #[output(id = "store-", at = exists)]
    pub store_id: StoreId,
}

/// Known by its name.
#[resource("test:t:Named", create = "1s", delete = "1s")]
pub struct Named {
    /// The name.
    #[prop(id, replace, name(32, hyphens))]
    pub name: Option<NamedName>,
    /// Tags.
    #[prop(default)]
    pub tags: Tags,
    /// What is told.
    #[output(at = exists)]
    pub told: String,
}

/// Looks something up.
#[lookup("test:t:Look")]
pub struct Look {
    /// What.
    #[prop(default)]
    pub what: String,
    /// What was found.
    #[output(at = exists)]
    pub found: String,
}

/// Runs once per change of its inputs.
#[task("test:t:Job")]
pub struct Job {
    /// What to do.
    pub what: String,
    /// What came of it.
    #[output]
    pub result: String,
}

/// All of them.
pub(crate) fn all() -> [&'static TypeDef; 5] {
    [
        Thing::definition(),
        Store::definition(),
        Named::definition(),
        Look::definition(),
        Job::definition(),
    ]
}

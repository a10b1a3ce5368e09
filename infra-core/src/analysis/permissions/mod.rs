//! What must be allowed to whoever deploys a program, refreshes it and destroys it: the least that
//! its handlers say they need.
//!
//! `things` knows what the things of the program are or will be called, `documents` makes
//! policies that AWS takes.

mod documents;
mod things;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

pub use documents::LIMIT;
use things::{Place, Thing, Things};

use crate::{
    aws::iam::{Effect, PolicyDocumentArgs, StatementArgs},
    graph::Program,
    handler::{Backend, Need, On, Phases},
    schema::{TypeDef, TypeKind},
    state::State,
};

/// Conditions as policies have them: operator, key, values.
type Conditions = BTreeMap<String, BTreeMap<String, Vec<String>>>;

/// Actions of one identity, with what they are about.
#[derive(Clone, Debug, Default, PartialEq)]
struct Granted(BTreeMap<(&'static str, Conditions), BTreeSet<String>>);

/// What must be allowed to whoever deploys a program.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Permissions {
    /// By the role that is assumed for it; `None` for whoever runs the program.
    granted: BTreeMap<Option<Arc<str>>, Granted>,
    more: Vec<StatementArgs>,
    unserved: BTreeSet<&'static str>,
}

/// A policy, and whose it is to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// The role that the program assumes; `None` for whoever runs it.
    pub role: Option<Arc<str>>,
    /// The policy, short enough for AWS.
    pub document: PolicyDocumentArgs,
}

/// The condition that a thing carries the tag of a stack.
const OURS: (&str, &str, &str) = ("Null", "aws:ResourceTag/infra:stack", "false");

impl Permissions {
    /// What must be allowed to deploy a program on a backend, to refresh it, and to destroy it and
    /// what a state still knows.
    #[must_use]
    pub fn of(program: &Program, state: Option<&State>, backend: &dyn Backend) -> Self {
        let things = Things { program, state };
        let imported = things.all().filter(Thing::is_imported).map(|it| it.ty().name);
        let imported: BTreeSet<&str> = imported.collect();
        let mut all = Self::default();
        for thing in things.all() {
            let ty = thing.ty();
            let Some(handler) = backend.registry().get(ty.name) else {
                all.unserved.insert(ty.name);
                continue;
            };
            let phases = phases_of(thing);
            for need in handler.needs().iter().filter(|need| need.phases.meets(phases)) {
                all.add_of(&things, thing, need, !imported.contains(ty.name));
            }
        }
        all.add_lists(&things, backend);
        all
    }

    /// Something else that whoever runs the program must be allowed: to keep its state somewhere.
    pub fn add(&mut self, statement: StatementArgs) {
        self.more.push(statement);
    }

    /// The types of the program that the backend does not serve.
    pub fn unserved(&self) -> impl Iterator<Item = &'static str> {
        self.unserved.iter().copied()
    }

    /// Whether nothing is needed: the backend asks nobody for permission.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.granted.is_empty() && self.more.is_empty()
    }

    /// The actions, each once.
    #[must_use]
    pub fn actions(&self) -> BTreeSet<&str> {
        let granted = self.granted.values().flat_map(|it| it.0.keys());
        let more = self.more.iter().flat_map(|it| &it.actions).map(String::as_str);
        granted.map(|(action, _)| *action).chain(more).collect()
    }

    /// The policies: as many as it takes for each to be no longer than AWS allows.
    #[must_use]
    pub fn policies(&self) -> Vec<Policy> {
        let mut all = vec![];
        let nobody = Granted::default();
        let mut roles: BTreeSet<Option<Arc<str>>> = self.granted.keys().cloned().collect();
        if !self.more.is_empty() {
            roles.insert(None);
        }
        for role in roles {
            let granted = self.granted.get(&role).unwrap_or(&nobody);
            let mut statements = granted.clone().simplified().statements();
            if role.is_none() {
                statements.extend(self.more.iter().cloned());
            }
            let documents = documents::packed(statements).into_iter();
            all.extend(documents.map(|document| Policy { role: role.clone(), document }));
        }
        all
    }

    /// What one thing needs.
    fn add_of<'a>(
        &mut self,
        things: &Things<'a>,
        thing: Thing<'a>,
        need: &Need,
        may_tell_ours: bool,
    ) {
        if !need.given.is_empty() && !thing.has(need.given) {
            return;
        }
        let provider = thing.provider();
        let mut resources: BTreeSet<String> =
            need.on.iter().flat_map(|on| things.arns(thing, *on)).collect();
        let of =
            need.on.iter().find_map(|on| if let On::Of(path) = on { path.last() } else { None });
        if let Some(ty) = of.filter(|_| resources.is_empty()) {
            let ty = crate::aws::types().into_iter().find(|it| it.name == *ty);
            // What is given names something that nobody knows here, or there is nothing at all.
            let any = ty.filter(|_| !need.given.is_empty()).and_then(|ty| things.any(thing, ty));
            let Some(any) = any else { return };
            resources.insert(any);
        }
        let place = Place::of(provider, things.state);
        let conditions = conditions(need, &place, need.ours && may_tell_ours);
        self.grant(provider.role.clone(), need.action, conditions, resources);
    }

    /// What a refresh needs, which looks for what carries the stack's tags among the things of all
    /// types, and what the backend needs itself.
    fn add_lists(&mut self, things: &Things<'_>, backend: &dyn Backend) {
        let registry = backend.registry();
        let providers: BTreeSet<_> = things.all().map(|thing| thing.provider()).collect();
        for provider in &providers {
            let place = Place::of(provider, things.state);
            let is_its = |kind: &str| *provider.kind == *kind;
            let types = registry.types().iter().filter(|ty| ty.kind == TypeKind::Resource);
            let types = types.filter(|ty| is_its(ty.provider()));
            let needs = types.filter_map(|ty| Some((ty, registry.get(ty.name)?.needs())));
            let needs = needs.flat_map(|(ty, needs)| needs.iter().map(move |need| (ty, need)));
            for (ty, need) in needs.filter(|(_, need)| need.phases.meets(Phases::LIST)) {
                let listed = listed(ty, need, &place);
                let conditions = conditions(need, &place, false);
                self.grant(provider.role.clone(), need.action, conditions, listed);
            }
        }
        let is_asked = !self.granted.is_empty() || !self.more.is_empty();
        for need in backend.needs().iter().filter(|_| is_asked) {
            self.grant(None, need.action, Conditions::new(), BTreeSet::new());
        }
        for role in providers.iter().filter_map(|provider| provider.role.clone()) {
            let it = BTreeSet::from([role.to_string()]);
            self.grant(None, "sts:AssumeRole", Conditions::new(), it);
        }
    }

    /// Allows an action on some things; on everything if there are none.
    fn grant(
        &mut self,
        role: Option<Arc<str>>,
        action: &'static str,
        conditions: Conditions,
        mut resources: BTreeSet<String>,
    ) {
        if resources.is_empty() {
            resources.insert("*".to_owned());
        }
        let granted = &mut self.granted.entry(role).or_default().0;
        granted.entry((action, conditions)).or_default().extend(resources);
    }
}

/// What happens to a thing: one that only the state knows is read and deleted, which an update may
/// have to prepare.
fn phases_of(thing: Thing<'_>) -> Phases {
    let ends = Phases::READ.and(Phases::DELETE).and(Phases::LIST);
    match thing {
        Thing::Node(..) => Phases::ALL,
        Thing::Record(_, ty, _) if ty.protection.is_some() => ends.and(Phases::UPDATE),
        Thing::Record(..) => ends,
    }
}

/// What the things of a type may be called that a refresh may meet: they are anybody's.
fn listed(ty: &TypeDef, need: &Need, place: &Place) -> BTreeSet<String> {
    let template = |on: &On| match on {
        On::Own => ty.arn.map(|arn| arn.template),
        On::Arn(template) => Some(*template),
        On::Of(_) => None,
    };
    need.on.iter().filter_map(template).map(|it| place.spell(it)).collect()
}

fn conditions(need: &Need, place: &Place, ours: bool) -> Conditions {
    let mut all = Conditions::new();
    for when in need.when {
        let values = when.values.iter().map(|value| place.spell(value)).collect();
        all.entry(when.operator.to_owned()).or_default().insert(when.key.to_owned(), values);
    }
    if ours {
        let (operator, key, value) = OURS;
        let keys = all.entry(operator.to_owned()).or_default();
        keys.insert(key.to_owned(), vec![value.to_owned()]);
    }
    all
}

impl Granted {
    /// The same without what something else allows already.
    fn simplified(mut self) -> Self {
        for resources in self.0.values_mut() {
            let all = resources.clone();
            let covers = |pattern: &String, arn: &String| {
                pattern != arn && crate::aws::iam::is_like(arn.as_bytes(), pattern.as_bytes())
            };
            resources.retain(|arn| !all.iter().any(|pattern| covers(pattern, arn)));
        }
        let unbound: Vec<(&'static str, BTreeSet<String>)> = self
            .0
            .iter()
            .filter(|((_, conditions), _)| conditions.is_empty())
            .map(|((action, _), resources)| (*action, resources.clone()))
            .collect();
        for (action, allowed) in unbound {
            let is_allowed = |arn: &String| {
                let fits = |it: &String| crate::aws::iam::is_like(arn.as_bytes(), it.as_bytes());
                allowed.iter().any(fits)
            };
            self.0.retain(|(other, conditions), resources| {
                if *other == action && !conditions.is_empty() {
                    resources.retain(|arn| !is_allowed(arn));
                }
                !resources.is_empty()
            });
        }
        self
    }

    /// A statement for the actions of a service that are about the same things.
    fn statements(self) -> Vec<StatementArgs> {
        type Same = (String, Conditions, BTreeSet<String>);
        let mut same: BTreeMap<Same, Vec<String>> = BTreeMap::new();
        for ((action, conditions), resources) in self.0 {
            let service = action.split(':').next().unwrap_or_default().to_owned();
            same.entry((service, conditions, resources)).or_default().push(action.to_owned());
        }
        let statement =
            |((_, conditions, resources), actions): (Same, Vec<String>)| StatementArgs {
                sid: None,
                effect: Effect::Allow,
                principals: vec![],
                actions,
                not_actions: vec![],
                resources: resources.into_iter().collect(),
                not_resources: vec![],
                conditions,
            };
        same.into_iter().map(statement).collect()
    }
}

//! Turning a finished draft into a node: checks, defaults, names, inheritance.

use std::{
    hash::{Hash, Hasher},
    panic::Location,
};

use rustc_hash::FxHasher;

use super::{
    NodeRef, Options, Provider, Stack,
    builder::{Draft, DraftParts},
    stack::{Inner, Scope},
};
use crate::{
    graph::{Node, ProgramProblem},
    mutants::Mutant,
    schema::{PropDef, TypeDef, validate},
    types::IntoValue,
    urn::{Urn, check_name},
    value::{Path, PropertiesBuilder, Slot, Value},
};

type Site = &'static Location<'static>;

impl Stack {
    /// Adds what a builder collected. Called by the builders that the macros write.
    #[doc(hidden)]
    #[track_caller]
    pub fn add(&self, draft: Draft) -> NodeRef {
        let at = Location::caller();
        let mut inner = self.lock();
        let node = inner.add(*draft.0, self.component_place(), at);
        NodeRef { node, stack: self.id() }
    }
}

impl Inner {
    fn add(&mut self, draft: DraftParts, component: u32, at: Site) -> u32 {
        let DraftParts { ty, name, values, options, depends_on, provider } = draft;
        let urn = self.urn(ty, &name, component, at);
        let scope = std::mem::take(&mut self.scopes[component as usize]);
        let (inputs, sites) = self.inputs(ty, values, &scope, Owner { urn: &urn, component, at });
        let provider = self.provider(ty, provider, &scope);
        let options = inherited(options, &scope);
        let mut depends_on = depends_on;
        depends_on.extend(scope.depends_on.iter().copied());
        self.scopes[component as usize] = scope;
        let node = Node {
            urn,
            ty,
            inputs,
            sites,
            at,
            component,
            provider,
            depends_on: depends_on.into(),
            options,
        };
        let place = self.program.nodes.len() as u32;
        let (nodes, hash) = (&mut self.program.nodes, urn_hash(node.urn.as_str()));
        nodes.push(node);
        self.urns.insert_unique(hash, (hash, place), |(hash, _)| *hash);
        place
    }

    /// The URN of a new node. Where it can't have the one that it should, it gets one that
    /// differs, so that the rest of the program can still be checked.
    fn urn(&mut self, ty: &TypeDef, name: &str, component: u32, at: Site) -> Urn {
        let program = &self.program;
        let path = &program.components[component as usize].path;
        let impure = self.mutants.on(Mutant::ImpureBuild).then(|| format!("{name}-{}", program.id));
        let name = impure.as_deref().unwrap_or(name);
        let made = check_name(name)
            .and_then(|()| Urn::new(&program.project, &program.stack, path, ty.name, name));
        let urn = match made {
            Ok(urn) => urn,
            Err(error) => {
                let sites = self.sites(component, at);
                let message = format!("`{}` can't be named `{name}`: {error}", ty.name);
                self.program.problems.push(ProgramProblem::new(message, sites));
                return self.stand_in(ty);
            }
        };
        let nodes = &self.program.nodes;
        let hash = urn_hash(urn.as_str());
        let is_twin =
            |(other, place): &(u64, u32)| *other == hash && nodes[*place as usize].urn == urn;
        if let Some((_, twin)) = self.urns.find(hash, is_twin) {
            let first = nodes[*twin as usize].at;
            let mut sites = self.sites(component, at);
            sites.push(first);
            let problem = ProgramProblem::new("is created twice", sites)
                .of(&urn)
                .help("give one of them another name, or put them into different components");
            self.program.problems.push(problem);
            return self.stand_in(ty);
        }
        urn
    }

    fn stand_in(&self, ty: &TypeDef) -> Urn {
        let program = &self.program;
        let name = format!("problem-{}", program.nodes.len());
        Urn::new(&program.project, &program.stack, "", ty.name, &name)
            .expect("project, stack and type leave room for a short name")
    }

    fn inputs(
        &mut self,
        ty: &'static TypeDef,
        mut values: Vec<(Slot, Value, Site)>,
        scope: &Scope,
        owner: Owner<'_>,
    ) -> (crate::value::Properties, Box<[Site]>) {
        // The last one wins; the sort is stable.
        values.sort_by_key(|(slot, ..)| *slot);
        let mut inputs = PropertiesBuilder::with_capacity(values.len());
        let mut sites = Vec::with_capacity(values.len());
        let mut values = values.into_iter().peekable();
        for (slot, prop) in ty.inputs() {
            let mut given = None;
            while let Some((_, value, at)) = values.next_if(|(other, ..)| *other == slot) {
                given = Some((value, at));
            }
            let given = given.filter(|(value, _)| !value.is_null());
            let default = || prop.default.map(|default| (default(), owner.at));
            let Some((value, at)) = given.or_else(default) else {
                if ty.tags == Some(slot) && !scope.tags.0.is_empty() {
                    inputs.set(slot, scope.tags.clone().into_value());
                    sites.push(owner.at);
                }
                continue;
            };
            let value = if ty.tags == Some(slot) { with_tags(value, scope) } else { value };
            let value = self.checked(ty, prop, slot, value, &Owner { at, ..owner });
            if !value.is_null() {
                inputs.set(slot, value);
                sites.push(at);
            }
        }
        let inputs = inputs.build();
        for problem in ty.problems(&inputs) {
            self.problem(problem, &owner);
        }
        (inputs, sites.into())
    }

    fn checked(
        &mut self,
        ty: &TypeDef,
        prop: &PropDef,
        slot: Slot,
        value: Value,
        owner: &Owner<'_>,
    ) -> Value {
        let mut problems = vec![];
        let mut path = Path::property(prop.name);
        let value = validate(&prop.shape, &value, &mut path, &mut problems);
        let rule = ty.name_rule.filter(|rule| rule.slot == slot);
        if let (Some(rule), Value::Str(name)) = (rule, &value)
            && let Err(message) = rule.check(name)
        {
            let value = format!("{name:?}");
            problems.push(crate::schema::Problem { path, value, message });
        }
        let foreign = self.foreign(&value);
        if foreign {
            let path = Path::property(prop.name);
            let message = "is the output of another stack".to_owned();
            problems.push(crate::schema::Problem { path, value: String::new(), message });
        }
        for problem in problems {
            self.problem(problem, owner);
        }
        if foreign { Value::Null } else { value }
    }

    fn problem(&mut self, problem: crate::schema::Problem, owner: &Owner<'_>) {
        let sites = self.sites(owner.component, owner.at);
        let problem = ProgramProblem::new(problem.message, sites)
            .of(owner.urn)
            .property(problem.path.to_string())
            .value(problem.value);
        self.program.problems.push(problem);
    }

    fn provider(&mut self, ty: &TypeDef, own: Option<Provider>, scope: &Scope) -> u16 {
        let kind = ty.provider();
        let inherited = || scope.providers.iter().find(|provider| *provider.kind == *kind).cloned();
        // A provider of another kind on a resource is a mistake that the check of the whole
        // program reports; here the resource keeps it.
        let provider = own.or_else(inherited);
        let providers = &mut self.program.providers;
        let known = providers.iter().position(|other| match &provider {
            Some(provider) => other == provider,
            None => other.is_all_of_kind(kind),
        });
        let place = known.unwrap_or_else(|| {
            providers.push(provider.unwrap_or_else(|| Provider::of_kind(kind)));
            providers.len() - 1
        });
        u16::try_from(place).expect("a program names far fewer than 65,536 providers")
    }
}

#[derive(Clone, Copy)]
struct Owner<'a> {
    urn: &'a Urn,
    component: u32,
    at: Site,
}

fn with_tags(own: Value, scope: &Scope) -> Value {
    if scope.tags.0.is_empty() || !matches!(own, Value::Map(_)) {
        return own;
    }
    let inherited =
        scope.tags.0.iter().map(|(key, value)| (key.as_str().into(), value.as_str().into()));
    let own = own.entries().iter().map(|(key, value)| (key.clone(), value.clone()));
    Value::map(inherited.chain(own).collect::<Vec<(std::sync::Arc<str>, Value)>>())
}

fn inherited(own: Option<Box<Options>>, scope: &Scope) -> Option<Box<Options>> {
    if scope.protect.is_none() && !scope.retain_on_delete {
        return own;
    }
    let mut options = own.unwrap_or_default();
    options.protect = options.protect.or(scope.protect);
    options.retain_on_delete |= scope.retain_on_delete;
    Some(options)
}

/// The hash under which a URN stands in tables of places.
pub(crate) fn urn_hash(urn: &str) -> u64 {
    let mut hasher = FxHasher::default();
    urn.hash(&mut hasher);
    hasher.finish()
}

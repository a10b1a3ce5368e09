//! [`Stack`]: what a program is written into.

use std::{
    collections::BTreeSet,
    panic::Location,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU16, Ordering},
    },
};

use hashbrown::HashTable;

use super::{
    Alias, AnyOutput, ComponentOptions, Config, ConfigError, ConfigErrorKind, ConfigType,
    Dependable, Dependency, Provider,
};
use crate::{
    check::{self, Allowance, Check, Sorted},
    graph::{Component, Program, ProgramProblem, StackOutput},
    mutants::Mutants,
    plan::Pattern,
    types::Tags,
    urn::{UrnError, check_name},
};

/// What a program is written into: the stack itself, or a component in it.
///
/// Nothing here does I/O, and nothing fails: problems are collected and reported together.
///
/// ```
/// use infra_core::prelude::*;
///
/// let stack = Stack::new("campus", "production", Config::default()).unwrap();
/// let network = stack.component("network");
/// assert_eq!(&*network.name(), "production");
/// let program = stack.finish();
/// assert_eq!(program.components.len(), 2);
/// ```
#[derive(Clone, Debug)]
pub struct Stack {
    inner: Arc<Mutex<Inner>>,
    component: u32,
    id: u16,
}

/// What a stack collects.
#[derive(Debug)]
pub(super) struct Inner {
    pub(super) program: Program,
    pub(super) scopes: Vec<Scope>,
    /// Places of nodes by the hash of their URN, which is kept: a table that grows then looks at no
    /// URN again.
    pub(super) urns: HashTable<(u64, u32)>,
    config: Config,
    pub(super) mutants: Mutants,
    /// The keys of the configuration that the program asked for.
    asked: BTreeSet<String>,
}

/// What a component passes down.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    pub(super) providers: Vec<Provider>,
    pub(super) protect: Option<bool>,
    pub(super) retain_on_delete: bool,
    pub(super) depends_on: Vec<Dependency>,
    pub(super) tags: Tags,
}

static NEXT_ID: AtomicU16 = AtomicU16::new(1);

impl Stack {
    /// An empty stack of a project.
    ///
    /// # Errors
    /// If a name has a character that a URN may not have.
    #[track_caller]
    pub fn new(project: &str, stack: &str, config: Config) -> Result<Self, UrnError> {
        check_name(project)?;
        check_name(stack)?;
        let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
        let program = Program::named(project.into(), stack.into(), id, Location::caller());
        let scopes = vec![Scope::default()];
        let inner = Inner {
            program,
            scopes,
            urns: HashTable::new(),
            config,
            mutants: Mutants::default(),
            asked: BTreeSet::new(),
        };
        Ok(Self { inner: Arc::new(Mutex::new(inner)), component: 0, id })
    }

    /// The same, with planted bugs.
    #[cfg(feature = "testing")]
    #[must_use]
    pub fn with_mutants(self, mutants: Mutants) -> Self {
        self.lock().mutants = mutants;
        self
    }

    /// A component: a group of resources whose names get its name in front.
    #[must_use]
    #[track_caller]
    pub fn component(&self, name: &str) -> Self {
        self.component_with(name, ComponentOptions::default())
    }

    /// A component that passes options down to everything in it.
    #[must_use]
    #[track_caller]
    pub fn component_with(&self, name: &str, options: ComponentOptions) -> Self {
        let at = Location::caller();
        let mut inner = self.lock();
        let parent = &inner.program.components[self.component as usize];
        let path = join(&parent.path, name);
        let mut aliases: Vec<String> =
            parent.aliases.iter().map(|alias| join(alias, name)).collect();
        for alias in &options.aliases {
            match alias {
                Alias::Name(old) => aliases.push(join(&parent.path, old)),
                Alias::Urn(path) => aliases.push(path.clone()),
            }
        }
        if let Err(error) = check_name(name) {
            let sites = inner.sites(self.component, at);
            inner.program.problems.push(ProgramProblem::new(error.to_string(), sites));
        }
        let twin = inner.program.components.iter().skip(1).find(|other| *other.path == *path);
        if let Some(first) = twin.map(|twin| twin.at) {
            let mut sites = inner.sites(self.component, at);
            sites.push(first);
            let message = format!("two components have the path `{path}`");
            let problem = ProgramProblem::new(message, sites).help("give one another name");
            inner.program.problems.push(problem);
        }
        let scope = inner.scopes[self.component as usize].clone().within(options);
        let component = inner.program.components.len() as u32;
        let path = path.into();
        inner.program.components.push(Component { path, parent: self.component, at, aliases });
        inner.scopes.push(scope);
        Self { inner: Arc::clone(&self.inner), component, id: self.id }
    }

    /// Where resources of a provider's kind go from here on, in this stack or component.
    pub fn use_provider(&self, provider: Provider) {
        let mut inner = self.lock();
        let providers = &mut inner.scopes[self.component as usize].providers;
        providers.retain(|other| other.kind != provider.kind);
        providers.push(provider);
    }

    /// A tag for everything created in this stack or component from here on.
    pub fn tag(&self, key: &str, value: &str) {
        let mut inner = self.lock();
        inner.scopes[self.component as usize].tags.0.insert(key.to_owned(), value.to_owned());
    }

    /// Reads a value of the configuration.
    ///
    /// # Errors
    /// If the key is not set (unless `T` is an `Option`), or its value is not a `T`.
    #[track_caller]
    pub fn config<T: ConfigType>(&self, key: &str) -> Result<T, ConfigError> {
        let at = Location::caller();
        let mut inner = self.lock();
        inner.asked.insert(key.to_owned());
        T::read(inner.config.get(key)).map_err(|kind| ConfigError { key: key.to_owned(), kind, at })
    }

    /// Reads a value of the configuration, or takes another one if the key is not set.
    ///
    /// # Errors
    /// If the value is not a `T`.
    #[track_caller]
    pub fn config_or<T: ConfigType>(&self, key: &str, default: T) -> Result<T, ConfigError> {
        match self.config(key) {
            Err(ConfigError { kind: ConfigErrorKind::Missing, .. }) => Ok(default),
            result => result,
        }
    }

    /// The keys that the program has asked for so far, whether they are set or not.
    #[must_use]
    pub fn asked_config(&self) -> Vec<String> {
        self.lock().asked.iter().cloned().collect()
    }

    /// A value that the stack shows after `up` and offers to other stacks.
    #[track_caller]
    pub fn output(&self, name: &str, value: impl AnyOutput) {
        let at = Location::caller();
        let value = value.part();
        let mut inner = self.lock();
        let foreign = inner.foreign(&value);
        let twin = inner.program.outputs.iter().find(|other| *other.name == *name);
        let problem = if foreign {
            Some(format!("the output `{name}` belongs to another stack"))
        } else {
            twin.map(|_| format!("two outputs have the name `{name}`"))
        };
        if let Some(message) = problem {
            let sites = inner.sites(self.component, at);
            inner.program.problems.push(ProgramProblem::new(message, sites));
            return;
        }
        inner.program.outputs.push(StackOutput { name: name.into(), value, at });
    }

    /// Makes a resource wait for another one, after both were created. Where it can, a program
    /// says `depends_on` while it builds the resource: then no cycle is possible.
    #[track_caller]
    pub fn depend(&self, waiting: &impl Dependable, on: &impl Dependable) {
        let at = Location::caller();
        let (Dependency::Node(waiting), Dependency::Node(on)) =
            (waiting.dependency(), on.dependency())
        else {
            return self
                .problem("`depend` takes two resources; use `depends_on` for components", at);
        };
        self.lock().program.later.push((waiting.node, on.node, at));
    }

    /// A rule that the whole program is held against, and every plan for it; see [`Check`].
    pub fn check(&self, check: impl Check + 'static) {
        self.check_shared(Arc::new(check));
    }

    /// The same for a rule that several programs share.
    pub fn check_shared(&self, check: Arc<dyn Check>) {
        self.lock().program.checks.push(check);
    }

    /// Several rules at once, each of them once however often they are given:
    /// `stack.checks(infra_core::aws::rules::all())`.
    pub fn checks(&self, checks: impl IntoIterator<Item = Arc<dyn Check>>) {
        let known = &mut self.lock().program.checks;
        for check in checks {
            if !known.iter().any(|other| Arc::ptr_eq(other, &check)) {
                known.push(check);
            }
        }
    }

    /// Allows what is in this stack or component to break a rule: resources by name, end of URN or
    /// pattern with `*`, as `--target` takes them. Previews show what it allows with the reason,
    /// and it is a problem itself once nothing breaks the rule any more.
    ///
    /// ```
    /// use infra_core::{aws::{ec2::LaunchTemplate, rules}, prelude::*};
    ///
    /// # use infra_core::aws::ec2::{HttpTokens, LaunchTemplateData, MetadataOptions};
    /// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
    /// # let data = LaunchTemplateData::new()
    /// #     .image_id("ami-0123456789abcdef0")
    /// #     .metadata_options(MetadataOptions::new().http_tokens(HttpTokens::Optional));
    /// stack.checks(rules::all());
    /// stack.allow("imdsv2", "LaunchTemplate/old", "its agent speaks version 1; goes in March");
    /// LaunchTemplate::named("old").launch_template_data(data).create(&stack);
    /// let program = stack.finish();
    /// assert_eq!(program.problems, []);
    /// assert_eq!(program.allowed[0].reason, "its agent speaks version 1; goes in March");
    /// ```
    #[track_caller]
    pub fn allow(&self, check: &str, pattern: &str, reason: &str) {
        let at = Location::caller();
        let allowance = Allowance {
            check: check.to_owned(),
            pattern: Pattern::new(pattern),
            reason: reason.to_owned(),
            at,
            component: self.component,
        };
        self.lock().program.allowances.push(allowance);
    }

    fn problem(&self, message: &str, at: &'static Location<'static>) {
        let mut inner = self.lock();
        let sites = inner.sites(self.component, at);
        inner.program.problems.push(ProgramProblem::new(message, sites));
    }

    /// The stack's name.
    #[must_use]
    pub fn name(&self) -> Arc<str> {
        self.lock().program.stack.clone()
    }

    /// The project's name.
    #[must_use]
    pub fn project(&self) -> Arc<str> {
        self.lock().program.project.clone()
    }

    /// What was built, and everything that is wrong with it. The stack is empty afterwards.
    #[must_use]
    pub fn finish(&self) -> Program {
        let mut inner = self.lock();
        let (project, stack) = (inner.program.project.clone(), inner.program.stack.clone());
        let at = inner.program.components[0].at;
        let empty = Program::named(project, stack, self.id, at);
        inner.urns = HashTable::new();
        inner.scopes.truncate(1);
        let mut program = std::mem::replace(&mut inner.program, empty);
        drop(inner);
        let Sorted { problems, allowed } = check::of_program(&program);
        program.problems.extend(problems);
        program.allowed = allowed;
        program
    }

    // A panic while the lock was held leaves plain data that is still whole.
    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) const fn component_place(&self) -> u32 {
        self.component
    }

    pub(super) const fn id(&self) -> u16 {
        self.id
    }
}

impl Dependable for Stack {
    fn dependency(&self) -> Dependency {
        Dependency::Component { component: self.component, stack: self.id }
    }
}

impl Scope {
    fn within(mut self, options: ComponentOptions) -> Self {
        for provider in options.providers {
            self.providers.retain(|other| other.kind != provider.kind);
            self.providers.push(provider);
        }
        self.protect = options.protect.or(self.protect);
        self.retain_on_delete |= options.retain_on_delete;
        self.depends_on.extend(options.depends_on);
        self.tags.0.extend(options.tags.0);
        self
    }
}

impl Inner {
    pub(super) fn sites(
        &self,
        component: u32,
        at: &'static Location<'static>,
    ) -> Vec<&'static Location<'static>> {
        crate::graph::sites(&self.program.components, component, at)
    }

    /// Whether a value holds an output of another stack.
    pub(super) fn foreign(&self, value: &crate::value::Value) -> bool {
        let mut foreign = false;
        value.refs(&mut |output| foreign |= output.stack != self.program.id);
        foreign
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") }
}

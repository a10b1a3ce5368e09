//! The production example with something of it changed or taken away, as a program that somebody
//! else wrote might have it.

use infra_core::{
    graph::{Node, Program},
    plan::Pattern,
    value::{Properties, Value},
};

use crate::moodle::site;

/// A program that is changed after it was built. What is taken away keeps its place and has no
/// properties, so that nothing is found by it.
pub(crate) struct Edited(Program);

impl Edited {
    /// The production example as it is.
    pub(crate) fn production() -> Self {
        Self(site(&[]))
    }

    pub(crate) fn program(&self) -> &Program {
        &self.0
    }

    /// Sets a property, or a part of one: `launch_template_data.metadata_options.http_tokens`,
    /// `container_definitions.0.stop_timeout`. `Null` takes it away.
    pub(crate) fn set(mut self, name: &str, property: &str, value: impl Into<Value>) -> Self {
        let (property, path) = property.split_once('.').unwrap_or((property, ""));
        let path: Vec<&str> = path.split('.').filter(|step| !step.is_empty()).collect();
        let node = self.node(name);
        let slot = node.ty.slot(property).unwrap_or_else(|| panic!("{property} of {name}"));
        let value = changed(node.inputs.get(slot), &path, value.into());
        node.inputs = node.inputs.with(slot, value);
        self
    }

    /// Gives a resource what another one has.
    pub(crate) fn copy(self, name: &str, property: &str, from: &str) -> Self {
        self.copy_into(name, property, from, property)
    }

    /// Gives a resource, or a part of it, what another one has as another property.
    pub(crate) fn copy_into(mut self, name: &str, to: &str, from: &str, property: &str) -> Self {
        let node = self.node(from);
        let value = node.inputs.get(node.ty.slot(property).unwrap()).clone();
        self.set(name, to, value)
    }

    /// Keeps so many items of a list.
    pub(crate) fn cut(mut self, name: &str, property: &str, count: usize) -> Self {
        let node = self.node(name);
        let items = node.inputs.get(node.ty.slot(property).unwrap()).items().to_vec();
        assert!(items.len() > count, "{property} of {name} has more than {count}");
        self.set(name, property, Value::list(items.into_iter().take(count)))
    }

    /// Takes a resource away.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.node(name).inputs = Properties::default();
        self
    }

    fn node(&mut self, name: &str) -> &mut Node {
        let pattern = Pattern::new(name);
        let mut found = self.0.nodes.iter_mut().filter(|node| pattern.matches(&node.urn));
        let node = found.next().unwrap_or_else(|| panic!("there is no {name}"));
        assert!(found.next().is_none(), "{name} is one");
        node
    }
}

fn changed(whole: &Value, path: &[&str], value: Value) -> Value {
    let Some((step, path)) = path.split_first() else { return value };
    if let Ok(place) = step.parse::<usize>() {
        let items = whole.items().iter().enumerate();
        return Value::list(items.map(|(at, item)| match at == place {
            true => changed(item, path, value.clone()),
            false => item.clone(),
        }));
    }
    let inner = changed(whole.field(step).unwrap_or(&Value::Null), path, value);
    let kept = whole.entries().iter().filter(|(key, _)| **key != **step);
    let kept = kept.map(|(key, value)| (key.clone(), value.clone()));
    Value::map(kept.chain([((*step).into(), inner)]).collect::<Vec<_>>())
}

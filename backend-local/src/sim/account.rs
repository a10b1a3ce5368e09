//! The account as people look at it and change it behind the engine's back.

use infra_core::{
    handler::{Account, AccountObject, BackendError},
    schema::{TypeDef, validate},
    value::{Path, Value},
};

use super::{
    Sim, World,
    object::{Life, Object},
    simulator::failed,
};

impl Account for Sim {
    fn objects(&self) -> Vec<AccountObject> {
        let mut objects: Vec<AccountObject> = self.with_world(|world| {
            world.live().filter(|object| is_there(object)).map(shown).collect()
        });
        objects.sort_by(|a, b| (&a.ty, &a.region, &a.id).cmp(&(&b.ty, &b.region, &b.id)));
        objects
    }

    fn set(&self, id: &str, property: &str, value: &str) -> Result<(), BackendError> {
        self.change(id, |world, place| {
            let ty = world.objects[place as usize].ty;
            let slot = ty.slot(property).ok_or_else(|| unknown_property(ty, property))?;
            let value = parse(ty, slot, value)?;
            let object = &mut world.objects[place as usize];
            if ty.prop(slot).output {
                object.outputs = object.outputs.with(slot, value);
            } else {
                object.inputs = object.inputs.with(slot, value);
            }
            world.rewrite(place);
            Ok(())
        })
    }

    fn remove(&self, id: &str) -> Result<(), BackendError> {
        self.change(id, |world, place| {
            world.remove(place);
            Ok(())
        })
    }
}

/// A task that has ended is asked about for a while, and is no thing any more.
fn is_there(object: &Object) -> bool {
    object.life != Life::Ended
}

impl Sim {
    fn change(
        &self,
        id: &str,
        work: impl FnOnce(&mut World, u32) -> Result<(), BackendError>,
    ) -> Result<(), BackendError> {
        let mut world = self.api.lock();
        world.advance(self.now());
        let place = world.find_anywhere(id).ok_or_else(|| no_such_thing(&world, id))?;
        work(&mut world, place)?;
        world.log.sync().map_err(failed)
    }
}

impl World {
    /// A thing by its id or ARN, whatever its type; `Type/id` where an id is not enough.
    fn find_anywhere(&self, name: &str) -> Option<u32> {
        let (kind, id) = name.split_once('/').unwrap_or(("", name));
        let named = |object: &Object| {
            let whole = *object.id == *name || object.arn() == Some(name);
            whole || object.ty.short_name() == kind && *object.id == *id
        };
        let found =
            self.objects.iter().position(|object| object.life != Life::Gone && named(object));
        found.map(|place| place as u32)
    }
}

fn shown(object: &Object) -> AccountObject {
    let mut properties: Vec<(String, Value)> = vec![];
    for (slot, value) in object.inputs.iter().chain(object.outputs.iter()) {
        let name = object.ty.prop(slot).name;
        if !properties.iter().any(|(other, _)| other == name) {
            properties.push((name.to_owned(), value.clone()));
        }
    }
    if let Some(owner) = &object.owner {
        properties.extend(owner.tags().map(|(key, value)| (key.to_owned(), value.into())));
    }
    AccountObject {
        ty: object.ty.name.to_owned(),
        id: object.id.to_string(),
        region: object.scope.to_string(),
        life: match object.life {
            Life::Live => "live",
            Life::Deleting => "deleting",
            Life::Ended => "ended",
            Life::Gone => "gone",
        }
        .to_owned(),
        properties,
    }
}

fn error(message: String, help: Option<String>) -> BackendError {
    BackendError { message, help, source: None }
}

fn no_such_thing(world: &World, id: &str) -> BackendError {
    let count = world.live().count();
    error(
        format!("there is no `{id}` in the simulated account"),
        Some(format!("`sim ls` shows the {count} things that there are")),
    )
}

fn unknown_property(ty: &TypeDef, property: &str) -> BackendError {
    let known: Vec<&str> = ty.props.iter().map(|prop| prop.name).collect();
    error(
        format!("a {} has no property `{property}`", ty.short_name()),
        Some(format!("it has {}", known.join(", "))),
    )
}

/// A value as people type it: JSON where it is JSON of the right shape, else text.
fn parse(ty: &TypeDef, slot: u16, text: &str) -> Result<Value, BackendError> {
    let prop = ty.prop(slot);
    let as_text = Value::from(text);
    let as_json = serde_json::from_str::<Value>(text).ok();
    let fits = |value: &Value| {
        let mut problems = vec![];
        let value = validate(&prop.shape, value, &mut Path::property(prop.name), &mut problems);
        problems.is_empty().then_some(value)
    };
    as_json.as_ref().and_then(fits).or_else(|| fits(&as_text)).ok_or_else(|| {
        error(
            format!("`{}` can't be `{text}`", prop.name),
            Some(format!("expected {}, as JSON", prop.shape.describe())),
        )
    })
}

//! [`Special`]: what is special about a type.

use std::borrow::Cow;

use infra_core::{
    aws::{
        KmsKeyArn, RoleArn, iam,
        kms::{self, KeySpec},
    },
    dsl::{Prop, ResourceType},
    schema::TypeDef,
    types::{IntoValue, PropertyType, Timestamp},
    value::{Properties, PropertiesBuilder, Slot, Value},
};

use super::{
    World,
    identity::uuid,
    object::Object,
    policy,
    refusal::{Codes, Refusal},
};

/// What is special about a type; everything else follows from its schema. Of a lookup there is
/// nothing else: `check` says whether it can be read, `outputs` what it tells.
pub(super) trait Special: Sync {
    /// The type.
    fn ty(&self) -> &'static TypeDef;

    /// Whether it can be created or changed so. References exist and formats are right by now.
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let _ = asked;
        Ok(())
    }

    /// The outputs and the properties that AWS chooses, beside ids and ARNs.
    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let _ = (asked, outputs);
    }

    /// What else AWS makes together with it.
    fn created(&self, world: &mut World, place: u32) {
        let _ = (world, place);
    }

    /// What else changes with it.
    fn changed(&self, world: &mut World, place: u32) {
        let _ = (world, place);
    }

    /// What else happens with its deletion: what goes along that no property shows, what is left
    /// behind.
    fn deleted(&self, world: &mut World, place: u32) {
        let _ = (world, place);
    }

    /// Whether every account has one of this name that nobody made: AWS's own defaults.
    fn is_always_there(&self, id: &str) -> bool {
        let _ = id;
        false
    }

    /// Whether it can be deleted now; references are counted by the core.
    fn check_delete(&self, world: &World, object: &Object) -> Result<(), Refusal> {
        let _ = (world, object);
        Ok(())
    }

    /// Whether a property can be cleared on the way to deletion.
    fn check_detach(&self, world: &World, object: &Object, slot: Slot) -> Result<(), Refusal> {
        let _ = (world, object, slot);
        Ok(())
    }

    /// How the service calls its errors, if not as ec2 does.
    fn codes(&self) -> Option<&'static Codes> {
        None
    }

    /// How long nothing else can have its unique properties after it was deleted, in milliseconds:
    /// while it can still be restored.
    fn keeps_names_for(&self, object: &Object) -> u64 {
        let _ = object;
        0
    }

    /// The type of what its deletion takes along although it refers to it: the objects of a bucket
    /// that is to be emptied.
    fn takes_along(&self, object: &Object) -> Option<&'static str> {
        let _ = object;
        None
    }

    /// How many there may be in a region.
    fn quota(&self) -> Option<usize> {
        None
    }

    /// As what AWS remembers the moment of a change, where it allows the like once in a while
    /// alone; see [`Asked::since`].
    fn remembers(&self, asked: &Asked<'_>) -> Option<&'static str> {
        let _ = asked;
        None
    }

    /// Of a task: how long it may take, in milliseconds, before it is stopped.
    fn time_limit(&self, asked: &Asked<'_>) -> Option<u64> {
        let _ = asked;
        None
    }

    /// Of a task: what it tells when it was stopped.
    fn stopped(&self, outputs: &mut PropertiesBuilder) {
        let _ = outputs;
    }

    /// Of a task that has ended: why that is a failure, if it is one.
    fn failure(&self, object: &Object) -> Option<String> {
        let _ = object;
        None
    }

    /// What it still waits for when its time is over, or why it never becomes ready.
    fn waits(&self, world: &World, object: &Object) -> Option<Wait> {
        let _ = (world, object);
        None
    }

    /// How long it takes to become ready, or to end if it is a task, in milliseconds, where that depends on its properties.
    fn ready_in(&self, asked: &Asked<'_>) -> Option<u64> {
        let _ = asked;
        None
    }
}

/// What something waits for that is not ready though its time is over.
pub(super) enum Wait {
    /// Worth another look at that time, in milliseconds; for what it waits.
    Until(u64, String),
    /// It never becomes ready; why.
    Never(String),
}

/// What was asked for, with the world that it is asked in.
pub(super) struct Asked<'a> {
    pub(super) world: &'a World,
    pub(super) ty: &'static TypeDef,
    pub(super) scope: &'a str,
    /// The id that it has or will have.
    pub(super) id: &'a str,
    pub(super) inputs: &'a Properties,
    /// Updates: how it was.
    pub(super) old: Option<&'a Object>,
    /// A number that no other object has.
    pub(super) number: u64,
}

impl<'a> Asked<'a> {
    /// A property.
    pub(super) fn get<R: ResourceType, T: PropertyType>(
        &self,
        prop: Prop<R, T>,
    ) -> Option<T::Resolved> {
        decoded::<T>(self.value(prop.slot))
    }

    /// A property as it is; what AWS chose before counts where nothing is asked.
    pub(super) fn value(&self, slot: Slot) -> &Value {
        match (self.inputs.get(slot), self.old) {
            (Value::Null, Some(old)) => old.outputs.get(slot),
            (value, _) => value,
        }
    }

    /// How long ago the last change was that AWS remembers as `what`, in milliseconds.
    pub(super) fn since(&self, what: &str) -> Option<u64> {
        let at = self.old?.moments.get(what)?;
        Some(self.world.now.saturating_sub(*at))
    }

    /// The object that a property refers to.
    pub(super) fn referenced<R, T>(&self, prop: Prop<R, T>) -> Option<&'a Object> {
        let id = self.inputs.get(prop.slot).as_str()?;
        self.world.referenced(self.ty, prop.slot, id, self.scope)
    }

    /// How many others of its type have the same in some properties, such as their parent.
    pub(super) fn beside(&self, slots: &[Slot]) -> usize {
        let same = |other: &&Object| {
            *other.id != *self.id
                && slots.iter().all(|slot| other.value(*slot) == self.value(*slot))
        };
        self.world.all(self.ty.name, self.scope).filter(same).count()
    }

    /// How long a text may be, in characters.
    pub(super) fn check_text<R: ResourceType>(
        &self,
        prop: Prop<R, String>,
        most: usize,
        code: &str,
    ) -> Result<(), Refusal> {
        if self.get(prop).is_none_or(|text| text.chars().count() <= most) {
            return Ok(());
        }
        let property = R::definition().prop(prop.slot).name;
        let message = format!("`{property}` may have {most} characters at most");
        Err(Refusal::invalid(property, code, message))
    }

    /// That an end comes after its start, where both are given.
    pub(super) fn check_order<R: ResourceType>(
        &self,
        start: Prop<R, Timestamp>,
        end: Prop<R, Timestamp>,
        code: &str,
    ) -> Result<(), Refusal> {
        let name = |prop: Prop<R, Timestamp>| R::definition().prop(prop.slot).name;
        match (self.get(start), self.get(end)) {
            (Some(from), Some(to)) if to <= from => {
                let property = name(end);
                let message = format!("`{property}` {to} is not after `{}` {from}", name(start));
                Err(Refusal::invalid(property, code, message))
            }
            _ => Ok(()),
        }
    }

    /// A key encrypts only in its own region.
    pub(super) fn check_key<R: ResourceType>(
        &self,
        prop: Prop<R, KmsKeyArn>,
        code: &str,
    ) -> Result<(), Refusal> {
        let Some(key) = self.get(prop) else { return Ok(()) };
        self.check_key_at(R::definition().prop(prop.slot).name, key.as_str(), code)
    }

    /// The same for a key somewhere in a structure. Services encrypt with symmetric keys alone.
    pub(super) fn check_key_at(&self, path: &str, key: &str, code: &str) -> Result<(), Refusal> {
        self.check_region(path, "key", key, code)?;
        let object = self.world.get(kms::Key::definition().name, key, self.scope);
        let spec = object.and_then(|object| of(object, kms::Key::KEY_SPEC));
        match spec {
            Some(spec) if spec != KeySpec::SymmetricDefault => {
                let message = format!(
                    "`{path}` {key} is a key of the kind {spec}; only SYMMETRIC_DEFAULT encrypts \
                     for services"
                );
                Err(Refusal::invalid(path, code, message))
            }
            _ => Ok(()),
        }
    }

    /// That something, a key or a topic, is of the region.
    pub(super) fn check_region(
        &self,
        path: &str,
        kind: &str,
        arn: &str,
        code: &str,
    ) -> Result<(), Refusal> {
        let region = arn.split(':').nth(3).unwrap_or_default();
        if region == self.region() {
            return Ok(());
        }
        let message =
            format!("`{path}` {arn} is a {kind} of another region than {}", self.region());
        Err(Refusal::invalid(path, code, message))
    }

    /// Whether a service may take a role on. What is not known of a role does not speak against it.
    pub(super) fn can_take_on(&self, service: &str, role: &RoleArn) -> bool {
        let role = self.world.get(iam::Role::definition().name, role.as_str(), self.scope);
        let trust = role.and_then(|role| of(role, iam::Role::ASSUME_ROLE_POLICY_DOCUMENT));
        trust.is_none_or(|trust| policy::trusts(&trust, service))
    }

    /// The key that AWS keeps for a service in each account and region: `aws/rds`.
    pub(super) fn own_key(&self, alias: &str) -> KmsKeyArn {
        own_key(self.scope, alias)
    }

    /// The region.
    pub(super) fn region(&self) -> &'a str {
        self.scope.rsplit('/').next().unwrap_or_default()
    }

    /// The account.
    pub(super) fn account(&self) -> &'a str {
        self.scope.split('/').next().unwrap_or_default()
    }
}

/// The key that AWS keeps for a service in each account and region.
pub(super) fn own_key(scope: &str, alias: &str) -> KmsKeyArn {
    let (account, region) = scope.split_once('/').unwrap_or((scope, ""));
    let id = uuid(&format!("{scope}/{alias}"), 0);
    let arn = format!("arn:aws:kms:{region}:{account}:key/{id}");
    KmsKeyArn::parse(&arn).expect("it is made in the form of one")
}

/// Sets an output.
pub(super) fn tell<R, T: PropertyType>(
    outputs: &mut PropertiesBuilder,
    prop: Prop<R, T>,
    value: impl IntoValue<Property = T>,
) {
    outputs.set(prop.slot, value.into_value());
}

/// Sets a property that AWS chooses, where nothing else is asked.
pub(super) fn choose<R, T: PropertyType>(
    asked: &Asked<'_>,
    outputs: &mut PropertiesBuilder,
    prop: Prop<R, T>,
    value: impl IntoValue<Property = T>,
) {
    if !asked.inputs.has(prop.slot) {
        tell(outputs, prop, value);
    }
}

/// A property of an object.
pub(super) fn of<R: ResourceType, T: PropertyType>(
    object: &Object,
    prop: Prop<R, T>,
) -> Option<T::Resolved> {
    decoded::<T>(object.value(prop.slot))
}

/// A value as the type of a property.
pub(super) fn decoded<T: PropertyType>(value: &Value) -> Option<T::Resolved> {
    match value {
        Value::Null => None,
        value => T::decode(&readable(value)).ok(),
    }
}

/// The account keeps digests in place of secrets; what reads a structure with a secret in it finds
/// a text there.
fn readable(value: &Value) -> Cow<'_, Value> {
    if !value.has_secret() {
        return Cow::Borrowed(value);
    }
    Cow::Owned(match value {
        Value::Secret(_) => Value::from("[secret]"),
        Value::List(items) => Value::list(items.iter().map(|item| readable(item).into_owned())),
        Value::Map(entries) => Value::Map(
            entries
                .iter()
                .map(|(key, value)| (key.clone(), readable(value).into_owned()))
                .collect(),
        ),
        value => value.clone(),
    })
}

//! [`View`]: an account as somebody else reads it, while another process has it.

use std::{fs::File, io, marker::PhantomData, path::Path};

use infra_core::{
    dsl::{Prop, ResourceType},
    schema::Types,
    types::PropertyType,
};
use rustc_hash::FxHashMap;

use super::{
    SimError,
    log::read_only,
    object::{Life, Object},
    special::of,
    specials,
};

/// What was in an account when its file was read. It is never changed through this, and whoever has
/// it open goes on.
#[derive(Debug, Default)]
pub struct View {
    objects: Vec<Object>,
    /// Places by id and ARN.
    names: FxHashMap<String, Vec<usize>>,
}

impl View {
    /// Reads the file of an account; there is nothing in one that is not there. A record that is
    /// being written is not seen yet.
    ///
    /// # Errors
    /// If it can't be read, or is damaged.
    pub fn read(path: &Path) -> Result<Self, SimError> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(source) => return Err(SimError::Io { path: path.to_owned(), source }),
        };
        let types: Types = specials().iter().map(|special| special.ty()).collect();
        let replayed = read_only(&file, path, &types)?;
        let live = |object: &Object| matches!(object.life, Life::Live | Life::Deleting);
        Ok(Self::of(replayed.objects.into_iter().filter(live).collect()))
    }

    fn of(objects: Vec<Object>) -> Self {
        let mut names: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (place, object) in objects.iter().enumerate() {
            let arn = object.arn().filter(|arn| **arn != *object.id);
            for name in std::iter::once(&*object.id).chain(arn) {
                names.entry(name.to_owned()).or_default().push(place);
            }
        }
        Self { objects, names }
    }

    /// Whether there is anything that is not of this type.
    #[must_use]
    pub fn has_other_than<R: ResourceType>(&self) -> bool {
        self.objects.iter().any(|object| object.ty.name != R::definition().name)
    }

    /// All things of a type.
    pub fn all<R: ResourceType>(&self) -> impl Iterator<Item = Thing<'_, R>> {
        let ty = R::definition().name;
        self.objects.iter().filter(move |object| object.ty.name == ty).map(Thing::of)
    }

    /// A thing by its id or ARN.
    #[must_use]
    pub fn find<R: ResourceType>(&self, name: &str) -> Option<Thing<'_, R>> {
        let places = self.names.get(name)?.iter();
        let mut objects = places.map(|place| &self.objects[*place]);
        objects.find(|object| object.ty.name == R::definition().name).map(Thing::of)
    }

    /// Whether there is a thing of a type, by its id.
    #[must_use]
    pub fn has(&self, ty: &str, id: &str) -> bool {
        let places = self.names.get(id).into_iter().flatten();
        places.into_iter().any(|place| self.objects[*place].ty.name == ty)
    }
}

/// A thing of an account, with its type.
#[derive(Debug)]
pub struct Thing<'a, R> {
    object: &'a Object,
    ty: PhantomData<R>,
}

impl<R> Clone for Thing<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Thing<'_, R> {}

impl<'a, R: ResourceType> Thing<'a, R> {
    fn of(object: &'a Object) -> Self {
        Self { object, ty: PhantomData }
    }

    /// Its physical id.
    #[must_use]
    pub fn id(&self) -> &'a str {
        &self.object.id
    }

    /// Its ARN; its id if it has none.
    #[must_use]
    pub fn arn(&self) -> &'a str {
        self.object.arn().unwrap_or(&self.object.id)
    }

    /// The region that it is in.
    #[must_use]
    pub fn region(&self) -> &'a str {
        self.object.scope.rsplit('/').next().unwrap_or_default()
    }

    /// Whether a property or output is there, were it a secret.
    #[must_use]
    pub fn has<T: PropertyType>(&self, prop: Prop<R, T>) -> bool {
        !self.object.value(prop.slot).is_null()
    }

    /// What a secret property is told from another one by: its digest; `None` if it is absent.
    #[cfg(feature = "containers")]
    pub(crate) fn mark<T: PropertyType>(
        &self,
        prop: Prop<R, T>,
    ) -> Option<infra_core::value::Value> {
        let value = self.object.value(prop.slot);
        (!value.is_null()).then(|| value.clone())
    }

    /// A property or output; `None` if it is absent. Secrets are digests in an account, and absent.
    #[must_use]
    pub fn get<T: PropertyType>(&self, prop: Prop<R, T>) -> Option<T::Resolved> {
        of(self.object, prop)
    }
}

/// Accounts that tests make up.
#[cfg(all(test, feature = "containers"))]
pub(crate) mod made_up {
    use infra_core::{
        dsl::{Prop, ResourceType},
        types::{IntoValue, PropertyType},
        value::PropertiesBuilder,
    };

    use super::{Object, View};

    /// A thing that has an id, and what else is said.
    pub(crate) struct Given(Object);

    impl Given {
        pub(crate) fn new<R: ResourceType>(id: &str) -> Self {
            Self(Object::new(R::definition(), id.into(), "123456789012/eu-central-1".into()))
        }

        pub(crate) fn with<R: ResourceType, T: PropertyType>(
            mut self,
            prop: Prop<R, T>,
            value: impl IntoValue<Property = T>,
        ) -> Self {
            let mut inputs = PropertiesBuilder::from(self.0.inputs);
            inputs.set(prop.slot, value.into_value());
            self.0.inputs = inputs.build();
            self
        }
    }

    /// The account that has these things.
    pub(crate) fn account(things: impl IntoIterator<Item = Given>) -> View {
        View::of(things.into_iter().map(|thing| thing.0).collect())
    }
}

//! [`Need`]: what a handler must be allowed to do at its cloud.

/// When an action is asked for: a set of phases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phases(u8);

impl Phases {
    /// A thing is made, or what became of its creation is asked.
    pub const CREATE: Self = Self(1);
    /// A thing is changed, also to take its protection back before it is deleted.
    pub const UPDATE: Self = Self(2);
    /// A thing is looked at: after each creation and update, and by a refresh.
    pub const READ: Self = Self(4);
    /// A thing is deleted.
    pub const DELETE: Self = Self(8);
    /// The things of a type are listed, whether the stack has any or not: a refresh looks for what
    /// carries its tags.
    pub const LIST: Self = Self(16);

    /// All of them.
    pub const ALL: Self = Self(31);

    /// These and those.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether one of these is among those.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// An action that is asked for in these: `ec2:CreateVpc`. On everything, unless
    /// [`Need::on`] says more.
    #[must_use]
    pub const fn needs(self, action: &'static str) -> Need {
        Need { phases: self, action, on: &[], when: &[], given: "", ours: false }
    }
}

/// What an action is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// The thing itself, by the ARN of its type.
    Own,
    /// What has an ARN of this form, with `{region}`, `{account}`, `{id}` and `{a_property}` of the
    /// thing as in [`ArnDef::template`](crate::schema::ArnDef::template).
    Arn(&'static str),
    /// The things of a type that the resource names: the role that it passes on. With several types,
    /// those that are named by what it names, from one to the next. Names it none, nothing is needed,
    /// unless a property is [given](Need::given) that names one in a way that can't be read here.
    Of(&'static [&'static str]),
}

/// A condition under which an action is needed, as policies say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// `StringEquals`.
    pub operator: &'static str,
    /// `iam:PassedToService`.
    pub key: &'static str,
    /// One of these; with `{region}` and `{account}`.
    pub values: &'static [&'static str],
}

impl When {
    /// A value, or one of several.
    #[must_use]
    pub const fn is(key: &'static str, values: &'static [&'static str]) -> Self {
        Self { operator: "StringEquals", key, values }
    }
}

/// One action that a handler must be allowed: one that it asks for itself, or one that the cloud
/// does in its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// When.
    pub phases: Phases,
    /// The action as policies name it: `s3:PutEncryptionConfiguration`.
    pub action: &'static str,
    /// What it is about; everything if nothing is said.
    pub on: &'static [On],
    /// Under which conditions.
    pub when: &'static [When],
    /// The property without which it is not needed; always needed if empty.
    pub given: &'static str,
    /// Whether it is asked for of things alone that carry the tags of some stack.
    pub ours: bool,
}

impl Need {
    /// What it is about.
    #[must_use]
    pub const fn on(self, on: &'static [On]) -> Self {
        Self { on, ..self }
    }

    /// Under which conditions.
    #[must_use]
    pub const fn when(self, when: &'static [When]) -> Self {
        Self { when, ..self }
    }

    /// Needed only where a property is given, and is not `false`.
    #[must_use]
    pub const fn given(self, property: &'static str) -> Self {
        Self { given: property, ..self }
    }

    /// Asked for of things alone that carry the ownership tags: they got them when they were made.
    #[must_use]
    pub const fn ours(self) -> Self {
        Self { ours: true, ..self }
    }
}

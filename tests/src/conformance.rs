//! The conformance suite: what every type must do on every backend.
//!
//! A type has one [`Case`]: a program with a resource named `subject`, written once, in which
//! every property is [picked](Variant::pick) between two values. The suite runs the program as it
//! is and once for each property, and holds what happens against the type's schema.

use std::{cell::RefCell, collections::BTreeSet};

use infra_core::{Stack, schema::TypeDef};

/// How the tests know a type.
#[derive(Debug)]
pub struct Case {
    /// The type.
    pub ty: fn() -> &'static TypeDef,
    /// Builds what the type needs and a resource of it named `subject`.
    pub build: fn(&Stack, &Variant),
    /// Programs that are refused: the property that is wrong, the program, and a part of what
    /// must be said about it. None only where no wrong value can be written.
    pub refused: &'static [Refused],
    /// Properties that have no second value here, and why. `*` stands for all that are not picked:
    /// for a further case of a type, beside one that picks them.
    pub fixed: &'static [(&'static str, &'static str)],
    /// What AWS's own schema of the type is called, and where it differs.
    pub cfn: Cfn,
}

impl Case {
    /// Whether its resources stand in an account, where the suite looks for them. Those that live
    /// in state alone stand nowhere else.
    #[must_use]
    pub fn is_in_account(&self) -> bool {
        (self.ty)().provider() != infra_core::local::KIND
    }
}

/// A program that is refused.
#[derive(Debug)]
pub struct Refused {
    /// The property that is wrong.
    pub property: &'static str,
    /// Builds it.
    pub build: fn(&Stack),
    /// A part of what must be said.
    pub says: &'static str,
}

/// AWS's own schema of a type, as CloudFormation publishes it.
#[derive(Debug)]
pub struct Cfn {
    /// Its name: `AWS::EC2::VPC`. Empty if there is none.
    pub name: &'static str,
    /// Where ours differs and why. The path is CloudFormation's (`MetadataOptions.HttpTokens`), or
    /// ours for what CloudFormation does not have.
    pub differs: &'static [(&'static str, &'static str)],
    /// Properties that have another name here: CloudFormation's path, our name. `*` for a structure
    /// whose fields are properties of their own here.
    pub renamed: &'static [(&'static str, &'static str)],
}

/// Which program of a case is built: as it is, or with one property changed.
#[derive(Debug)]
pub struct Variant {
    changed: Option<&'static str>,
    seen: RefCell<BTreeSet<&'static str>>,
}

impl Variant {
    /// The program as it is.
    #[must_use]
    pub fn base() -> Self {
        Self { changed: None, seen: RefCell::default() }
    }

    /// The program with one property changed.
    #[must_use]
    pub fn of(property: &'static str) -> Self {
        Self { changed: Some(property), seen: RefCell::default() }
    }

    /// One of two values for a property: the second where the property is the changed one.
    pub fn pick<T>(&self, property: &'static str, base: T, changed: T) -> T {
        self.seen.borrow_mut().insert(property);
        if self.changed == Some(property) { changed } else { base }
    }

    /// Whether a property is the changed one, where picking a value does not do.
    pub fn is(&self, property: &'static str) -> bool {
        self.seen.borrow_mut().insert(property);
        self.changed == Some(property)
    }

    /// The properties that were picked.
    #[must_use]
    pub fn seen(&self) -> BTreeSet<&'static str> {
        self.seen.borrow().clone()
    }
}

//! Resources that live in state alone: passwords and certificates that this process makes.
//!
//! They belong to no cloud, so that every backend has the same handlers for them: it calls
//! [`register`]. What is made is an output, secrets sealed as all secrets in state are; a program
//! without a key for secrets can't have one. Deletion forgets it.
//!
//! To add a type, write its file with what makes it (`Make`, in `kept.rs`), and add one line to
//! the `local!` below.

mod client_certificate;
mod kept;
mod random_password;
mod self_signed_certificate;

pub use client_certificate::ClientCertificate;
pub use random_password::RandomPassword;
pub use self_signed_certificate::{SelfSignedCertificate, Subject, SubjectArgs};

use self::kept::Kept;
use crate::{dsl::ResourceType, handler::Registry, schema::TypeDef};

/// The kind of their provider: the first part of their names.
pub const KIND: &str = "local";

/// Declares the list of the types and their handlers.
macro_rules! local {
    ($($ty:ident: $make:path;)*) => {
        /// All types that live in state alone.
        #[must_use]
        pub fn types() -> Vec<&'static TypeDef> {
            vec![$($ty::definition()),*]
        }

        /// Adds the handlers of these types; every backend does so.
        pub fn register(registry: &mut Registry) {
            $(registry.resource(Kept($make));)*
        }
    };
}

local! {
    ClientCertificate: client_certificate::MakeClient;
    RandomPassword: random_password::MakePassword;
    SelfSignedCertificate: self_signed_certificate::MakeCertificate;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_a_handler_and_names_the_provider() {
        let mut registry = Registry::new();
        register(&mut registry);
        for ty in types() {
            assert!(registry.get(ty.name).is_some(), "{}", ty.name);
            assert_eq!(ty.provider(), KIND);
        }
    }
}

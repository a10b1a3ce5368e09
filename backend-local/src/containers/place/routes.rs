//! [`route`]: which type goes where.

use infra_core::schema::{TypeDef, TypeKind};

/// Where things of a type are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Route {
    /// In containers that the agent looks after.
    Containers,
    /// In the emulator of AWS, by AWS's API.
    Emulator,
    /// In the account on this machine alone: nothing works behind it.
    Account,
}

impl Route {
    /// In words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Containers => "containers",
            Self::Emulator => "emulator",
            Self::Account => "account",
        }
    }
}

/// The services whose things are in containers.
const CONTAINERS: &[&str] =
    &["applicationautoscaling", "autoscaling", "ecr", "ecs", "efs", "elasticache", "elbv2", "rds"];

/// The services that the emulator's free edition has, and that something here talks to. Names of domains
/// are those of the network's own resolver; the emulator refuses zones that AWS takes.
pub(in crate::containers) const EMULATOR: &[&str] =
    &["iam", "kms", "logs", "s3", "secretsmanager", "sns", "ssm"];

/// Where things of a type go.
#[must_use]
pub fn route(ty: &TypeDef) -> Route {
    // What lookups tell is of this account: its zones and its images.
    if ty.kind == TypeKind::Lookup {
        return Route::Account;
    }
    let service = ty.service();
    // The network is one of Docker's, whose addresses are those of the VPC.
    if CONTAINERS.contains(&service) || NETWORK.contains(&ty.name) {
        Route::Containers
    } else if EMULATOR.contains(&service) {
        Route::Emulator
    } else {
        Route::Account
    }
}

/// What the network of containers is made of.
const NETWORK: &[&str] = &["aws:ec2:Vpc"];

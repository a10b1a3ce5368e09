//! What is special about the role of a service: the service names it, and keeps it while it is
//! used.

use infra_core::{
    aws::{
        RoleArn, RoleName,
        iam::{self, LinkedService},
    },
    dsl::ResourceType,
    handler::Problem,
    schema::TypeDef,
    value::PropertiesBuilder,
};

use super::role::CODES;
use crate::sim::{
    World,
    object::Object,
    refusal::{Codes, Refusal},
    special::{Asked, Special, of, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&ServiceLinkedRole];

type R = iam::ServiceLinkedRole;

const INVALID: &str = "InvalidInput";

struct ServiceLinkedRole;

impl Special for ServiceLinkedRole {
    fn ty(&self) -> &'static TypeDef {
        R::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let refused =
            |property: &str, message: String| Err(Refusal::invalid(property, INVALID, message));
        asked.check_text(R::DESCRIPTION, 1000, INVALID)?;
        let Some(service) = asked.get(R::AWS_SERVICE_NAME) else { return Ok(()) };
        let Some(suffix) = asked.get(R::CUSTOM_SUFFIX) else { return Ok(()) };
        if service != LinkedService::AutoScaling {
            let message =
                format!("`custom_suffix` {suffix:?}: {service} has one role, without a suffix");
            return refused("custom_suffix", message);
        }
        let known = |c: char| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c);
        let name = format!("{}_{suffix}", service.role_name());
        if suffix.is_empty() || name.len() > 64 || !suffix.chars().all(known) {
            let message = format!(
                "`custom_suffix` {suffix:?} must be letters, digits and +=,.@_-, and {name} 64 \
                 characters at most"
            );
            return refused("custom_suffix", message);
        }
        Ok(())
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let Some(service) = asked.get(R::AWS_SERVICE_NAME) else { return };
        let suffix = asked.get(R::CUSTOM_SUFFIX).map(|suffix| format!("_{suffix}"));
        let name = format!("{}{}", service.role_name(), suffix.unwrap_or_default());
        let arn =
            format!("arn:aws:iam::{}:role/aws-service-role/{service}/{name}", asked.account());
        // What is checked before fits both.
        if let (Ok(name), Ok(arn)) = (RoleName::parse(&name), RoleArn::parse(&arn)) {
            tell(outputs, R::ROLE_NAME, name);
            tell(outputs, R::ARN, arn);
        }
    }

    fn check_delete(&self, world: &World, object: &Object) -> Result<(), Refusal> {
        // A further role is used by what names it.
        let service =
            of(object, R::AWS_SERVICE_NAME).filter(|_| object.text("custom_suffix").is_empty());
        let Some(service) = service else { return Ok(()) };
        let account = object.scope.split('/').next().unwrap_or_default();
        let uses = |other: &&Object| {
            users(service).contains(&other.ty.name)
                && other.scope.split('/').next() == Some(account)
                && (of_scaling(service)
                    .is_none_or(|first| other.text("resource_id").starts_with(first)))
        };
        let by: Vec<String> = world
            .live()
            .filter(uses)
            .map(|other| format!("{} {}", other.ty.short_name(), other.id))
            .collect();
        if by.is_empty() {
            return Ok(());
        }
        let message = format!(
            "`{}` is used by the service {service}; let what it uses depend on the role, so that \
             it goes first",
            object.text("role_name")
        );
        Err(Refusal { problem: Problem::InUse { by }, code: CODES.in_use.to_owned(), message })
    }
}

/// The types whose things use a service's role.
fn users(service: LinkedService) -> &'static [&'static str] {
    use LinkedService as L;
    match service {
        L::AutoScaling => &["aws:autoscaling:Group"],
        L::Backup => &["aws:backup:Plan", "aws:backup:Vault"],
        L::Ecs => &["aws:ecs:Cluster"],
        L::EcsScaling | L::RdsScaling => &["aws:applicationautoscaling:ScalableTarget"],
        L::ElastiCache => &["aws:elasticache:ReplicationGroup"],
        L::ElasticFileSystem => &["aws:efs:FileSystem"],
        L::ElasticLoadBalancing => &["aws:elbv2:LoadBalancer"],
        L::Rds => &["aws:rds:DbCluster", "aws:rds:DbInstance"],
        // Spare instances are no things of the catalogue.
        L::Spot => &[],
    }
}

/// How what is scaled for a service begins.
fn of_scaling(service: LinkedService) -> Option<&'static str> {
    match service {
        LinkedService::EcsScaling => Some("service/"),
        LinkedService::RdsScaling => Some("cluster:"),
        _ => None,
    }
}

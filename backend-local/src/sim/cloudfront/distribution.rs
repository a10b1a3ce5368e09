//! What is special about a distribution: its names and their certificate, what it is made of, and
//! that it is turned off before it goes.

use std::collections::BTreeSet;

use infra_core::{
    aws::{
        acm,
        cloudfront::{self, GeoRestrictionArgs},
        s3::{self, ObjectOwnership},
        wafv2::{self, Scope},
    },
    dsl::ResourceType,
    handler::Problem,
    schema::TypeDef,
    value::PropertiesBuilder,
};

use super::{behavior, origin};
use crate::sim::{
    World,
    acm::certificate::{check_issued, covers},
    identity::digits,
    object::Object,
    refusal::{Codes, Refusal},
    special::{Asked, Special, of, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Distribution];

const CODES: Codes = Codes {
    not_found: "NoSuchDistribution",
    not_ready: "DistributionNotDisabled",
    exists: "DistributionAlreadyExists",
    in_use: "ResourceInUse",
    quota: "TooManyDistributions",
};
pub(super) const INVALID: &str = "InvalidArgument";
const CERTIFICATE: &str = "InvalidViewerCertificate";
/// AWS: "Alternate domain names (CNAMEs) per distribution", adjustable.
const ALIASES: usize = 100;

struct Distribution;

type D = cloudfront::Distribution;

impl Special for Distribution {
    fn ty(&self) -> &'static TypeDef {
        D::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Web distributions per AWS account", adjustable.
        Some(500)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let origins = asked.get(D::ORIGINS).unwrap_or_default();
        origin::check(asked, &origins)?;
        let ids: BTreeSet<&str> = origins.iter().map(|origin| origin.id.as_str()).collect();
        if let Some(default) = asked.get(D::DEFAULT_CACHE_BEHAVIOR) {
            let others = asked.get(D::CACHE_BEHAVIORS).unwrap_or_default();
            behavior::check(&default, &others, &ids)?;
        }
        behavior::check_errors(&asked.get(D::CUSTOM_ERROR_RESPONSES).unwrap_or_default())?;
        check_aliases(asked)?;
        check_certificate(asked)?;
        check_acl(asked)?;
        check_words(asked)?;
        check_logging(asked)
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        if asked.old.is_none() {
            let random = digits(asked.scope, asked.number, 13);
            tell(outputs, D::DOMAIN_NAME, format!("d{random}.cloudfront.net"));
        }
    }

    /// It is off, and all edges know that.
    fn check_delete(&self, world: &World, object: &Object) -> Result<(), Refusal> {
        let on = of(object, D::ENABLED) == Some(true);
        if !on && object.ready_at <= world.now {
            return Ok(());
        }
        let message = match on {
            true => format!("`{}` is not disabled; set `enabled` to false first", object.id),
            false => format!("`{}` is being disabled, and some edges still answer", object.id),
        };
        let refusal = Refusal::invalid("enabled", CODES.not_ready, message);
        Err(match on {
            true => refusal,
            false => Refusal { problem: Problem::EventuallyConsistent, ..refusal },
        })
    }
}

fn refused(property: &str, code: &str, message: impl Into<String>) -> Result<(), Refusal> {
    Err(Refusal::invalid(property, code, message))
}

/// A name leads to one distribution, in all of AWS.
fn check_aliases(asked: &Asked<'_>) -> Result<(), Refusal> {
    let aliases = asked.get(D::ALIASES).unwrap_or_default();
    if aliases.len() > ALIASES {
        let quota = Refusal::quota("names of a distribution", ALIASES);
        return Err(quota.coded("TooManyDistributionCNAMEs"));
    }
    let mut others = asked.world.live().filter(|it| it.ty.name == asked.ty.name);
    let taken = others.find_map(|other| {
        let theirs = of(other, D::ALIASES).unwrap_or_default();
        let same = aliases.iter().find(|alias| theirs.contains(alias))?;
        (*other.id != *asked.id).then(|| (same.clone(), other))
    });
    match taken {
        Some((alias, other)) => {
            let message = format!("`aliases` {alias} is a name of {} already", other.id);
            refused("aliases", "CNAMEAlreadyExists", message)
        }
        None => Ok(()),
    }
}

/// The certificate is one of us-east-1, issued, and for all names.
fn check_certificate(asked: &Asked<'_>) -> Result<(), Refusal> {
    const PROPERTY: &str = "viewer_certificate";
    let aliases = asked.get(D::ALIASES).unwrap_or_default();
    let Some(viewer) = asked.get(D::VIEWER_CERTIFICATE) else {
        return match aliases.first() {
            Some(alias) => {
                let message = format!("`{PROPERTY}` is needed for `aliases` {alias}");
                refused(PROPERTY, CERTIFICATE, message)
            }
            None => Ok(()),
        };
    };
    let arn = &viewer.acm_certificate_arn;
    let region = arn.as_str().split(':').nth(3).unwrap_or_default();
    if region != "us-east-1" {
        let message = format!(
            "`{PROPERTY}` {arn} is a certificate of {region}; CloudFront takes those of us-east-1 \
             alone, so make one with `.provider(&Provider::aws(\"us-east-1\"))`"
        );
        return refused(PROPERTY, CERTIFICATE, message);
    }
    check_issued(asked.world, PROPERTY, arn, CERTIFICATE)?;
    let ty = acm::Certificate::definition().name;
    let Some(certificate) = asked.world.get(ty, arn.as_str(), asked.scope) else { return Ok(()) };
    match aliases.iter().find(|alias| !covers(certificate, alias)) {
        Some(alias) => {
            let message = format!("`{PROPERTY}` {arn} is not for `aliases` {alias}");
            refused(PROPERTY, CERTIFICATE, message)
        }
        None => Ok(()),
    }
}

fn check_acl(asked: &Asked<'_>) -> Result<(), Refusal> {
    let Some(acl) = asked.referenced(D::WEB_ACL_ID) else { return Ok(()) };
    if of(acl, wafv2::WebAcl::SCOPE) == Some(Scope::Cloudfront) {
        return Ok(());
    }
    let message = format!(
        "`web_acl_id` {} is of the scope REGIONAL; a distribution takes one of the scope CLOUDFRONT",
        acl.arn().unwrap_or_default()
    );
    refused("web_acl_id", "InvalidWebACLId", message)
}

fn check_words(asked: &Asked<'_>) -> Result<(), Refusal> {
    asked.check_text(D::COMMENT, 128, INVALID)?;
    let root = asked.get(D::DEFAULT_ROOT_OBJECT);
    if let Some(root) = root.filter(|root| root.starts_with('/') || root.len() > 255) {
        let message = format!(
            "`default_root_object` {root} has up to 255 characters, and no slash before them"
        );
        return refused("default_root_object", "InvalidDefaultRootObject", message);
    }
    let Some(GeoRestrictionArgs::Only(codes) | GeoRestrictionArgs::Except(codes)) =
        asked.get(D::GEO_RESTRICTION)
    else {
        return Ok(());
    };
    let sound = |code: &String| code.len() == 2 && code.chars().all(|c| c.is_ascii_uppercase());
    match codes.iter().find(|code| !sound(code)) {
        Some(wrong) => {
            let message =
                format!("`geo_restriction` names the country {wrong}; write two capitals: DE");
            refused("geo_restriction", "InvalidGeoRestrictionParameter", message)
        }
        None => Ok(()),
    }
}

/// CloudFront writes logs as somebody else's, which a bucket must allow.
fn check_logging(asked: &Asked<'_>) -> Result<(), Refusal> {
    let Some(logging) = asked.get(D::LOGGING) else { return Ok(()) };
    let name = &logging.bucket;
    let ty = s3::Bucket::definition().name;
    let Some(bucket) = asked.world.get(ty, name.as_str(), asked.scope) else { return Ok(()) };
    let controls = of(bucket, s3::Bucket::OWNERSHIP_CONTROLS);
    let rules = controls.map(|controls| controls.rules).unwrap_or_default();
    let lets = rules.iter().any(|rule| {
        rule.object_ownership.is_some_and(|it| it != ObjectOwnership::BucketOwnerEnforced)
    });
    if lets {
        return Ok(());
    }
    let message = format!(
        "`logging`: the bucket {name} takes no ACLs, by which CloudFront hands over logs; give it \
         `ownership_controls` of BucketOwnerPreferred"
    );
    refused("logging", INVALID, message)
}

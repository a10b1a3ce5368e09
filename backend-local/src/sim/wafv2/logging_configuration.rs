//! What is special about where an ACL logs to: what can take logs, and that it is there.

use infra_core::{
    aws::{logs, s3, wafv2},
    dsl::ResourceType,
    schema::TypeDef,
};

use super::web_acl::{CODES, refused};
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&LoggingConfiguration];

/// What the name of everything begins with that WAF writes to.
const PREFIX: &str = "aws-waf-logs-";

struct LoggingConfiguration;

type L = wafv2::LoggingConfiguration;

impl Special for LoggingConfiguration {
    fn ty(&self) -> &'static TypeDef {
        L::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_destination(asked, &asked.get(L::LOG_DESTINATION).unwrap_or_default())?;
        let Some(filter) = asked.get(L::LOGGING_FILTER) else { return Ok(()) };
        if filter.filters.is_empty() {
            return refused("logging_filter", "`logging_filter.filters` is empty");
        }
        match filter.filters.iter().position(|filter| filter.conditions.is_empty()) {
            Some(place) => {
                let path = format!("logging_filter.filters[{place}]");
                refused("logging_filter", format!("`{path}` has no conditions"))
            }
            None => Ok(()),
        }
    }
}

fn check_destination(asked: &Asked<'_>, arn: &str) -> Result<(), Refusal> {
    const PROPERTY: &str = "log_destination";
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let ["arn", _, service, region, _, resource] = parts[..] else {
        return refused(PROPERTY, format!("`{PROPERTY}` {arn:?} is no ARN"));
    };
    let (name, ty) = match service {
        "logs" => {
            let name = resource.strip_prefix("log-group:").unwrap_or_default();
            let name = name.strip_suffix(":*").unwrap_or(name);
            (name, Some(logs::LogGroup::definition().name))
        }
        "s3" => (resource, Some(s3::Bucket::definition().name)),
        "firehose" => (resource.strip_prefix("deliverystream/").unwrap_or_default(), None),
        _ => {
            let message = format!(
                "`{PROPERTY}` {arn} is neither a log group nor a bucket nor a stream of Firehose"
            );
            return refused(PROPERTY, message);
        }
    };
    if !name.starts_with(PREFIX) {
        let message = format!("`{PROPERTY}` {arn}: its name must begin with {PREFIX}");
        return refused(PROPERTY, message);
    }
    if service != "s3" && region != asked.region() {
        let message =
            format!("`{PROPERTY}` {arn} is of another region than the ACL, {}", asked.region());
        return refused(PROPERTY, message);
    }
    match ty.filter(|ty| asked.world.get(ty, name, asked.scope).is_none()) {
        Some(_) => {
            let message = format!("`{PROPERTY}` {arn} does not exist");
            Err(Refusal::invalid(PROPERTY, "WAFInvalidOperationException", message))
        }
        None => Ok(()),
    }
}

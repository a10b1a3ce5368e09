//! The case of `aws:wafv2:LoggingConfiguration`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        logs::LogGroup,
        s3::Bucket,
        wafv2::{
            FilterBehavior, FilterRequirement, LogCondition, LogFilter, LoggedAction,
            LoggingConfiguration, LoggingFilter, RedactedField, Whole,
        },
    },
    prelude::*,
};

use super::web_acl::acl;

fn refused_destination(stack: &Stack, arn: &str) {
    LoggingConfiguration::named("subject")
        .resource_arn(acl("site").create(stack).arn())
        .log_destination(arn)
        .create(stack);
}

fn refused_filter(stack: &Stack, filters: Vec<LogFilter>) {
    let logs = LogGroup::named("waf").log_group_name("aws-waf-logs-campus").create(stack);
    LoggingConfiguration::named("subject")
        .resource_arn(acl("site").create(stack).arn())
        .log_destination(logs.arn())
        .logging_filter(LoggingFilter::new(FilterBehavior::Drop, filters))
        .create(stack);
}

fn keep(conditions: Vec<LogCondition>) -> LogFilter {
    LogFilter::new(FilterBehavior::Keep, FilterRequirement::Any, conditions)
}

pub(crate) const CASES: &[Case] = &[Case {
    ty: LoggingConfiguration::definition,
    build: |stack, v| {
        let [one, other] = ["one", "other"].map(|name| acl(name).create(stack).arn());
        let logs = LogGroup::named("waf").log_group_name("aws-waf-logs-campus").create(stack);
        let bucket = Bucket::named("waf").bucket_name("aws-waf-logs-campus").create(stack);
        let label = "awswaf:managed:aws:core-rule-set:SizeRestrictions_Body";
        let conditions =
            vec![LogCondition::action(LoggedAction::Block), LogCondition::label(label)];
        let filter = |behavior| LoggingFilter::new(behavior, [keep(conditions.clone())]);
        LoggingConfiguration::named("subject")
            .resource_arn(v.pick("resource_arn", one, other))
            .log_destination(v.pick(
                "log_destination",
                logs.arn().into_input(),
                IntoInput::<String>::into_input(bucket.arn()),
            ))
            .redacted_fields(v.pick(
                "redacted_fields",
                vec![RedactedField::single_header("cookie")],
                vec![
                    RedactedField::single_header("cookie"),
                    RedactedField::query_string(Whole::new()),
                ],
            ))
            .logging_filter(v.pick(
                "logging_filter",
                filter(FilterBehavior::Drop),
                filter(FilterBehavior::Keep),
            ))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "log_destination",
            build: |stack| refused_destination(stack, "aws-waf-logs-campus"),
            says: "is no ARN",
        },
        Refused {
            property: "log_destination",
            build: |stack| {
                refused_destination(
                    stack,
                    "arn:aws:logs:eu-central-1:123456789012:log-group:campus",
                );
            },
            says: "its name must begin with aws-waf-logs-",
        },
        Refused {
            property: "log_destination",
            build: |stack| {
                refused_destination(
                    stack,
                    "arn:aws:logs:us-east-1:123456789012:log-group:aws-waf-logs-campus",
                );
            },
            says: "is of another region than the ACL, eu-central-1",
        },
        Refused {
            property: "log_destination",
            build: |stack| {
                refused_destination(
                    stack,
                    "arn:aws:logs:eu-central-1:123456789012:log-group:aws-waf-logs-nowhere",
                );
            },
            says: "aws-waf-logs-nowhere does not exist",
        },
        Refused {
            property: "log_destination",
            build: |stack| {
                refused_destination(stack, "arn:aws:sns:eu-central-1:123456789012:campus");
            },
            says: "is neither a log group nor a bucket nor a stream",
        },
        Refused {
            property: "logging_filter",
            build: |stack| refused_filter(stack, vec![]),
            says: "`logging_filter.filters` is empty",
        },
        Refused {
            property: "logging_filter",
            build: |stack| refused_filter(stack, vec![keep(vec![])]),
            says: "`logging_filter.filters[0]` has no conditions",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::WAFv2::LoggingConfiguration",
        differs: &[("ManagedByFirewallManager", "left out: nobody here uses Firewall Manager")],
        renamed: &[("LogDestinationConfigs", "log_destination")],
    },
}];

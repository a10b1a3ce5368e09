//! When a rule matches, as WAF takes and tells it.

use aws_sdk_wafv2::types as sdk;
use aws_smithy_types::Blob;
use infra_core::aws::{
    IpSetArn,
    wafv2::{
        ByteMatchArgs, ComparisonOperator, ConditionArgs, FallbackBehavior, ForwardedIpPosition,
        GeoMatchArgs, IpSetForwardedIpConfigArgs, IpSetReferenceArgs, LabelMatchArgs, LabelScope,
        PositionalConstraint, RegexMatchArgs, SensitivityLevel, SizeConstraintArgs, SqliMatchArgs,
        XssMatchArgs,
    },
};

use super::field::{
    field, field_args, forwarded_ip, forwarded_ip_args, transformations, transformations_args,
};
use crate::seen::word;

const WHOLE: &str = "it has all that it needs";

pub(super) fn statement(args: &ConditionArgs) -> sdk::Statement {
    let it = sdk::Statement::builder();
    let all = |conditions: &[Box<ConditionArgs>]| {
        Some(conditions.iter().map(|condition| statement(condition)).collect())
    };
    let it = match args {
        ConditionArgs::ByteMatch(args) => it.byte_match_statement(byte_match(args)),
        ConditionArgs::RegexMatch(args) => it.regex_match_statement(regex_match(args)),
        ConditionArgs::SizeConstraint(args) => it.size_constraint_statement(size(args)),
        ConditionArgs::SqliMatch(args) => it.sqli_match_statement(sqli(args)),
        ConditionArgs::XssMatch(args) => it.xss_match_statement(xss(args)),
        ConditionArgs::GeoMatch(args) => it.geo_match_statement(geo(args)),
        ConditionArgs::IpSetReference(args) => it.ip_set_reference_statement(ip_set(args)),
        ConditionArgs::LabelMatch(args) => it.label_match_statement(label(args)),
        ConditionArgs::And(conditions) => {
            let and = sdk::AndStatement::builder().set_statements(all(conditions));
            it.and_statement(and.build().expect(WHOLE))
        }
        ConditionArgs::Or(conditions) => {
            let or = sdk::OrStatement::builder().set_statements(all(conditions));
            it.or_statement(or.build().expect(WHOLE))
        }
        ConditionArgs::Not(condition) => {
            let not = sdk::NotStatement::builder().statement(statement(condition));
            it.not_statement(not.build())
        }
    };
    it.build()
}

fn byte_match(args: &ByteMatchArgs) -> sdk::ByteMatchStatement {
    sdk::ByteMatchStatement::builder()
        .field_to_match(field(&args.field_to_match))
        .positional_constraint(args.positional_constraint.as_str().into())
        .search_string(Blob::new(args.search_string.as_bytes()))
        .set_text_transformations(Some(transformations(&args.text_transformations)))
        .build()
        .expect(WHOLE)
}

fn regex_match(args: &RegexMatchArgs) -> sdk::RegexMatchStatement {
    sdk::RegexMatchStatement::builder()
        .field_to_match(field(&args.field_to_match))
        .regex_string(&args.regex_string)
        .set_text_transformations(Some(transformations(&args.text_transformations)))
        .build()
        .expect(WHOLE)
}

fn size(args: &SizeConstraintArgs) -> sdk::SizeConstraintStatement {
    sdk::SizeConstraintStatement::builder()
        .field_to_match(field(&args.field_to_match))
        .comparison_operator(args.comparison_operator.as_str().into())
        .size(args.size)
        .set_text_transformations(Some(transformations(&args.text_transformations)))
        .build()
        .expect(WHOLE)
}

fn sqli(args: &SqliMatchArgs) -> sdk::SqliMatchStatement {
    sdk::SqliMatchStatement::builder()
        .field_to_match(field(&args.field_to_match))
        .sensitivity_level(args.sensitivity_level.as_str().into())
        .set_text_transformations(Some(transformations(&args.text_transformations)))
        .build()
        .expect(WHOLE)
}

fn xss(args: &XssMatchArgs) -> sdk::XssMatchStatement {
    sdk::XssMatchStatement::builder()
        .field_to_match(field(&args.field_to_match))
        .set_text_transformations(Some(transformations(&args.text_transformations)))
        .build()
        .expect(WHOLE)
}

fn geo(args: &GeoMatchArgs) -> sdk::GeoMatchStatement {
    let codes = args.country_codes.iter().map(|code| code.as_str().into());
    sdk::GeoMatchStatement::builder()
        .set_country_codes(Some(codes.collect()))
        .set_forwarded_ip_config(args.forwarded_ip_config.as_ref().map(forwarded_ip))
        .build()
}

fn ip_set(args: &IpSetReferenceArgs) -> sdk::IpSetReferenceStatement {
    let forwarded = args.forwarded_ip_config.as_ref().map(|config| {
        sdk::IpSetForwardedIpConfig::builder()
            .header_name(&config.header_name)
            .fallback_behavior(config.fallback_behavior.as_str().into())
            .position(config.position.as_str().into())
            .build()
            .expect(WHOLE)
    });
    sdk::IpSetReferenceStatement::builder()
        .arn(args.arn.as_str())
        .set_ip_set_forwarded_ip_config(forwarded)
        .build()
        .expect(WHOLE)
}

fn label(args: &LabelMatchArgs) -> sdk::LabelMatchStatement {
    let scope = args.scope.as_str().into();
    sdk::LabelMatchStatement::builder().scope(scope).key(&args.key).build().expect(WHOLE)
}

/// `None` if it is none that a program could say.
pub(super) fn condition_args(told: &sdk::Statement) -> Option<ConditionArgs> {
    let all = |statements: &[sdk::Statement]| {
        let all = statements.iter().map(|it| condition_args(it).map(Box::new));
        all.collect::<Option<Vec<_>>>()
    };
    if let Some(it) = told.and_statement() {
        return all(it.statements()).map(ConditionArgs::And);
    }
    if let Some(it) = told.or_statement() {
        return all(it.statements()).map(ConditionArgs::Or);
    }
    if let Some(it) = told.not_statement() {
        return condition_args(it.statement()?).map(Box::new).map(ConditionArgs::Not);
    }
    if let Some(it) = told.geo_match_statement() {
        return geo_args(it).map(ConditionArgs::GeoMatch);
    }
    if let Some(it) = told.ip_set_reference_statement() {
        return ip_set_args(it).map(ConditionArgs::IpSetReference);
    }
    if let Some(it) = told.label_match_statement() {
        let scope = word::<LabelScope>(it.scope().as_str())?;
        return Some(ConditionArgs::LabelMatch(LabelMatchArgs { scope, key: it.key().to_owned() }));
    }
    match_args(told)
}

/// Those that look at a part of the request.
fn match_args(told: &sdk::Statement) -> Option<ConditionArgs> {
    if let Some(it) = told.byte_match_statement() {
        return Some(ConditionArgs::ByteMatch(ByteMatchArgs {
            field_to_match: field_args(it.field_to_match()?)?,
            positional_constraint: word::<PositionalConstraint>(
                it.positional_constraint().as_str(),
            )?,
            search_string: String::from_utf8(it.search_string().as_ref().to_vec()).ok()?,
            text_transformations: transformations_args(it.text_transformations())?,
        }));
    }
    if let Some(it) = told.regex_match_statement() {
        return Some(ConditionArgs::RegexMatch(RegexMatchArgs {
            field_to_match: field_args(it.field_to_match()?)?,
            regex_string: it.regex_string().to_owned(),
            text_transformations: transformations_args(it.text_transformations())?,
        }));
    }
    if let Some(it) = told.size_constraint_statement() {
        return Some(ConditionArgs::SizeConstraint(SizeConstraintArgs {
            field_to_match: field_args(it.field_to_match()?)?,
            comparison_operator: word::<ComparisonOperator>(it.comparison_operator().as_str())?,
            size: it.size(),
            text_transformations: transformations_args(it.text_transformations())?,
        }));
    }
    if let Some(it) = told.sqli_match_statement() {
        let level = it.sensitivity_level().map_or("LOW", sdk::SensitivityLevel::as_str);
        return Some(ConditionArgs::SqliMatch(SqliMatchArgs {
            field_to_match: field_args(it.field_to_match()?)?,
            sensitivity_level: word::<SensitivityLevel>(level)?,
            text_transformations: transformations_args(it.text_transformations())?,
        }));
    }
    let it = told.xss_match_statement()?;
    Some(ConditionArgs::XssMatch(XssMatchArgs {
        field_to_match: field_args(it.field_to_match()?)?,
        text_transformations: transformations_args(it.text_transformations())?,
    }))
}

fn geo_args(told: &sdk::GeoMatchStatement) -> Option<GeoMatchArgs> {
    let forwarded = match told.forwarded_ip_config() {
        Some(config) => Some(forwarded_ip_args(config)?),
        None => None,
    };
    Some(GeoMatchArgs {
        country_codes: told.country_codes().iter().map(|code| code.as_str().to_owned()).collect(),
        forwarded_ip_config: forwarded,
    })
}

fn ip_set_args(told: &sdk::IpSetReferenceStatement) -> Option<IpSetReferenceArgs> {
    let forwarded = match told.ip_set_forwarded_ip_config() {
        Some(config) => Some(IpSetForwardedIpConfigArgs {
            header_name: config.header_name().to_owned(),
            fallback_behavior: word::<FallbackBehavior>(config.fallback_behavior().as_str())?,
            position: word::<ForwardedIpPosition>(config.position().as_str())?,
        }),
        None => None,
    };
    Some(IpSetReferenceArgs { arn: word::<IpSetArn>(told.arn())?, forwarded_ip_config: forwarded })
}

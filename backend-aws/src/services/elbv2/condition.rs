//! Conditions and transforms of rules, as AWS takes and tells them.

use aws_sdk_elasticloadbalancingv2::types::{
    self as sdk, HostHeaderRewriteConfig, RewriteConfig, RuleCondition, RuleTransform,
    TransformTypeEnum, UrlRewriteConfig,
};
use infra_core::aws::elbv2::{
    HostHeaderArgs, HttpHeaderArgs, HttpRequestMethodArgs, PathPatternArgs, QueryStringArgs,
    QueryStringValueArgs, RewriteArgs, RuleConditionArgs, SourceIpArgs, TransformArgs,
};

/// A list, where there is something in it: AWS takes no empty ones.
fn some(values: &[String]) -> Option<Vec<String>> {
    (!values.is_empty()).then(|| values.to_vec())
}

/// A condition as AWS takes it.
pub(super) fn sdk(condition: &RuleConditionArgs) -> RuleCondition {
    let made = RuleCondition::builder();
    let made = match condition {
        RuleConditionArgs::HostHeader(it) => {
            let config = sdk::HostHeaderConditionConfig::builder()
                .set_values(some(&it.values))
                .set_regex_values(some(&it.regex_values));
            made.field("host-header").host_header_config(config.build())
        }
        RuleConditionArgs::PathPattern(it) => {
            let config = sdk::PathPatternConditionConfig::builder()
                .set_values(some(&it.values))
                .set_regex_values(some(&it.regex_values));
            made.field("path-pattern").path_pattern_config(config.build())
        }
        RuleConditionArgs::HttpHeader(it) => {
            let config = sdk::HttpHeaderConditionConfig::builder()
                .http_header_name(&it.http_header_name)
                .set_values(some(&it.values))
                .set_regex_values(some(&it.regex_values));
            made.field("http-header").http_header_config(config.build())
        }
        RuleConditionArgs::HttpRequestMethod(it) => {
            let config = sdk::HttpRequestMethodConditionConfig::builder();
            let config = config.set_values(some(&it.values)).build();
            made.field("http-request-method").http_request_method_config(config)
        }
        RuleConditionArgs::QueryString(it) => {
            let pair = |pair: &QueryStringValueArgs| {
                let made = sdk::QueryStringKeyValuePair::builder().value(&pair.value);
                made.set_key(pair.key.clone()).build()
            };
            let pairs = it.values.iter().map(pair).collect();
            let config = sdk::QueryStringConditionConfig::builder().set_values(Some(pairs));
            made.field("query-string").query_string_config(config.build())
        }
        RuleConditionArgs::SourceIp(it) => {
            let ranges = it.values.iter().map(ToString::to_string).collect();
            let config = sdk::SourceIpConditionConfig::builder().set_values(Some(ranges));
            made.field("source-ip").source_ip_config(config.build())
        }
    };
    made.build()
}

/// A condition as AWS tells it; `None` if it is none of ours.
fn one_told(condition: &RuleCondition) -> Option<RuleConditionArgs> {
    // What was made with the older form, which has no structures.
    let (values, regex_values) = (condition.values().to_vec(), condition.regex_values().to_vec());
    match condition.field()? {
        "host-header" => {
            Some(RuleConditionArgs::HostHeader(match condition.host_header_config() {
                Some(it) => HostHeaderArgs {
                    values: it.values().to_vec(),
                    regex_values: it.regex_values().to_vec(),
                },
                None => HostHeaderArgs { values, regex_values },
            }))
        }
        "path-pattern" => {
            Some(RuleConditionArgs::PathPattern(match condition.path_pattern_config() {
                Some(it) => PathPatternArgs {
                    values: it.values().to_vec(),
                    regex_values: it.regex_values().to_vec(),
                },
                None => PathPatternArgs { values, regex_values },
            }))
        }
        "http-header" => {
            let it = condition.http_header_config()?;
            Some(RuleConditionArgs::HttpHeader(HttpHeaderArgs {
                http_header_name: it.http_header_name()?.to_owned(),
                values: it.values().to_vec(),
                regex_values: it.regex_values().to_vec(),
            }))
        }
        "http-request-method" => {
            let values = condition.http_request_method_config()?.values().to_vec();
            Some(RuleConditionArgs::HttpRequestMethod(HttpRequestMethodArgs { values }))
        }
        "query-string" => {
            let pair = |pair: &sdk::QueryStringKeyValuePair| {
                let key = pair.key().filter(|key| !key.is_empty()).map(str::to_owned);
                Some(QueryStringValueArgs { key, value: pair.value()?.to_owned() })
            };
            let pairs = condition.query_string_config()?.values().iter();
            let values = pairs.map(pair).collect::<Option<_>>()?;
            Some(RuleConditionArgs::QueryString(QueryStringArgs { values }))
        }
        "source-ip" => {
            let ranges = condition.source_ip_config()?.values().iter();
            let values = ranges.map(|range| range.parse().ok()).collect::<Option<_>>()?;
            Some(RuleConditionArgs::SourceIp(SourceIpArgs { values }))
        }
        _ => None,
    }
}

/// Conditions as AWS tells them.
pub(super) fn told(conditions: &[RuleCondition]) -> Vec<RuleConditionArgs> {
    conditions.iter().filter_map(one_told).collect()
}

/// Conditions in one order: all must hold, and one value of each is enough.
pub(super) fn normal(mut conditions: Vec<RuleConditionArgs>) -> Vec<RuleConditionArgs> {
    for condition in &mut conditions {
        match condition {
            RuleConditionArgs::HostHeader(it) => {
                it.values.sort();
                it.regex_values.sort();
            }
            RuleConditionArgs::PathPattern(it) => {
                it.values.sort();
                it.regex_values.sort();
            }
            RuleConditionArgs::HttpHeader(it) => {
                it.values.sort();
                it.regex_values.sort();
            }
            RuleConditionArgs::HttpRequestMethod(it) => it.values.sort(),
            RuleConditionArgs::QueryString(it) => {
                it.values.sort_by(|a, b| (&a.key, &a.value).cmp(&(&b.key, &b.value)));
            }
            RuleConditionArgs::SourceIp(it) => it.values.sort(),
        }
    }
    conditions.sort_by_cached_key(|condition| format!("{condition:?}"));
    conditions
}

/// A transform as AWS takes it.
pub(super) fn sdk_transform(transform: &TransformArgs) -> RuleTransform {
    let rewrite =
        |it: &RewriteArgs| RewriteConfig::builder().regex(&it.regex).replace(&it.replace).build();
    let made = RuleTransform::builder();
    let made = match transform {
        TransformArgs::HostHeaderRewrite(it) => {
            let config = HostHeaderRewriteConfig::builder().rewrites(rewrite(it)).build();
            made.r#type(TransformTypeEnum::HostHeaderRewrite).host_header_rewrite_config(config)
        }
        TransformArgs::UrlRewrite(it) => {
            let config = UrlRewriteConfig::builder().rewrites(rewrite(it)).build();
            made.r#type(TransformTypeEnum::UrlRewrite).url_rewrite_config(config)
        }
    };
    made.build()
}

/// Transforms as AWS tells them.
pub(super) fn transforms_told(transforms: &[RuleTransform]) -> Vec<TransformArgs> {
    let rewrite = |rewrites: &[RewriteConfig]| {
        let it = rewrites.first()?;
        Some(RewriteArgs { regex: it.regex()?.to_owned(), replace: it.replace()?.to_owned() })
    };
    let one = |transform: &RuleTransform| match transform.r#type()? {
        TransformTypeEnum::HostHeaderRewrite => {
            let config = transform.host_header_rewrite_config()?;
            rewrite(config.rewrites()).map(TransformArgs::HostHeaderRewrite)
        }
        TransformTypeEnum::UrlRewrite => {
            rewrite(transform.url_rewrite_config()?.rewrites()).map(TransformArgs::UrlRewrite)
        }
        _ => None,
    };
    transforms.iter().filter_map(one).collect()
}

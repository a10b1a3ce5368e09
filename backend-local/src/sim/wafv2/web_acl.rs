//! What is special about a web ACL: where it stands, its rules, and what they cost.

mod capacity;
mod statement;

use std::collections::BTreeSet;

use infra_core::{
    aws::{
        WebAclArn,
        wafv2::{
            self, CustomHttpHeaderArgs, DefaultActionArgs, RuleActionArgs, RuleArgs, Scope,
            StatementArgs, VisibilityConfigArgs,
        },
    },
    dsl::ResourceType,
    schema::TypeDef,
    types::Seconds,
    value::PropertiesBuilder,
};

use crate::sim::{
    identity::uuid,
    names::is_word,
    refusal::{Codes, Refusal},
    special::{Asked, Special, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&WebAcl];

pub(super) const CODES: Codes = Codes {
    not_found: "WAFNonexistentItemException",
    not_ready: "WAFUnavailableEntityException",
    exists: "WAFDuplicateItemException",
    in_use: "WAFAssociatedItemException",
    quota: LIMIT,
};
pub(super) const INVALID: &str = "WAFInvalidParameterException";
const LIMIT: &str = "WAFLimitsExceededException";
/// AWS: "Maximum WCUs in a web ACL", what is above 1500 at a price.
const CAPACITY: u32 = 5000;
/// The longest body of an answer.
const BODY: usize = 10_240;

struct WebAcl;

type A = wafv2::WebAcl;

impl Special for WebAcl {
    fn ty(&self) -> &'static TypeDef {
        A::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Maximum number of web ACLs", of a region; adjustable.
        Some(100)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let scope = asked.get(A::SCOPE).unwrap_or(Scope::Regional);
        check_place(asked, scope)?;
        check_description(asked.get(A::DESCRIPTION))?;
        if asked.get(A::BODY_INSPECTION_LIMIT).is_some() && scope == Scope::Regional {
            let message = "`body_inspection_limit` is for the scope CLOUDFRONT; of what comes to a \
                           load balancer 8 KB are read";
            return refused("body_inspection_limit", message);
        }
        check_times(asked)?;
        check_bodies(asked)?;
        if let Some(visibility) = asked.get(A::VISIBILITY_CONFIG) {
            check_metric("visibility_config", &visibility)?;
        }
        if let Some(DefaultActionArgs::Block(block)) = asked.get(A::DEFAULT_ACTION) {
            let action = RuleActionArgs::Block(block);
            check_action(asked, "default_action", &action)?;
        }
        check_rules(asked, &asked.get(A::RULES).unwrap_or_default())
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let rules = asked.get(A::RULES).unwrap_or_default();
        tell(outputs, A::CAPACITY, capacity::of_rules(&rules));
        if asked.old.is_some() {
            return;
        }
        let name = asked.get(A::NAME).unwrap_or_default();
        let scope = asked.get(A::SCOPE).unwrap_or(Scope::Regional);
        let (arn, id) = identity(asked, "webacl", scope, &name);
        tell(outputs, A::ARN, WebAclArn::parse(&arn).expect("it is made in the form of one"));
        tell(outputs, A::WEB_ACL_ID, id);
        tell(outputs, A::LABEL_NAMESPACE, format!("awswaf:{}:webacl:{name}:", asked.account()));
    }
}

pub(super) fn refused<T>(property: &str, message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::invalid(property, INVALID, message))
}

/// The ARN and the id of something of WAF.
pub(super) fn identity(
    asked: &Asked<'_>,
    kind: &str,
    scope: Scope,
    name: &str,
) -> (String, String) {
    let id = uuid(asked.scope, asked.number);
    let (region, account) = (asked.region(), asked.account());
    let place = if scope == Scope::Cloudfront { "global" } else { "regional" };
    (format!("arn:aws:wafv2:{region}:{account}:{place}/{kind}/{name}/{id}"), id)
}

/// What is for CloudFront stands in one region.
pub(super) fn check_place(asked: &Asked<'_>, scope: Scope) -> Result<(), Refusal> {
    if scope == Scope::Regional || asked.region() == "us-east-1" {
        return Ok(());
    }
    let message = format!(
        "`scope` CLOUDFRONT stands in us-east-1 alone, not in {}; give it \
         `.provider(&Provider::aws(\"us-east-1\"))`",
        asked.region()
    );
    refused("scope", message)
}

fn check_name(property: &str, name: &str) -> Result<(), Refusal> {
    if is_word(name, 128, "-_") {
        return Ok(());
    }
    refused(property, format!("`{property}` {name:?} must have 1 to 128 letters, digits, - and _"))
}

pub(super) fn check_description(description: Option<String>) -> Result<(), Refusal> {
    let Some(text) = description else { return Ok(()) };
    if is_word(&text, 256, "+=:#@/-,. ") {
        return Ok(());
    }
    let message = "`description` must have 1 to 256 letters, digits, blanks and +=:#@/-,.";
    refused("description", message)
}

fn check_times(asked: &Asked<'_>) -> Result<(), Refusal> {
    let limits = [
        ("captcha_immunity_time", A::CAPTCHA_IMMUNITY_TIME, 60),
        ("challenge_immunity_time", A::CHALLENGE_IMMUNITY_TIME, 300),
    ];
    for (name, prop, least) in limits {
        if let Some(Seconds(seconds)) = asked.get(prop)
            && !(least..=259_200).contains(&seconds)
        {
            let message = format!("`{name}` {seconds} s must be {least} to 259200 s");
            return refused(name, message);
        }
    }
    Ok(())
}

fn check_bodies(asked: &Asked<'_>) -> Result<(), Refusal> {
    let bodies = asked.get(A::CUSTOM_RESPONSE_BODIES).unwrap_or_default();
    let wrong = bodies.iter().find(|(_, body)| !(1..=BODY).contains(&body.content.chars().count()));
    match wrong {
        Some((key, body)) => {
            let count = body.content.chars().count();
            let message = format!(
                "`custom_response_bodies` {key} has {count} characters; 1 to {BODY} are allowed"
            );
            refused("custom_response_bodies", message)
        }
        None => Ok(()),
    }
}

fn check_metric(path: &str, visibility: &VisibilityConfigArgs) -> Result<(), Refusal> {
    let name = &visibility.metric_name;
    let reserved = ["All", "Default_Action"].contains(&name.as_str());
    if is_word(name, 128, "#:.-/_") && !reserved {
        return Ok(());
    }
    let message = format!(
        "`{path}.metric_name` {name:?} must have 1 to 128 letters, digits and #:.-/_, and is \
         neither All nor Default_Action"
    );
    refused(path, message)
}

fn check_rules(asked: &Asked<'_>, rules: &[RuleArgs]) -> Result<(), Refusal> {
    let (mut names, mut priorities) = (BTreeSet::new(), BTreeSet::new());
    for (place, rule) in rules.iter().enumerate() {
        let path = format!("rules[{place}]");
        check_name(&format!("{path}.name"), &rule.name)?;
        check_metric(&format!("{path}.visibility_config"), &rule.visibility_config)?;
        if !names.insert(&rule.name) {
            let message = format!("`{path}.name` {}: there is a rule of that name", rule.name);
            return refused("rules", message);
        }
        if !priorities.insert(rule.priority) {
            let message =
                format!("`{path}.priority` {}: there is a rule of that priority", rule.priority);
            return refused("rules", message);
        }
        check_what_happens(asked, &path, rule)?;
        if let Some(wrong) = statement::wrong(&rule.statement) {
            return refused("rules", format!("`{path}.statement` {wrong}"));
        }
        check_sets(asked, &path, rule)?;
    }
    let cost = capacity::of_rules(rules);
    if cost > CAPACITY {
        let message = format!("`rules` cost {cost} WCU together; an ACL has {CAPACITY} at most");
        return Err(Refusal::invalid("rules", LIMIT, message));
    }
    Ok(())
}

/// A group has rules that act; another rule acts itself.
fn check_what_happens(asked: &Asked<'_>, path: &str, rule: &RuleArgs) -> Result<(), Refusal> {
    let is_group = matches!(rule.statement, StatementArgs::ManagedRuleGroup(_));
    let message = match (&rule.action, &rule.override_action, is_group) {
        (None, Some(_), true) => return Ok(()),
        (Some(action), None, false) => {
            let allows = matches!(action, RuleActionArgs::Allow(_));
            if !(allows && matches!(rule.statement, StatementArgs::RateBased(_))) {
                return check_action(asked, &format!("{path}.action"), action);
            }
            "`action` can't allow what is too much; count or block it"
        }
        (_, _, true) => "`override_action` is needed for a group of rules, and `action` is not",
        (_, _, false) => "`action` is needed, and `override_action` is for groups of rules",
    };
    refused("rules", format!("`{path}`: {message}"))
}

fn check_action(asked: &Asked<'_>, path: &str, action: &RuleActionArgs) -> Result<(), Refusal> {
    let headers: &[CustomHttpHeaderArgs] = match action {
        RuleActionArgs::Allow(it) => &it.insert_headers,
        RuleActionArgs::Count(it) => &it.insert_headers,
        RuleActionArgs::Captcha(it) => &it.insert_headers,
        RuleActionArgs::Challenge(it) => &it.insert_headers,
        RuleActionArgs::Block(block) => match &block.custom_response {
            None => &[],
            Some(response) => {
                if !(200..=599).contains(&response.response_code) {
                    let code = response.response_code;
                    let message = format!("`{path}` answers with {code}, not 200 to 599");
                    return refused(path, message);
                }
                let bodies = asked.get(A::CUSTOM_RESPONSE_BODIES).unwrap_or_default();
                let key = response.custom_response_body_key.as_ref();
                if let Some(key) = key.filter(|key| !bodies.contains_key(*key)) {
                    let message =
                        format!("`{path}`: `custom_response_bodies` has nothing of the key {key}");
                    return refused(path, message);
                }
                &response.response_headers
            }
        },
    };
    let wrong = headers.iter().find(|header| {
        !is_word(&header.name, 64, "._$-") || !(1..=255).contains(&header.value.chars().count())
    });
    match wrong {
        Some(header) => refused(
            path,
            format!(
                "`{path}`: the header {:?} must have a name of 1 to 64 letters, digits and ._$-, \
                 and say something of up to 255 characters",
                header.name
            ),
        ),
        None => Ok(()),
    }
}

/// Sets are of the ACL's scope and region.
fn check_sets(asked: &Asked<'_>, path: &str, rule: &RuleArgs) -> Result<(), Refusal> {
    let scope = asked.get(A::SCOPE).unwrap_or(Scope::Regional);
    let place = if scope == Scope::Cloudfront { "global" } else { "regional" };
    for set in statement::ip_sets(&rule.statement) {
        let region = set.split(':').nth(3).unwrap_or_default();
        if region != asked.region() || !set.contains(&format!(":{place}/")) {
            let message = format!(
                "`{path}.statement` asks about {set}, which is of another scope or region than the \
                 ACL"
            );
            return Err(Refusal::invalid("rules", "WAFNonexistentItemException", message));
        }
    }
    Ok(())
}

//! The cases of `aws:wafv2:WebAcl`: of CloudFront with all that it has, and a change of the scope.

mod statements;

use std::collections::BTreeMap;

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::wafv2::{
        AggregateKey, AllowAction, BlockAction, BodyInspectionLimit, BotControl,
        BotInspectionLevel, ByteMatch, CaptchaAction, ComparisonOperator, Condition,
        CustomHttpHeader, CustomResponse, CustomResponseBody, DefaultAction, FieldToMatch,
        GeoMatch, IpAddressVersion, IpSet, LabelMatch, LabelScope, ManagedRuleGroup,
        ManagedRuleGroupStatement, OverrideAction, PositionalConstraint, RateBasedStatement,
        RateKey, ResponseContentType, Rule, RuleAction, RuleActionOverride, Scope, SizeConstraint,
        Statement, TextTransformation, VisibilityConfig, WebAcl, WebAclBuilder, Whole, WholeKey,
    },
    dsl::Provided,
    prelude::*,
};

use statements::REFUSED_STATEMENTS;

type Subject = WebAclBuilder<Provided, Provided>;

/// An ACL that lets everything through.
pub(crate) fn acl(name: &str) -> Subject {
    WebAcl::named(name)
        .default_action(DefaultAction::allow(AllowAction::new()))
        .visibility_config(VisibilityConfig::new("site"))
}

fn from_campus(stack: &Stack, provider: &Provider) -> Condition {
    let set = IpSet::named("campus")
        .provider(provider)
        .scope(Scope::Cloudfront)
        .ip_address_version(IpAddressVersion::Ipv4)
        .addresses(["192.0.2.0/24"])
        .create(stack);
    Condition::from(set.arn())
}

fn body(content: &str) -> BTreeMap<String, CustomResponseBody> {
    let body = CustomResponseBody::new(ResponseContentType::TextHtml, content);
    BTreeMap::from([("busy".to_owned(), body)])
}

/// Rules of every kind, one of which asks about a set of addresses within other conditions.
fn every_kind(campus: Condition) -> Vec<Rule> {
    let common = ManagedRuleGroupStatement::new(ManagedRuleGroup::Common)
        .version("Version_1.0")
        .rule_action_overrides([RuleActionOverride::count("SizeRestrictions_BODY")])
        .scope_down_statement(Condition::not(Condition::path_begins("/course/")));
    let bots = ManagedRuleGroupStatement::new(ManagedRuleGroup::BotControl)
        .bot_control(BotControl::new(BotInspectionLevel::Common));
    let outside = Condition::and([
        Condition::not(campus),
        Condition::or([
            Condition::geo_match(GeoMatch::new(["DE", "AT"])),
            Condition::label_match(LabelMatch::new(LabelScope::Label, "campus:login")),
        ]),
    ]);
    let busy = CustomResponse::new(429_u16)
        .custom_response_body_key("busy")
        .response_headers([CustomHttpHeader::new("Retry-After", "60")]);
    let keys = AggregateKey::custom_keys([
        RateKey::ip(Whole::new()),
        RateKey::uri_path(
            WholeKey::new().text_transformations([TextTransformation::NormalizePath]),
        ),
    ]);
    let flood = RateBasedStatement::new(300_u32, keys)
        .evaluation_window(Seconds(60))
        .scope_down_statement(outside);
    let large =
        SizeConstraint::new(FieldToMatch::query_string(Whole::new()), ComparisonOperator::Gt, 8192);
    let word =
        ByteMatch::new(FieldToMatch::header("User-Agent"), PositionalConstraint::Contains, "curl")
            .text_transformations([TextTransformation::Lowercase]);
    vec![
        Rule::group("common", 10, common),
        Rule::group("bots", 20, bots).override_action(OverrideAction::Count),
        Rule::new("flood", 30_u32, Statement::rate_based(flood), VisibilityConfig::new("flood"))
            .action(RuleAction::block(BlockAction::new().custom_response(busy))),
        Rule::when("large", 40, Condition::size_constraint(large), RuleAction::refuse()),
        Rule::when(
            "curl",
            50,
            Condition::byte_match(word),
            RuleAction::captcha(CaptchaAction::new()),
        )
        .rule_labels(["campus:curl"]),
    ]
}

const EDGE: Case = Case {
    ty: WebAcl::definition,
    build: |stack, v| {
        let edge = Provider::aws("us-east-1");
        let campus = from_campus(stack, &edge);
        WebAcl::named("subject")
            .provider(&edge)
            .name(v.pick("name", "campus", "school"))
            .scope(Scope::Cloudfront)
            .description(v.pick("description", "the campus", "all of the campus"))
            .default_action(v.pick(
                "default_action",
                DefaultAction::allow(AllowAction::new()),
                DefaultAction::block(BlockAction::new()),
            ))
            .rules(v.pick(
                "rules",
                every_kind(campus),
                vec![Rule::managed("php", 10, ManagedRuleGroup::Php)],
            ))
            .visibility_config(v.pick(
                "visibility_config",
                VisibilityConfig::new("campus"),
                VisibilityConfig::new("campus").sampled_requests_enabled(false),
            ))
            .custom_response_bodies(v.pick(
                "custom_response_bodies",
                body("<p>soon</p>"),
                body("<p>later</p>"),
            ))
            .body_inspection_limit(v.pick(
                "body_inspection_limit",
                BodyInspectionLimit::Kb16,
                BodyInspectionLimit::Kb64,
            ))
            .captcha_immunity_time(v.pick("captcha_immunity_time", Seconds(300), Seconds(600)))
            .challenge_immunity_time(v.pick("challenge_immunity_time", Seconds(300), Seconds(600)))
            .token_domains(v.pick(
                "token_domains",
                vec!["example.org"],
                vec!["example.org", "example.edu"],
            ))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: REFUSED,
    fixed: &[("scope", "the other case has it, without what only CloudFront has")],
    cfn: Cfn {
        name: "AWS::WAFv2::WebACL",
        differs: &[
            ("ApplicationConfig", "left out: AWS chooses rules by it in the console alone"),
            (
                "DataProtectionConfig",
                "left out: what is not to be logged, LoggingConfiguration says",
            ),
            ("MonetizationConfig", "left out: nobody pays for a request here"),
            ("OnSourceDDoSProtectionConfig", "left out: another resource of load balancers"),
            ("Rules.CaptchaConfig", "left out: the ACL's own holds for all of its rules"),
            ("Rules.ChallengeConfig", "left out: the ACL's own holds for all of its rules"),
        ],
        renamed: &[
            ("Id", "web_acl_id"),
            ("AssociationConfig", "body_inspection_limit"),
            ("CaptchaConfig", "captcha_immunity_time"),
            ("ChallengeConfig", "challenge_immunity_time"),
        ],
    },
};

/// An ACL with rules that are refused.
pub(super) fn rules(stack: &Stack, rules: impl IntoInput<Vec<Rule>>) {
    acl("subject").rules(rules).create(stack);
}

const REFUSED: &[Refused] = &[
    Refused {
        property: "scope",
        build: |stack| {
            acl("subject").scope(Scope::Cloudfront).create(stack);
        },
        says: "CLOUDFRONT stands in us-east-1 alone",
    },
    Refused {
        property: "body_inspection_limit",
        build: |stack| {
            acl("subject").body_inspection_limit(BodyInspectionLimit::Kb64).create(stack);
        },
        says: "of what comes to a load balancer 8 KB are read",
    },
    Refused {
        property: "challenge_immunity_time",
        build: |stack| {
            acl("subject").challenge_immunity_time(Seconds(60)).create(stack);
        },
        says: "60 s must be 300 to 259200 s",
    },
    Refused {
        property: "custom_response_bodies",
        build: |stack| {
            acl("subject").custom_response_bodies(body("")).create(stack);
        },
        says: "busy has 0 characters; 1 to 10240 are allowed",
    },
    Refused {
        property: "visibility_config",
        build: |stack| {
            WebAcl::named("subject")
                .default_action(DefaultAction::allow(AllowAction::new()))
                .visibility_config(VisibilityConfig::new("Default_Action"))
                .create(stack);
        },
        says: "is neither All nor Default_Action",
    },
    Refused {
        property: "rules[0].name",
        build: |stack| rules(stack, [Rule::managed("the php", 10, ManagedRuleGroup::Php)]),
        says: "must have 1 to 128 letters, digits, - and _",
    },
    Refused {
        property: "rules",
        build: |stack| {
            let php = Rule::managed("php", 10, ManagedRuleGroup::Php);
            rules(stack, [php.clone(), php]);
        },
        says: "`rules[1].name` php: there is a rule of that name",
    },
    Refused {
        property: "rules",
        build: |stack| {
            let php = Rule::managed("php", 10, ManagedRuleGroup::Php);
            rules(stack, [php, Rule::managed("sql", 10, ManagedRuleGroup::Sqli)]);
        },
        says: "`rules[1].priority` 10: there is a rule of that priority",
    },
    Refused {
        property: "rules",
        build: |stack| {
            let php = Rule::managed("php", 10, ManagedRuleGroup::Php);
            rules(stack, [php.action(RuleAction::refuse())]);
        },
        says: "`override_action` is needed for a group of rules, and `action` is not",
    },
    Refused {
        property: "rules",
        build: |stack| {
            let path = Statement::when(Condition::path_begins("/admin/"));
            rules(stack, [Rule::new("admin", 10_u32, path, VisibilityConfig::new("admin"))]);
        },
        says: "`action` is needed, and `override_action` is for groups of rules",
    },
    Refused {
        property: "rules",
        build: |stack| {
            let flood = RateBasedStatement::new(300_u32, AggregateKey::address());
            let allow = RuleAction::allow(AllowAction::new());
            rules(stack, [Rule::too_many("flood", 10, flood).action(allow)]);
        },
        says: "can't allow what is too much",
    },
    Refused {
        property: "rules[0].action",
        build: |stack| {
            let busy = CustomResponse::new(429_u16).custom_response_body_key("busy");
            let block = RuleAction::block(BlockAction::new().custom_response(busy));
            rules(stack, [Rule::when("admin", 10, Condition::path_begins("/admin/"), block)]);
        },
        says: "`custom_response_bodies` has nothing of the key busy",
    },
    Refused {
        property: "rules[0].action",
        build: |stack| {
            let odd = CustomResponse::new(100_u16);
            let block = RuleAction::block(BlockAction::new().custom_response(odd));
            rules(stack, [Rule::when("admin", 10, Condition::path_begins("/admin/"), block)]);
        },
        says: "answers with 100, not 200 to 599",
    },
    Refused {
        property: "rules[0].action",
        build: |stack| {
            let header = CustomHttpHeader::new("a b", "c");
            let allow = RuleAction::allow(AllowAction::new().insert_headers([header]));
            rules(stack, [Rule::when("admin", 10, Condition::path_begins("/admin/"), allow)]);
        },
        says: "the header \"a b\" must have a name",
    },
    Refused {
        property: "rules",
        build: |stack| {
            let all = (0..8).map(|place| {
                Rule::managed(&format!("common-{place}"), place, ManagedRuleGroup::Common)
            });
            rules(stack, all.collect::<Vec<_>>());
        },
        says: "cost 5600 WCU together; an ACL has 5000 at most",
    },
];

const SCOPE: Case = Case {
    ty: WebAcl::definition,
    build: |stack, v| {
        acl("subject")
            .provider(&Provider::aws("us-east-1"))
            .name("campus")
            .scope(v.pick("scope", Scope::Regional, Scope::Cloudfront))
            .create(stack);
    },
    refused: REFUSED_STATEMENTS,
    fixed: &[("*", "the first case has second values of them")],
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
};

pub(crate) const CASES: &[Case] = &[EDGE, SCOPE];

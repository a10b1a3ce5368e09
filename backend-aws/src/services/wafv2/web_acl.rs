//! `aws:wafv2:WebAcl`.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_wafv2::{
    operation::get_web_acl::GetWebAclOutput,
    types::{self as sdk, Scope},
};
use infra_core::{
    aws::wafv2::{
        self, BodyInspectionLimit, CustomResponseBodyArgs, ResponseContentType, WebAclArgs,
    },
    handler::{Deletion, Problem, Request, TypedRequest},
    types::Seconds,
};

use super::{
    Summary,
    action::{default_action, default_action_args},
    id_of, key, listed, new_tags, retag,
    rule::{rule, rules_value, visibility, visibility_args},
    scopes, tags,
};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, On, READ, UPDATE},
    resource::{Resource, changed},
    seen::{Seen, word},
};

pub(crate) struct WebAcl;

type Type = wafv2::WebAcl;

async fn all(aws: &Aws, scope: &Scope) -> Answer<Vec<Summary>> {
    let (mut all, mut marker) = (vec![], None);
    loop {
        let page = aws.wafv2().list_web_acls().scope(scope.clone()).set_next_marker(marker);
        let page = page.send().await?;
        marker = page.next_marker.filter(|marker| !marker.is_empty());
        let page = page.web_acls.unwrap_or_default();
        let is_last = marker.is_none() || page.is_empty();
        all.extend(page.into_iter().filter_map(|it| Summary::new(it.name, it.id, it.arn)));
        if is_last {
            return Ok(all);
        }
    }
}

/// The names of the ACLs with rules that say a text, such as the end of an ARN.
pub(super) async fn with(aws: &Aws, scope: &Scope, text: &str) -> Answer<Vec<String>> {
    let mut names = vec![];
    for Summary { name, id, .. } in all(aws, scope).await? {
        let get = aws.wafv2().get_web_acl().name(&name).scope(scope.clone()).id(id);
        let Some(told) = get.send().await.if_found()? else { continue };
        // Conditions stand within conditions: what the rules are in words is enough.
        if told.web_acl().is_some_and(|acl| format!("{:?}", acl.rules()).contains(text)) {
            names.push(name);
        }
    }
    Ok(names)
}

async fn get(aws: &Aws, request: &Request) -> Answer<Option<GetWebAclOutput>> {
    let (name, scope) = key(request);
    let Some(id) = id_of(request, Type::WEB_ACL_ID.slot, all(aws, &scope)).await? else {
        return Ok(None);
    };
    aws.wafv2().get_web_acl().name(name).scope(scope).id(id).send().await.if_found()
}

/// It with the token that says which state of it is to change.
async fn locked(
    aws: &Aws,
    request: &Request,
    operation: &'static str,
) -> Answer<(sdk::WebAcl, String)> {
    let told = get(aws, request).await?;
    let (acl, token) = told.map_or((None, None), |told| (told.web_acl, told.lock_token));
    let acl = acl.ok_or_else(|| {
        Error::refused(Problem::NotFound, "wafv2", operation, format!("no ACL {}", request.id))
    })?;
    let token = token.ok_or_else(|| Error::incomplete("wafv2", "GetWebACL", "LockToken"))?;
    Ok((acl, token))
}

fn immunity(seconds: Seconds) -> sdk::ImmunityTimeProperty {
    let time = sdk::ImmunityTimeProperty::builder().immunity_time(seconds.0.into());
    time.build().expect("it has a time")
}

fn captcha(args: &WebAclArgs) -> Option<sdk::CaptchaConfig> {
    let time = args.captcha_immunity_time.map(immunity)?;
    Some(sdk::CaptchaConfig::builder().immunity_time_property(time).build())
}

fn challenge(args: &WebAclArgs) -> Option<sdk::ChallengeConfig> {
    let time = args.challenge_immunity_time.map(immunity)?;
    Some(sdk::ChallengeConfig::builder().immunity_time_property(time).build())
}

fn association(args: &WebAclArgs) -> Option<sdk::AssociationConfig> {
    let limit = args.body_inspection_limit?.as_str().into();
    let body = sdk::RequestBodyAssociatedResourceTypeConfig::builder();
    let body = body.default_size_inspection_limit(limit).build().expect("it has a limit");
    let kind = sdk::AssociatedResourceType::Cloudfront;
    Some(sdk::AssociationConfig::builder().request_body(kind, body).build())
}

fn bodies(args: &WebAclArgs) -> Option<HashMap<String, sdk::CustomResponseBody>> {
    let bodies = args.custom_response_bodies.iter().map(|(key, body)| {
        let body = sdk::CustomResponseBody::builder()
            .content_type(body.content_type.as_str().into())
            .content(&body.content)
            .build();
        (key.clone(), body.expect("it has a kind and a content"))
    });
    // WAF takes no empty map.
    (!args.custom_response_bodies.is_empty()).then(|| bodies.collect())
}

fn rules(args: &WebAclArgs) -> Option<Vec<sdk::Rule>> {
    Some(args.rules.iter().map(rule).collect())
}

fn domains(args: &WebAclArgs) -> Option<Vec<String>> {
    (!args.token_domains.is_empty()).then(|| args.token_domains.clone())
}

fn bodies_args(acl: &sdk::WebAcl) -> Option<BTreeMap<String, CustomResponseBodyArgs>> {
    let bodies = acl.custom_response_bodies()?.iter().map(|(key, body)| {
        let content_type = word::<ResponseContentType>(body.content_type().as_str())?;
        let content = body.content().to_owned();
        Some((key.clone(), CustomResponseBodyArgs { content_type, content }))
    });
    bodies.collect()
}

/// AWS may tell its own default too.
fn body_limit(acl: &sdk::WebAcl, request: &Request) -> Option<BodyInspectionLimit> {
    let limits = acl.association_config().and_then(|config| config.request_body())?;
    let limit = limits.get(&sdk::AssociatedResourceType::Cloudfront)?;
    let limit = word::<BodyInspectionLimit>(limit.default_size_inspection_limit().as_str())?;
    let is_left = request.inputs.get(Type::BODY_INSPECTION_LIMIT.slot).is_null();
    Some(limit).filter(|limit| !(is_left && *limit == BodyInspectionLimit::Kb16))
}

fn seconds(time: Option<&sdk::ImmunityTimeProperty>) -> Option<Seconds> {
    time.and_then(|time| u32::try_from(time.immunity_time()).ok()).map(Seconds)
}

fn seen(acl: &sdk::WebAcl, request: &Request) -> Seen {
    let (_, scope) = key(request);
    let captcha = acl.captcha_config().and_then(|config| config.immunity_time_property());
    let challenge = acl.challenge_config().and_then(|config| config.immunity_time_property());
    let capacity = u32::try_from(acl.capacity()).unwrap_or_default();
    Seen::new(&*request.id)
        .text(Type::NAME, Some(acl.name()))
        .text(Type::SCOPE, Some(scope.as_str()))
        .text(Type::DESCRIPTION, acl.description().filter(|text| !text.is_empty()))
        .set(Type::DEFAULT_ACTION, acl.default_action().and_then(default_action_args))
        .value(Type::RULES, rules_value(acl.rules(), request.inputs.get(Type::RULES.slot)))
        .set(Type::VISIBILITY_CONFIG, acl.visibility_config().map(visibility_args))
        .set(Type::CUSTOM_RESPONSE_BODIES, bodies_args(acl))
        .set(Type::BODY_INSPECTION_LIMIT, body_limit(acl, request))
        .set(Type::CAPTCHA_IMMUNITY_TIME, seconds(captcha))
        .set(Type::CHALLENGE_IMMUNITY_TIME, seconds(challenge))
        .texts(Type::TOKEN_DOMAINS, acl.token_domains())
        .text(Type::ARN, Some(acl.arn()))
        .text(Type::WEB_ACL_ID, Some(acl.id()))
        .text(Type::LABEL_NAMESPACE, acl.label_namespace())
        .set(Type::CAPACITY, capacity)
}

/// The load balancers that an ACL looks at. Which distributions do, each of them says itself.
async fn protected(aws: &Aws, acl: &sdk::WebAcl, scope: &Scope) -> Answer<Vec<String>> {
    if *scope == Scope::Cloudfront {
        return Ok(vec![]);
    }
    let list = aws.wafv2().list_resources_for_web_acl().web_acl_arn(acl.arn());
    let list = list.resource_type(sdk::ResourceType::ApplicationLoadBalancer);
    Ok(list.send().await?.resource_arns.unwrap_or_default())
}

const PARTS: [&str; 9] = [
    "description",
    "default_action",
    "rules",
    "visibility_config",
    "custom_response_bodies",
    "body_inspection_limit",
    "captcha_immunity_time",
    "challenge_immunity_time",
    "token_domains",
];

// Of either scope.
const ACL: &[On] = &[On::Arn("arn:aws:wafv2:{region}:{account}:*/webacl/{name}/*")];
/// The ACL, and what its rules may name.
const RULES: &[On] = &[
    On::Arn("arn:aws:wafv2:{region}:{account}:*/webacl/{name}/*"),
    On::Arn("arn:aws:wafv2:{region}:{account}:*/ipset/*/*"),
    On::Arn("arn:aws:wafv2:{region}:{account}:*/managedruleset/*/*"),
];

impl Resource for WebAcl {
    type Type = Type;

    const NEEDS: Needs = &[
        CREATE.needs("wafv2:CreateWebACL").on(RULES),
        CREATE.and(UPDATE).needs("wafv2:TagResource").on(ACL),
        UPDATE.needs("wafv2:UntagResource").on(ACL),
        UPDATE.needs("wafv2:UpdateWebACL").on(RULES),
        READ.needs("wafv2:GetIPSet").on(&[On::Arn("arn:aws:wafv2:{region}:{account}:*/ipset/*/*")]),
        READ.needs("wafv2:GetWebACL").on(ACL),
        READ.needs("wafv2:ListIPSets"),
        READ.and(LIST).needs("wafv2:ListTagsForResource").on(ACL),
        READ.and(LIST).needs("wafv2:ListWebACLs"),
        DELETE.needs("wafv2:DeleteWebACL").on(ACL),
        DELETE.needs("wafv2:ListResourcesForWebACL").on(ACL),
        DELETE.needs("elasticloadbalancing:DescribeWebACLAssociation"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<Seen> {
        let args = &request.args;
        let made = aws
            .wafv2()
            .create_web_acl()
            .set_name(request.name().map(str::to_owned))
            .scope(args.scope.as_str().into())
            .set_description(args.description.clone())
            .default_action(default_action(&args.default_action))
            .set_rules(rules(args))
            .visibility_config(visibility(&args.visibility_config))
            .set_custom_response_bodies(bodies(args))
            .set_association_config(association(args))
            .set_captcha_config(captcha(args))
            .set_challenge_config(challenge(args))
            .set_token_domains(domains(args))
            .set_tags(new_tags(request))
            .send()
            .await?;
        let incomplete = || Error::incomplete("wafv2", "CreateWebACL", "Summary");
        let summary = made.summary().ok_or_else(incomplete)?;
        let id = request.ty.natural_id(&request.inputs);
        let seen = Seen::new(id.unwrap_or_default())
            .text(Type::ARN, summary.arn())
            .text(Type::WEB_ACL_ID, summary.id());
        Ok(seen)
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
        if changed(request, &PARTS) {
            let args = &request.args;
            let (name, scope) = key(request);
            let (acl, token) = locked(aws, request, "UpdateWebACL").await?;
            aws.wafv2()
                .update_web_acl()
                .name(name)
                .scope(scope)
                .id(acl.id())
                .lock_token(token)
                .set_description(args.description.clone())
                .default_action(default_action(&args.default_action))
                .set_rules(rules(args))
                .visibility_config(visibility(&args.visibility_config))
                .set_custom_response_bodies(bodies(args))
                .set_association_config(association(args))
                .set_captcha_config(captcha(args))
                .set_challenge_config(challenge(args))
                .set_token_domains(domains(args))
                .send()
                .await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let told = get(aws, request).await?;
        let Some(acl) = told.as_ref().and_then(|told| told.web_acl()) else { return Ok(None) };
        Ok(Some(seen(acl, request).tags(tags(aws, acl.arn()).await?)))
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        let (name, scope) = key(request);
        let (acl, token) = locked(aws, request, "DeleteWebACL").await?;
        let delete = aws.wafv2().delete_web_acl().name(name).scope(scope.clone()).id(acl.id());
        match delete.lock_token(token).send().await.map_err(Error::from) {
            Err(error) if matches!(error.0.problem, Problem::InUse { .. }) => {
                Err(error.in_use(protected(aws, &acl, &scope).await?))
            }
            other => other.map(|_| Deletion::Gone),
        }
    }

    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let mut seen = vec![];
        for scope in scopes(aws) {
            seen.extend(listed(aws, &scope, all(aws, &scope).await?).await?);
        }
        Ok(seen)
    }
}

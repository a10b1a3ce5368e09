//! `aws:elbv2:Listener`.

mod certificates;
mod parts;

use aws_sdk_elasticloadbalancingv2::types::{self as sdk, ListenerAttribute};
use infra_core::{
    aws::elbv2::{self, Action, AlpnPolicy, Protocol},
    handler::{Deletion, Request, TypedRequest},
    types::PropertyType,
};

use super::{
    action, all_with_tags,
    attributes::{Attributes, Plain, sdk_attributes},
    load_balancer, new_tags, retag, with_tags,
};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, On, READ, UPDATE},
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct Listener;

type Type = elbv2::Listener;

/// The policy that a listener with TLS has where nobody names one.
const POLICY: &str = "ELBSecurityPolicy-2016-08";

const PLAIN: &[Plain] = &[
    Plain::new(Type::SERVER_HEADER.slot, "routing.http.response.server.enabled", "true"),
    Plain::new(Type::TCP_IDLE_TIMEOUT.slot, "tcp.idle_timeout.seconds", "350"),
];

fn seen(listener: &sdk::Listener, request: &Request) -> Seen {
    let arn = listener.listener_arn();
    let recorded = <Vec<Action>>::decode(request.inputs.get(Type::DEFAULT_ACTIONS.slot)).ok();
    let actions = action::told(listener.default_actions(), recorded.as_deref());
    let alpn = listener.alpn_policy().first();
    let alpn = AlpnPolicy::ALL.into_iter().find(|it| alpn.is_some_and(|word| word == it.as_str()));
    let policy = listener.ssl_policy().map(str::to_owned);
    let mutual = listener.mutual_authentication().and_then(parts::mutual_told);
    let is_off =
        |it: &elbv2::MutualAuthenticationArgs| it.mode == elbv2::MutualAuthenticationMode::Off;
    let recorded = request.inputs.has(Type::MUTUAL_AUTHENTICATION.slot);
    Seen::new(arn.unwrap_or_default())
        .text(Type::LOAD_BALANCER_ARN, listener.load_balancer_arn())
        .text(Type::PROTOCOL, listener.protocol().map(|it| it.as_str()))
        .set(Type::PORT, listener.port().and_then(|port| u16::try_from(port).ok()))
        .alike(Type::DEFAULT_ACTIONS, request, Some(actions), action::normal)
        .unless_usual(Type::SSL_POLICY, request, policy, &[POLICY.to_owned()])
        .unless_usual(Type::ALPN_POLICY, request, alpn, &[AlpnPolicy::None])
        .alike(
            Type::MUTUAL_AUTHENTICATION,
            request,
            mutual.filter(|it| recorded || !is_off(it)),
            parts::mutual_normal,
        )
        .text(Type::LISTENER_ARN, arn)
}

async fn modify_attributes(aws: &Aws, arn: &str, attributes: Attributes) -> Answer<()> {
    if attributes.is_empty() {
        return Ok(());
    }
    let all = sdk_attributes!(ListenerAttribute, attributes);
    let modify = aws.elbv2().modify_listener_attributes().listener_arn(arn);
    modify.set_attributes(Some(all)).send().await?;
    Ok(())
}

/// All but certificates beside the first one, attributes and tags. What the program does not say any
/// more becomes usual again, as far as the protocol has it.
async fn modify(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let args = &request.args;
    let gone = |name: &str, has: bool| has && changed(request, &[name]);
    let is_https = args.protocol == Protocol::Https;
    let policy = args.ssl_policy.as_deref();
    let policy = policy.or(gone("ssl_policy", args.protocol.is_tls()).then_some(POLICY));
    let alpn = gone("alpn_policy", args.protocol == Protocol::Tls).then_some(AlpnPolicy::None);
    let alpn = args.alpn_policy.or(alpn);
    let off = || sdk::MutualAuthenticationAttributes::builder().mode("off").build();
    let mutual = args.mutual_authentication.as_ref().map(parts::mutual);
    let mutual = mutual.or(gone("mutual_authentication", is_https).then(off));
    aws.elbv2()
        .modify_listener()
        .listener_arn(&*request.id)
        .protocol(args.protocol.as_str().into())
        .port(args.port.into())
        .set_default_actions(Some(action::sdk(&args.default_actions)))
        .set_certificates(certificates::first(args))
        .set_ssl_policy(policy.map(str::to_owned))
        .set_alpn_policy(alpn.map(|it| vec![it.as_str().to_owned()]))
        .set_mutual_authentication(mutual)
        .send()
        .await?;
    Ok(())
}

impl Resource for Listener {
    type Type = elbv2::Listener;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("elasticloadbalancing:AddListenerCertificates").on(OWN),
        CREATE.and(UPDATE).needs("elasticloadbalancing:AddTags").on(OWN),
        CREATE.needs("elasticloadbalancing:CreateListener").on(&[On::Arn("{load_balancer_arn}")]),
        CREATE.and(UPDATE).needs("elasticloadbalancing:ModifyListenerAttributes").on(OWN),
        CREATE.and(UPDATE).needs("elasticloadbalancing:RemoveListenerCertificates").on(OWN),
        UPDATE.needs("elasticloadbalancing:ModifyListener").on(OWN),
        UPDATE.needs("elasticloadbalancing:RemoveTags").on(OWN),
        READ.needs("elasticloadbalancing:DescribeListenerAttributes"),
        READ.needs("elasticloadbalancing:DescribeListenerCertificates"),
        READ.and(LIST).needs("elasticloadbalancing:DescribeListeners"),
        READ.and(LIST).needs("elasticloadbalancing:DescribeTags"),
        DELETE.needs("elasticloadbalancing:DeleteListener").on(OWN),
        LIST.needs("elasticloadbalancing:DescribeLoadBalancers"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<Seen> {
        let args = &request.args;
        let made = aws
            .elbv2()
            .create_listener()
            .load_balancer_arn(args.load_balancer_arn.as_str())
            .protocol(args.protocol.as_str().into())
            .port(args.port.into())
            .set_default_actions(Some(action::sdk(&args.default_actions)))
            .set_certificates(certificates::first(args))
            .set_ssl_policy(args.ssl_policy.clone())
            .set_alpn_policy(args.alpn_policy.map(|it| vec![it.as_str().to_owned()]))
            .set_mutual_authentication(args.mutual_authentication.as_ref().map(parts::mutual))
            .set_tags(Some(new_tags(request)))
            .send()
            .await?;
        let incomplete =
            || Error::incomplete("elasticloadbalancingv2", "CreateListener", "Listener");
        Ok(seen(made.listeners().first().ok_or_else(incomplete)?, request))
    }

    async fn configure(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<()> {
        let mut attributes = Attributes::new();
        PLAIN.iter().for_each(|it| it.given(request, &mut attributes));
        if let Some(headers) = &request.args.response_headers {
            parts::put_headers(&mut attributes, Some(headers), false);
        }
        modify_attributes(aws, &request.id, attributes).await?;
        certificates::set_others(aws, request).await
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<()> {
        let in_one_call = [
            "protocol",
            "port",
            "default_actions",
            "certificates",
            "ssl_policy",
            "alpn_policy",
            "mutual_authentication",
        ];
        if changed(request, &in_one_call) {
            modify(aws, request).await?;
        }
        if changed(request, &["certificates"]) {
            certificates::set_others(aws, request).await?;
        }
        let mut attributes = Attributes::new();
        PLAIN.iter().for_each(|it| it.changed(request, &mut attributes));
        if changed(request, &["response_headers"]) {
            let headers = request.args.response_headers.as_ref();
            parts::put_headers(&mut attributes, headers, true);
        }
        modify_attributes(aws, &request.id, attributes).await?;
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let arn = &*request.id;
        let asked = aws.elbv2().describe_listeners().listener_arns(arn);
        let told = asked.send().await.if_found()?;
        let listener = told.and_then(|told| told.listeners?.into_iter().next());
        let Some(listener) = listener else { return Ok(None) };
        let asked = aws.elbv2().describe_listener_attributes().listener_arn(arn);
        let Some(told) = asked.send().await.if_found()? else { return Ok(None) };
        let attributes = sdk_attributes!(told.attributes());
        let seen = seen(&listener, request);
        let seen = PLAIN.iter().fold(seen, |seen, it| it.seen(seen, request, &attributes));
        let mut seen = seen.set(Type::RESPONSE_HEADERS, parts::headers_told(&attributes));
        // Others have none, and are not to be asked for them.
        if matches!(listener.protocol(), Some(sdk::ProtocolEnum::Https | sdk::ProtocolEnum::Tls)) {
            let Some(all) = certificates::all(aws, arn).await? else { return Ok(None) };
            seen = certificates::seen(seen, request, &listener, all);
        }
        with_tags(aws, seen).await
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        aws.elbv2().delete_listener().listener_arn(&*request.id).send().await?;
        Ok(Deletion::Gone)
    }

    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        all_with_tags(aws, arns(aws).await?).await
    }
}

/// All listeners of the region, which are listed for a load balancer each.
pub(super) async fn arns(aws: &Aws) -> Answer<Vec<String>> {
    let mut arns = vec![];
    for balancer in load_balancer::arns(aws).await? {
        let all = aws.elbv2().describe_listeners().load_balancer_arn(balancer).into_paginator();
        let all = all.items().send().collect::<Result<Vec<_>, _>>().await;
        // The load balancer may have gone since.
        let all = all.if_found()?.unwrap_or_default();
        arns.extend(all.into_iter().filter_map(|listener| listener.listener_arn));
    }
    Ok(arns)
}

//! The certificates of a listener: the first one is the listener's own, the others are added to it.

use std::collections::BTreeSet;

use aws_sdk_elasticloadbalancingv2::types::{self as sdk, Certificate};
use infra_core::{
    aws::elbv2::{Listener, ListenerArgs},
    handler::{Request, TypedRequest},
};

use crate::{
    aws::Aws,
    error::{Answer, IfFound},
    seen::Seen,
};

fn certificate(arn: &str) -> Certificate {
    Certificate::builder().certificate_arn(arn).build()
}

/// The listener's own, if it has one.
pub(super) fn first(args: &ListenerArgs) -> Option<Vec<Certificate>> {
    args.certificates.first().map(|arn| vec![certificate(arn.as_str())])
}

/// All that a listener has, its own among them; `None` if it has gone.
pub(super) async fn all(aws: &Aws, listener: &str) -> Answer<Option<Vec<Certificate>>> {
    let all = aws.elbv2().describe_listener_certificates().listener_arn(listener);
    all.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await.if_found()
}

/// Adds those that are lacking, and takes away those that are not wanted any more.
pub(super) async fn set_others(aws: &Aws, request: &TypedRequest<'_, Listener>) -> Answer<()> {
    let args = &request.args;
    if !args.protocol.is_tls() || args.certificates.len() < 2 && request.changed.is_empty() {
        return Ok(());
    }
    let wanted: BTreeSet<&str> = args.certificates.iter().skip(1).map(|arn| arn.as_str()).collect();
    let there = all(aws, &request.id).await?.unwrap_or_default();
    let there = there.iter().filter(|it| it.is_default() != Some(true));
    let there: BTreeSet<&str> = there.filter_map(Certificate::certificate_arn).collect();
    for arn in wanted.difference(&there) {
        let add = aws.elbv2().add_listener_certificates().listener_arn(&*request.id);
        add.certificates(certificate(arn)).send().await?;
    }
    for arn in there.difference(&wanted) {
        let remove = aws.elbv2().remove_listener_certificates().listener_arn(&*request.id);
        remove.certificates(certificate(arn)).send().await?;
    }
    Ok(())
}

/// They as AWS tells them, the listener's own first.
pub(super) fn seen(
    seen: Seen,
    request: &Request,
    listener: &sdk::Listener,
    all: Vec<Certificate>,
) -> Seen {
    let own = listener.certificates().first().and_then(Certificate::certificate_arn);
    let mut arns: Vec<String> = own.into_iter().map(str::to_owned).collect();
    for arn in all.into_iter().filter_map(|certificate| certificate.certificate_arn) {
        if !arns.contains(&arn) {
            arns.push(arn);
        }
    }
    // The order of the others means nothing.
    let recorded = request.inputs.get(Listener::CERTIFICATES.slot);
    let same_first = recorded.items().first().and_then(|arn| arn.as_str()) == own;
    if same_first {
        seen.unordered(Listener::CERTIFICATES, request, arns)
    } else {
        seen.set(Listener::CERTIFICATES, arns)
    }
}

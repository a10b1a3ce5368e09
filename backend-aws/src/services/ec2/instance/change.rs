//! What changes in place.

use aws_sdk_ec2::types::{
    self as sdk, AttributeValue, IamInstanceProfileAssociationState as Association,
    InstanceStateName as State,
};
use infra_core::{
    aws::ec2,
    handler::{Certainty, Problem, TypedRequest},
};

use super::{
    super::{filter, retag},
    described, left, metadata, profile, state, yes_or_no,
};
use crate::{
    aws::Aws,
    error::{Answer, Error},
    plain::texts,
    resource::changed,
};

type Request<'a> = TypedRequest<'a, ec2::Instance>;

pub(super) async fn update(aws: &Aws, request: &Request<'_>) -> Answer<()> {
    let args = &request.args;
    let modify = || aws.ec2().modify_instance_attribute().instance_id(&*request.id);
    if changed(request, &["security_group_ids"]) {
        set_groups(aws, request).await?;
    }
    if changed(request, &["iam_instance_profile"]) {
        set_profile(aws, request).await?;
    }
    if changed(request, &["metadata_options"]) {
        set_metadata(aws, request).await?;
    }
    if changed(request, &["monitoring"]) {
        set_monitoring(aws, request).await?;
    }
    if changed(request, &["disable_api_termination"]) {
        let value = yes_or_no(args.disable_api_termination);
        modify().disable_api_termination(value).send().await?;
    }
    if changed(request, &["instance_initiated_shutdown_behavior"]) {
        let value = args.instance_initiated_shutdown_behavior.as_str();
        let value = AttributeValue::builder().value(value).build();
        modify().instance_initiated_shutdown_behavior(value).send().await?;
    }
    // An interface that exists says it itself.
    let own = args.network_interfaces.is_none();
    if let Some(check) = args.source_dest_check.or(own.then_some(true))
        && changed(request, &["source_dest_check"])
    {
        modify().source_dest_check(yes_or_no(check)).send().await?;
    }
    if changed(request, &["instance_type", "ebs_optimized"]) {
        resize(aws, request).await?;
    }
    // What a type does with its credits may go with the type.
    if changed(request, &["credit_specification"]) {
        set_credits(aws, request).await?;
    }
    retag(aws, request).await
}

async fn set_groups(aws: &Aws, request: &Request<'_>) -> Answer<()> {
    let groups = match texts(request.args.security_group_ids.as_ref()) {
        Some(groups) => groups,
        None => {
            let template = left::template(aws, request).await?;
            match template.and_then(|data| data.security_group_ids).filter(|all| !all.is_empty()) {
                Some(groups) => groups,
                None => {
                    let vpc = described(aws, &request.id).await?.and_then(|it| it.vpc_id);
                    left::default_group(aws, &vpc.unwrap_or_default()).await?
                }
            }
        }
    };
    let modify = aws.ec2().modify_instance_attribute().instance_id(&*request.id);
    modify.set_groups(Some(groups)).send().await?;
    Ok(())
}

/// The profile that an instance is to have.
async fn wanted_profile(
    aws: &Aws,
    request: &Request<'_>,
) -> Answer<Option<sdk::IamInstanceProfileSpecification>> {
    if let Some(name) = &request.args.iam_instance_profile {
        return Ok(Some(profile(name.as_str())));
    }
    let template = left::template(aws, request).await?.and_then(|data| data.iam_instance_profile);
    Ok(template.map(|it| {
        sdk::IamInstanceProfileSpecification::builder().set_arn(it.arn).set_name(it.name).build()
    }))
}

async fn set_profile(aws: &Aws, request: &Request<'_>) -> Answer<()> {
    let id = &*request.id;
    let wanted = wanted_profile(aws, request).await?;
    let asked = aws.ec2().describe_iam_instance_profile_associations();
    let told = asked.filters(filter("instance-id", id)).send().await?;
    let all = told.iam_instance_profile_associations().iter();
    let mut stand = all.filter(|it| {
        matches!(it.state(), Some(Association::Associated | Association::Associating))
    });
    let has = stand.next().and_then(|it| it.association_id());
    match (has, wanted) {
        (Some(has), Some(wanted)) => {
            let replace = aws.ec2().replace_iam_instance_profile_association();
            replace.association_id(has).iam_instance_profile(wanted).send().await?;
        }
        (None, Some(wanted)) => {
            let associate = aws.ec2().associate_iam_instance_profile().instance_id(id);
            associate.iam_instance_profile(wanted).send().await?;
        }
        (Some(has), None) => {
            aws.ec2().disassociate_iam_instance_profile().association_id(has).send().await?;
        }
        (None, None) => {}
    }
    Ok(())
}

async fn set_metadata(aws: &Aws, request: &Request<'_>) -> Answer<()> {
    let options = metadata(&request.args.metadata_options);
    aws.ec2()
        .modify_instance_metadata_options()
        .instance_id(&*request.id)
        .set_http_tokens(options.http_tokens)
        .set_http_put_response_hop_limit(options.http_put_response_hop_limit)
        .set_http_endpoint(options.http_endpoint)
        .set_instance_metadata_tags(options.instance_metadata_tags)
        .send()
        .await?;
    Ok(())
}

async fn set_monitoring(aws: &Aws, request: &Request<'_>) -> Answer<()> {
    let id = &*request.id;
    if request.args.monitoring {
        aws.ec2().monitor_instances().instance_ids(id).send().await?;
    } else {
        aws.ec2().unmonitor_instances().instance_ids(id).send().await?;
    }
    Ok(())
}

async fn set_credits(aws: &Aws, request: &Request<'_>) -> Answer<()> {
    let said = request.args.credit_specification.as_ref();
    let credits = match said.map(|it| it.cpu_credits.as_str().to_owned()) {
        Some(credits) => Some(credits),
        None => {
            let template = left::template(aws, request).await?;
            match template.and_then(|data| data.credit_specification?.cpu_credits) {
                Some(credits) => Some(credits),
                None => {
                    let kind = described(aws, &request.id).await?.and_then(|it| it.instance_type);
                    left::credits(aws, kind.as_ref().map_or("", |kind| kind.as_str())).await?
                }
            }
        }
    };
    let specification = sdk::InstanceCreditSpecificationRequest::builder();
    let specification = specification.instance_id(&*request.id).set_cpu_credits(credits).build();
    let modify = aws.ec2().modify_instance_credit_specification();
    let done = modify.instance_credit_specifications(specification).send().await?;
    let refused = done.unsuccessful_instance_credit_specifications().first();
    let Some(refused) = refused.and_then(|it| it.error()) else { return Ok(()) };
    let property = Some("credit_specification".to_owned());
    let message = refused.message().unwrap_or("it was refused");
    let problem = Problem::Invalid { property };
    Err(Error::refused(problem, "ec2", "ModifyInstanceCreditSpecification", message))
}

/// The type and the bandwidth for volumes that an instance is to have.
async fn wanted_size(aws: &Aws, request: &Request<'_>) -> Answer<(Option<String>, Option<bool>)> {
    let args = &request.args;
    if let (Some(kind), Some(optimized)) = (&args.instance_type, args.ebs_optimized) {
        return Ok((Some(kind.clone()), Some(optimized)));
    }
    let template = left::template(aws, request).await?;
    let of_template = template.as_ref().and_then(|data| data.instance_type());
    let of_template = of_template.map(|kind| kind.as_str().to_owned());
    let kind = args.instance_type.clone().or(of_template);
    let optimized = args.ebs_optimized.or(template.and_then(|data| data.ebs_optimized));
    match (&kind, optimized) {
        (Some(name), None) if changed(request, &["ebs_optimized"]) => {
            let optimized = left::optimized(aws, name).await?;
            Ok((kind, optimized))
        }
        _ => Ok((kind, optimized)),
    }
}

/// Stops the instance, makes it what it is to be, and starts it. AWS takes a while to stop it, after
/// which the update goes on from the beginning.
async fn resize(aws: &Aws, request: &Request<'_>) -> Answer<()> {
    let id = &*request.id;
    let Some(instance) = described(aws, id).await? else {
        let message = format!("there is no instance {id}");
        return Err(Error::refused(Problem::NotFound, "ec2", "ModifyInstanceAttribute", message));
    };
    let (kind, optimized) = wanted_size(aws, request).await?;
    let has = instance.instance_type().map(|kind| kind.as_str());
    let new_kind = kind.filter(|kind| has != Some(kind.as_str()));
    let new_optimized = optimized.filter(|it| instance.ebs_optimized() != Some(*it));
    let is_stopped = state(&instance) == Some(&State::Stopped);
    if new_kind.is_none() && new_optimized.is_none() {
        // An update may have come no further than that.
        return if is_stopped { start(aws, id).await } else { Ok(()) };
    }
    if !is_stopped {
        stop(aws, id, &instance).await?;
    }
    let modify = || aws.ec2().modify_instance_attribute().instance_id(id);
    if let Some(kind) = new_kind {
        modify().instance_type(AttributeValue::builder().value(kind).build()).send().await?;
    }
    if let Some(optimized) = new_optimized {
        modify().ebs_optimized(yes_or_no(optimized)).send().await?;
    }
    start(aws, id).await
}

async fn start(aws: &Aws, id: &str) -> Answer<()> {
    aws.ec2().start_instances().instance_ids(id).send().await?;
    Ok(())
}

async fn stop(aws: &Aws, id: &str, instance: &sdk::Instance) -> Answer<()> {
    if state(instance) != Some(&State::Stopping) {
        aws.ec2().stop_instances().instance_ids(id).send().await?;
    }
    let instance = described(aws, id).await?;
    if instance.as_ref().and_then(state) == Some(&State::Stopped) {
        return Ok(());
    }
    let message = format!("{id} is stopping");
    let problem = Problem::EventuallyConsistent;
    let mut error = Error::refused(problem, "ec2", "StopInstances", message);
    error.0.certainty = Certainty::Unknown;
    Err(error)
}

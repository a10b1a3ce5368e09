//! `aws:elbv2:ListenerRule`.

use aws_sdk_elasticloadbalancingv2::types as sdk;
use infra_core::{
    aws::elbv2::{self, Action},
    handler::{Deletion, Request, TypedRequest},
    types::PropertyType,
};

use super::{action, all_with_tags, condition, listener, new_tags, retag, with_tags};
use crate::{
    aws::Aws,
    error::{Answer, Error, IfFound},
    needs::{CREATE, DELETE, LIST, Needs, OWN, On, READ, UPDATE},
    plain::int,
    resource::{Resource, changed},
    seen::Seen,
};

pub(crate) struct ListenerRule;

type Type = elbv2::ListenerRule;

fn seen(rule: &sdk::Rule, request: &Request) -> Seen {
    let arn = rule.rule_arn();
    let recorded = <Vec<Action>>::decode(request.inputs.get(Type::ACTIONS.slot)).ok();
    let actions = action::told(rule.actions(), recorded.as_deref());
    let conditions = condition::told(rule.conditions());
    let priority = rule.priority().and_then(|priority| priority.parse::<u32>().ok());
    Seen::new(arn.unwrap_or_default())
        // The ARN of a rule begins with that of its listener.
        .text(Type::LISTENER_ARN, arn.and_then(listener_of))
        .set(Type::PRIORITY, priority)
        .alike(Type::CONDITIONS, request, Some(conditions), condition::normal)
        .alike(Type::ACTIONS, request, Some(actions), action::normal)
        .set(Type::TRANSFORMS, condition::transforms_told(rule.transforms()))
        .text(Type::RULE_ARN, arn)
}

/// The listener of a rule: `…:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2` of
/// `…:listener-rule/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee`.
fn listener_of(arn: &str) -> Option<String> {
    let (of_it, _) = arn.rsplit_once('/')?;
    Some(of_it.replacen(":listener-rule/", ":listener/", 1))
}

fn conditions(args: &elbv2::ListenerRuleArgs) -> Vec<sdk::RuleCondition> {
    args.conditions.iter().map(condition::sdk).collect()
}

fn transforms(args: &elbv2::ListenerRuleArgs) -> Option<Vec<sdk::RuleTransform>> {
    let all = args.transforms.iter().map(condition::sdk_transform).collect();
    Some(all).filter(|all: &Vec<_>| !all.is_empty())
}

async fn set_priority(aws: &Aws, request: &TypedRequest<'_, Type>) -> Answer<()> {
    let pair = sdk::RulePriorityPair::builder().rule_arn(&*request.id);
    let pair = pair.priority(int(request.args.priority)).build();
    aws.elbv2().set_rule_priorities().rule_priorities(pair).send().await?;
    Ok(())
}

impl Resource for ListenerRule {
    type Type = elbv2::ListenerRule;

    const NEEDS: Needs = &[
        CREATE.and(UPDATE).needs("elasticloadbalancing:AddTags").on(OWN),
        CREATE.needs("elasticloadbalancing:CreateRule").on(&[On::Arn("{listener_arn}")]),
        UPDATE.needs("elasticloadbalancing:ModifyRule").on(OWN),
        UPDATE.needs("elasticloadbalancing:RemoveTags").on(OWN),
        UPDATE.needs("elasticloadbalancing:SetRulePriorities").on(OWN),
        READ.and(LIST).needs("elasticloadbalancing:DescribeRules"),
        READ.and(LIST).needs("elasticloadbalancing:DescribeTags"),
        DELETE.needs("elasticloadbalancing:DeleteRule").on(OWN),
        LIST.needs("elasticloadbalancing:DescribeListeners"),
        LIST.needs("elasticloadbalancing:DescribeLoadBalancers"),
    ];

    async fn create(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<Seen> {
        let args = &request.args;
        let made = aws
            .elbv2()
            .create_rule()
            .listener_arn(args.listener_arn.as_str())
            .priority(int(args.priority))
            .set_conditions(Some(conditions(args)))
            .set_actions(Some(action::sdk(&args.actions)))
            .set_transforms(transforms(args))
            .set_tags(Some(new_tags(request)))
            .send()
            .await?;
        let incomplete = || Error::incomplete("elasticloadbalancingv2", "CreateRule", "Rule");
        Ok(seen(made.rules().first().ok_or_else(incomplete)?, request))
    }

    async fn update(aws: &Aws, request: &TypedRequest<'_, Self::Type>) -> Answer<()> {
        let args = &request.args;
        if changed(request, &["priority"]) {
            set_priority(aws, request).await?;
        }
        if changed(request, &["conditions", "actions", "transforms"]) {
            let transforms = transforms(args);
            let reset = transforms.is_none() && changed(request, &["transforms"]);
            aws.elbv2()
                .modify_rule()
                .rule_arn(&*request.id)
                .set_conditions(Some(conditions(args)))
                .set_actions(Some(action::sdk(&args.actions)))
                .set_transforms(transforms)
                .set_reset_transforms(reset.then_some(true))
                .send()
                .await?;
        }
        retag(aws, request).await
    }

    async fn read(aws: &Aws, request: &Request) -> Answer<Option<Seen>> {
        let told = aws.elbv2().describe_rules().rule_arns(&*request.id).send().await.if_found()?;
        match told.and_then(|told| told.rules?.into_iter().next()) {
            Some(rule) => with_tags(aws, seen(&rule, request)).await,
            None => Ok(None),
        }
    }

    async fn delete(aws: &Aws, request: &Request) -> Answer<Deletion> {
        aws.elbv2().delete_rule().rule_arn(&*request.id).send().await?;
        Ok(Deletion::Gone)
    }

    /// Rules are listed for a listener, and listeners for a load balancer.
    async fn list(aws: &Aws, _: Option<&str>) -> Answer<Vec<Seen>> {
        let mut arns = vec![];
        for listener in listener::arns(aws).await? {
            let mut all = aws.elbv2().describe_rules().listener_arn(listener);
            loop {
                // It may have gone since.
                let Some(told) = all.clone().send().await.if_found()? else { break };
                // The last one of each listener is its own: nobody can tag or delete it.
                let own = told.rules().iter().filter(|rule| rule.is_default() != Some(true));
                arns.extend(own.filter_map(|rule| rule.rule_arn().map(str::to_owned)));
                match told.next_marker {
                    Some(marker) if !marker.is_empty() => all = all.marker(marker),
                    _ => break,
                }
            }
        }
        all_with_tags(aws, arns).await
    }
}

//! What goes with which target: the same for rules and schedules.

use infra_core::{
    aws::{
        ecs::LaunchType,
        eventbridge::{EcsParametersArgs, RetryPolicyArgs, SqsParametersArgs, TargetArnArgs},
    },
    types::Seconds,
};

use super::rule::INVALID;
use crate::sim::{refusal::Refusal, special::Special};

/// Structures alone: no type of its own.
pub(in crate::sim) const SPECIALS: [&dyn Special; 0] = [];

/// A target, and what goes with some kinds of it alone.
pub(in crate::sim) struct Settings<'a> {
    /// The path in front of properties: empty, or `target.`.
    pub(in crate::sim) within: &'a str,
    pub(in crate::sim) arn: &'a TargetArnArgs,
    pub(in crate::sim) ecs: Option<&'a EcsParametersArgs>,
    pub(in crate::sim) sqs: Option<&'a SqsParametersArgs>,
    pub(in crate::sim) retry: &'a RetryPolicyArgs,
}

impl Settings<'_> {
    fn refused(&self, field: &str, problem: &str) -> Result<(), Refusal> {
        let path = format!("{}{field}", self.within);
        Err(Refusal::invalid(&path, INVALID, format!("`{path}` {problem}")))
    }

    /// Whether they go together, and the target is of the region.
    pub(in crate::sim) fn check(&self, region: &str) -> Result<(), Refusal> {
        let arn = arn(self.arn);
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let [_, _, service, there, ..] = parts[..] else {
            return self.refused("arn", &format!("{arn:?} is no ARN"));
        };
        // Buses may be elsewhere, and calls of AWS are nowhere.
        let anywhere = service == "events" || there.is_empty();
        if there != region && !anywhere {
            return self.refused("arn", &format!("{arn} is of another region than {region}"));
        }
        let is_cluster = matches!(self.arn, TargetArnArgs::Cluster(_));
        if self.ecs.is_some() != is_cluster {
            return self.refused("ecs_parameters", "and a cluster as `arn` go together");
        }
        let fifo = matches!(self.arn, TargetArnArgs::Queue(_)) && arn.ends_with(".fifo");
        if self.sqs.is_some() != fifo {
            return self.refused("sqs_parameters", "and a FIFO queue as `arn` go together");
        }
        if let Some(ecs) = self.ecs {
            self.check_ecs(ecs)?;
        }
        self.check_retry()
    }

    fn check_ecs(&self, ecs: &EcsParametersArgs) -> Result<(), Refusal> {
        if ecs.task_count == 0 {
            return self.refused("ecs_parameters.task_count", "0 runs nothing");
        }
        if ecs.launch_type.is_some() && !ecs.capacity_provider_strategy.is_empty() {
            let problem = "and `capacity_provider_strategy` exclude each other";
            return self.refused("ecs_parameters.launch_type", problem);
        }
        let fargate = ecs.launch_type == Some(LaunchType::Fargate);
        if fargate && ecs.network_configuration.is_none() {
            let problem = "is needed for Fargate, whose tasks have interfaces of their own";
            return self.refused("ecs_parameters.network_configuration", problem);
        }
        if ecs.platform_version.is_some() && ecs.launch_type == Some(LaunchType::Ec2) {
            return self.refused("ecs_parameters.platform_version", "goes with Fargate, not EC2");
        }
        Ok(())
    }

    fn check_retry(&self) -> Result<(), Refusal> {
        let Seconds(age) = self.retry.maximum_event_age_in_seconds;
        if !(60..=86_400).contains(&age) {
            let problem = format!("{age} s must be between 60 and 86400 s");
            return self.refused("retry_policy.maximum_event_age_in_seconds", &problem);
        }
        let attempts = self.retry.maximum_retry_attempts;
        if attempts > 185 {
            let problem = format!("{attempts} is more than 185");
            return self.refused("retry_policy.maximum_retry_attempts", &problem);
        }
        Ok(())
    }
}

/// The ARN of a target.
fn arn(target: &TargetArnArgs) -> &str {
    match target {
        TargetArnArgs::Topic(arn) => arn.as_str(),
        TargetArnArgs::Queue(arn) => arn.as_str(),
        TargetArnArgs::Function(arn) => arn.as_str(),
        TargetArnArgs::Cluster(arn) => arn.as_str(),
        TargetArnArgs::LogGroup(arn) | TargetArnArgs::Other(arn) => arn,
    }
}

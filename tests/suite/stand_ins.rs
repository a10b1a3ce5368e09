//! Types that rules and costs know by their names alone, with as much of them as they look at.

use infra_core::{
    aws::{AutoScalingGroupName, KmsKeyArn, TopicArn},
    prelude::*,
    resource,
};

/// A grant of a key.
#[resource("aws:kms:Grant", key(key_id, grantee_principal))]
pub struct Grant {
    pub key_id: KmsKeyArn,
    pub grantee_principal: String,
}

/// A topic.
#[resource("aws:sns:Topic")]
pub struct Topic {
    pub topic_name: String,
    pub kms_master_key_id: Option<String>,
    #[output(id, arn = "arn:aws:sns:{region}:{account}:{topic_name}", at = exists)]
    pub topic_arn: TopicArn,
}

/// An alarm.
#[resource("aws:cloudwatch:MetricAlarm", key(alarm_name))]
pub struct MetricAlarm {
    pub alarm_name: String,
    #[prop(default)]
    pub alarm_actions: Vec<TopicArn>,
}

/// A setting of the account.
#[resource("aws:ecs:AccountSetting", key(name))]
pub struct AccountSetting {
    pub name: String,
    pub value: String,
}

/// A schedule of a group.
#[resource("aws:autoscaling:ScheduledAction", key(auto_scaling_group_name, scheduled_action_name))]
pub struct ScheduledAction {
    pub auto_scaling_group_name: AutoScalingGroupName,
    pub scheduled_action_name: String,
    pub min_size: Option<u32>,
}

/// A disk.
#[resource("aws:ec2:Volume")]
pub struct Volume {
    pub size: GiB,
    #[prop(default = true)]
    pub encrypted: bool,
    #[output(id = "vol-", at = exists)]
    pub volume_id: String,
}

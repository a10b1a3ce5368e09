//! The handlers of AWS against servers that others wrote.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, missing_docs)]

/// Gives a macro the services of AWS that the catalogue has.
macro_rules! of_all_services {
    ($make:ident) => {
        $make! {
            acm
            applicationautoscaling
            autoscaling
            backup
            budgets
            cloudfront
            cloudwatch
            ec2
            ecr
            ecs
            efs
            elasticache
            elbv2
            eventbridge
            iam
            kms
            logs
            rds
            route53
            s3
            scheduler
            secretsmanager
            servicequotas
            ses
            sns
            ssm
            sts
            wafv2
        }
    };
}

use of_all_services;

/// Gives a macro those of them that LocalStack knows without a licence. Its CloudWatch is not among
/// them: it fails to say an alarm in the protocol that the SDK speaks.
macro_rules! of_localstack_services {
    ($make:ident) => {
        $make! {
            acm
            ec2
            eventbridge
            iam
            kms
            logs
            route53
            s3
            scheduler
            secretsmanager
            sns
            ssm
            sts
        }
    };
}

use of_localstack_services;

mod asking;
mod calls;
mod conformance;
mod deviations;
mod drift;
mod given;
mod inventory;
mod killed;
mod knowing;
mod ladder;
mod localstack;
mod mirror;
mod needs;
mod production;
mod proxy;
mod sandbox;
mod server;
mod standin;
mod store;
mod takeover;
#[path = "../rendered/tools.rs"]
mod tools;
mod without;
mod world;

//! What has a price by the month, what goes by use, and what costs nothing.

use super::{Sheet, length};
use crate::{
    aws::{cloudwatch::MetricAlarm, wafv2::WebAcl},
    dsl::ResourceType,
    graph::{Node, NodeView},
    value::Value,
};

/// What each resource of a type costs, by its name.
const BY_THE_MONTH: [(&str, &str, &str); 6] = [
    ("aws:route53:HostedZone", "hosted zone", "route53/zone"),
    ("aws:kms:Key", "key", "kms/key"),
    ("aws:cloudwatch:MetricAlarm", "alarm", "cloudwatch/alarm"),
    ("aws:cloudwatch:CompositeAlarm", "alarm of alarms", "cloudwatch/composite"),
    ("aws:cloudwatch:Dashboard", "dashboard", "cloudwatch/dashboard"),
    ("aws:wafv2:WebAcl", "web ACL", "waf/acl"),
];

/// What is paid by use, by the beginning of its type.
const BY_USE: [(&str, &str); 25] = [
    ("aws:rds:DbCluster", "the database's storage, backups and input and output"),
    ("aws:rds:DbClusterSnapshot", "the database's storage, backups and input and output"),
    ("aws:efs:FileSystem", "files: storage, what is read and written, and their backups"),
    ("aws:s3:Bucket", "objects: storage and requests"),
    ("aws:logs:LogGroup", "logs: what is written, and its storage"),
    ("aws:elbv2:LoadBalancer", "capacity units of load balancers, by connections and bytes"),
    ("aws:ec2:NatGateway", "data through NAT gateways"),
    ("aws:ec2:Subnet", "data between zones, and out to the internet"),
    ("aws:ecs:Cluster", "figures of Container Insights, by how many tasks there are"),
    ("aws:elasticache:ReplicationGroup", "snapshots of caches beyond the first"),
    ("aws:secretsmanager:Secret", "reading secrets"),
    ("aws:kms:", "requests to keys"),
    ("aws:sns:", "messages"),
    ("aws:ses:", "mail"),
    ("aws:ecr:", "images: storage"),
    ("aws:backup:", "backups: storage and copies"),
    ("aws:cloudfront:", "what CloudFront answers and sends"),
    ("aws:cloudwatch:", "metrics of one's own"),
    ("aws:wafv2:", "rules and requests of web ACLs"),
    ("aws:route53:", "queries of DNS"),
    ("aws:eventbridge:", "events of one's own"),
    ("aws:events:", "events of one's own"),
    ("aws:scheduler:", "calls of schedules"),
    ("aws:budgets:", "actions of budgets"),
    ("cloudflare:", "Cloudflare's plan"),
];

/// What nobody pays for by itself, by the beginning of its type.
const FREE: [&str; 33] = [
    "aws:acm:",
    "aws:applicationautoscaling:",
    "aws:autoscaling:",
    "aws:ec2:AvailabilityZones",
    "aws:ec2:ElasticIp",
    "aws:ec2:FlowLog",
    "aws:ec2:Instance",
    "aws:ec2:InternetGateway",
    "aws:ec2:LaunchTemplate",
    "aws:ec2:ManagedPrefixList",
    "aws:ec2:NetworkInterface",
    "aws:ec2:PrefixList",
    "aws:ec2:Route",
    "aws:ec2:SecurityGroup",
    "aws:ec2:Volume",
    "aws:ec2:Vpc",
    "aws:ecs:",
    "aws:efs:AccessPoint",
    "aws:efs:MountTarget",
    "aws:elasticache:ParameterGroup",
    "aws:elasticache:SubnetGroup",
    "aws:elasticache:User",
    "aws:elbv2:Listener",
    "aws:elbv2:TargetGroup",
    "aws:elbv2:TrustStore",
    "aws:iam:",
    "aws:logs:",
    "aws:rds:",
    "aws:s3:Object",
    "aws:secretsmanager:",
    "aws:servicequotas:",
    "aws:ssm:",
    "aws:sts:",
];

pub(super) fn count(sheet: &mut Sheet<'_>) {
    for node in &sheet.outline.program().nodes {
        monthly(sheet, node);
        let ty = node.ty.name;
        let used = BY_USE.iter().filter(|(prefix, _)| ty.starts_with(prefix));
        let used: Vec<&str> = used.map(|(_, what)| *what).collect();
        let free = ty.starts_with("local:") || FREE.iter().any(|prefix| ty.starts_with(prefix));
        if used.is_empty() && !free {
            sheet.not_told(format!("{}: no price of {ty} is known", node.urn.short()));
        }
        used.into_iter().for_each(|what| sheet.not_told(what.to_owned()));
    }
    sheet.not_told("tax, support, discounts and the free tier".to_owned());
}

fn monthly(sheet: &mut Sheet<'_>, node: &Node) {
    let found = BY_THE_MONTH.iter().find(|(ty, ..)| node.ty.name == *ty);
    if let Some((_, what, thing)) = found {
        sheet.fixed(node, &format!("{what} {}", node.urn.name()), thing, metrics(node));
    }
    if let Some(acl) = NodeView::new(node) {
        let rules = sheet.outline.value(&acl, WebAcl::RULES).items().len();
        let what = format!("rules of {}", node.urn.name());
        sheet.fixed(node, &what, "waf/rule", length(rules));
    }
}

/// How many times a resource is paid for: an alarm for each metric that it looks at.
fn metrics(node: &Node) -> f64 {
    if node.ty.name != MetricAlarm::definition().name {
        return 1.0;
    }
    let looked_at = node.inputs.get(MetricAlarm::METRICS.slot).items();
    let looked_at =
        looked_at.iter().filter(|query| !query.field("metric_stat").is_none_or(Value::is_null));
    (looked_at.count() as f64).max(1.0)
}

//! What there is at a server: asked without the SDK, and counted in the text of the answers, so that
//! neither the engine nor its handlers are trusted.

use std::collections::BTreeMap;

use infra_tests::http::ask;

use crate::server::Server;

/// How many things there are, by the call that lists them.
pub(crate) type Inventory = BTreeMap<&'static str, usize>;

/// How a service is asked.
enum Call {
    /// By a form: the action and the version.
    Form(&'static str, &'static str),
    /// By JSON: what precedes the operation, and the operation.
    Json(&'static str, &'static str),
    /// By a path.
    Path(&'static str),
    /// The clusters of ECS that are not deleted: those that are may be listed for a while.
    Clusters,
}

use Call::{Clusters, Form, Json, Path};

/// The service, what it is asked, and what marks each thing in the answer.
type Asked = (&'static str, Call, &'static str);

/// What the network of the small ladder is made of.
const NETWORK: &[Asked] = &[
    ("ec2", Form("DescribeVpcs", "2016-11-15"), "<vpcId>"),
    ("ec2", Form("DescribeSubnets", "2016-11-15"), "<subnetId>"),
    ("ec2", Form("DescribeRouteTables", "2016-11-15"), "<routeTableAssociationId>"),
    ("iam", Form("ListRoles", "2010-05-08"), "<RoleName>"),
];

/// What else a site is made of.
const SITE: &[Asked] = &[
    ("ec2", Form("DescribeInternetGateways", "2016-11-15"), "<internetGatewayId>"),
    ("ec2", Form("DescribeAddresses", "2016-11-15"), "<allocationId>"),
    ("ec2", Form("DescribeSecurityGroups", "2016-11-15"), "<groupName>"),
    ("ec2", Form("DescribeSecurityGroupRules", "2016-11-15"), "<securityGroupRuleId>"),
    // Those that were deleted are told for a while, as `deleted`; by moto for ever.
    ("ec2", Form("DescribeVpcEndpoints", "2016-11-15"), "<state>available</state>"),
    ("ec2", Form("DescribeLaunchTemplates", "2016-11-15"), "<launchTemplateId>"),
    ("ec2", Form("DescribeFlowLogs", "2016-11-15"), "<flowLogId>"),
    ("iam", Form("ListPolicies", "2010-05-08"), ":policy/campus"),
    ("iam", Form("ListInstanceProfiles", "2010-05-08"), "<InstanceProfileName>"),
    ("elasticloadbalancing", Form("DescribeLoadBalancers", "2015-12-01"), "<DNSName>"),
    ("elasticloadbalancing", Form("DescribeTargetGroups", "2015-12-01"), "<TargetGroupName>"),
    ("autoscaling", Form("DescribeAutoScalingGroups", "2011-01-01"), "<AutoScalingGroupName>"),
    ("rds", Form("DescribeDBClusters", "2014-10-31"), "<DbClusterResourceId>"),
    ("rds", Form("DescribeDBInstances", "2014-10-31"), "<DbiResourceId>"),
    ("rds", Form("DescribeDBSubnetGroups", "2014-10-31"), "<DBSubnetGroupDescription>"),
    ("elasticache", Form("DescribeReplicationGroups", "2015-02-02"), "<ReplicationGroupId>"),
    (
        "elasticache",
        Form("DescribeCacheSubnetGroups", "2015-02-02"),
        "<CacheSubnetGroupName>campus",
    ),
    ("sns", Form("ListTopics", "2010-03-31"), "<TopicArn>"),
    ("sns", Form("ListSubscriptions", "2010-03-31"), "<SubscriptionArn>"),
    ("ecs", Clusters, "\"ACTIVE\""),
    ("ecs", Json("AmazonEC2ContainerServiceV20141113", "ListTaskDefinitions"), ":task-definition/"),
    ("logs", Json("Logs_20140328", "DescribeLogGroups"), "\"logGroupName\""),
    ("ssm", Json("AmazonSSM", "DescribeParameters"), "\"Name\""),
    ("secretsmanager", Json("secretsmanager", "ListSecrets"), "\"Name\""),
    (
        "ecr",
        Json("AmazonEC2ContainerRegistry_V20150921", "DescribeRepositories"),
        "\"repositoryArn\"",
    ),
    ("events", Json("AWSEvents", "ListRules"), "\"Arn\""),
    ("acm", Json("CertificateManager", "ListCertificates"), "\"CertificateArn\""),
    ("elasticfilesystem", Path("/2015-02-01/file-systems"), "\"FileSystemArn\""),
    ("elasticfilesystem", Path("/2015-02-01/access-points"), "\"AccessPointArn\""),
    ("backup", Path("/backup-vaults/"), "\"BackupVaultArn\""),
    ("backup", Path("/backup/plans/"), "\"BackupPlanArn\""),
    ("route53", Path("/2013-04-01/hostedzone"), "<HostedZone>"),
    ("s3", Path("/"), "<Bucket>"),
];

/// What a site leans on, beside the network.
const LEANT_ON: &[Asked] = &[
    ("ec2", Form("DescribeInternetGateways", "2016-11-15"), "<internetGatewayId>"),
    ("ec2", Form("DescribeSecurityGroups", "2016-11-15"), "<groupDescription>"),
    ("ec2", Form("DescribeSecurityGroupRules", "2016-11-15"), "<securityGroupRuleId>"),
    ("iam", Form("ListInstanceProfiles", "2010-05-08"), "<InstanceProfileName>"),
    ("sns", Form("ListTopics", "2010-03-31"), "<TopicArn>"),
    ("monitoring", Form("DescribeAlarms", "2010-08-01"), "<AlarmArn>"),
    ("logs", Json("Logs_20140328", "DescribeLogGroups"), "\"logGroupName\""),
    ("logs", Json("Logs_20140328", "DescribeMetricFilters"), "\"filterName\""),
    ("kms", Json("TrentService", "ListAliases"), "alias/campus\""),
    ("secretsmanager", Json("secretsmanager", "ListSecrets"), "\"Name\""),
    ("ssm", Json("AmazonSSM", "DescribeParameters"), "\"Name\""),
    ("route53", Path("/2013-04-01/hostedzone"), "<HostedZone>"),
    ("s3", Path("/"), "<Bucket>"),
];

/// What became more or less.
pub(crate) fn difference(before: &Inventory, after: &Inventory) -> Vec<String> {
    let differ = before.iter().filter(|(what, count)| after.get(*what) != Some(count));
    differ.map(|(what, count)| format!("{what}: {count} and {:?}", after.get(what))).collect()
}

/// How many things a server has of those that a site leans on.
pub(crate) fn leant_on(server: &Server) -> Inventory {
    let mut all = counted(server, NETWORK);
    all.extend(counted(server, LEANT_ON));
    all
}

/// How many things a server has of those that a network is made of.
pub(crate) fn network(server: &Server) -> Inventory {
    counted(server, NETWORK)
}

/// The same of all that a site is made of.
pub(crate) fn site(server: &Server) -> Inventory {
    let mut all = counted(server, NETWORK);
    all.extend(counted(server, SITE));
    all
}

fn counted(server: &Server, asked: &'static [Asked]) -> Inventory {
    let count = |(service, call, mark): &'static Asked| {
        // The name of a service in signatures may be another one than that of its API.
        let place = server.place_of(match *service {
            "monitoring" => "cloudwatch",
            "elasticfilesystem" => "efs",
            same => same,
        });
        let json = |prefix: &str, operation: &str, asked: &str| {
            let json = ("content-type", "application/x-amz-json-1.1".to_owned());
            let target = ("x-amz-target", format!("{prefix}.{operation}"));
            ask("POST", place, "/", &[server.signed(service), json, target], asked)
        };
        let (name, told) = match call {
            Form(action, version) => {
                let form = ("content-type", "application/x-www-form-urlencoded".to_owned());
                let body = format!("Action={action}&Version={version}&Scope=Local");
                (*action, ask("POST", place, "/", &[server.signed(service), form], &body))
            }
            Json(prefix, operation) => (*operation, json(prefix, operation, "{}")),
            Clusters => {
                let prefix = "AmazonEC2ContainerServiceV20141113";
                let listed = json(prefix, "ListClusters", "{}");
                let (_, listed) = listed.split_once("\r\n\r\n").unwrap();
                let asked = listed.replace("clusterArns", "clusters");
                ("DescribeClusters", json(prefix, "DescribeClusters", &asked))
            }
            Path(path) => (*path, ask("GET", place, path, &[server.signed(service)], "")),
        };
        (name, told.matches(mark).count())
    };
    asked.iter().map(count).collect()
}

//! The ids, names and ARNs that AWS resources refer to each other by, by service.
//!
//! The target is the type that the id names; empty for what a program can't make.

crate::ids! {
    // acm
    /// The ARN of a certificate.
    CertificateArn: arn "acm", "certificate/" => "aws:acm:Certificate";

    // autoscaling
    /// The ARN of a group of instances.
    AutoScalingGroupArn: arn "autoscaling", "autoScalingGroup:" => "aws:autoscaling:Group";
    /// The name of a group of instances.
    AutoScalingGroupName: name 255 => "aws:autoscaling:Group";

    // backup
    /// The ARN of a backup plan.
    BackupPlanArn: arn "backup", "backup-plan:" => "aws:backup:Plan";
    /// The id of a backup plan.
    BackupPlanId: uuid => "aws:backup:Plan";
    /// The ARN of a vault of backups.
    BackupVaultArn: arn "backup", "backup-vault:" => "aws:backup:Vault";
    /// The name of a vault of backups.
    BackupVaultName: name 50 => "aws:backup:Vault";
    /// The name of a plan that tests whether backups can be restored.
    RestoreTestingPlanName: name 50 => "aws:backup:RestoreTestingPlan";

    // budgets
    /// The name of a budget.
    BudgetName: name 100 => "aws:budgets:Budget";

    // cloudfront
    /// The id of a cache policy: one of the account's, or one that AWS keeps
    /// ([`ManagedCachePolicy`](crate::aws::cloudfront::ManagedCachePolicy)).
    CachePolicyId: name 36 => "aws:cloudfront:CachePolicy";
    /// The id of a distribution.
    DistributionId: name 32 => "aws:cloudfront:Distribution";
    /// The id of an origin access control.
    OriginAccessControlId: name 32 => "aws:cloudfront:OriginAccessControl";
    /// The id of an origin request policy: one of the account's, or one that AWS keeps
    /// ([`ManagedOriginRequestPolicy`](crate::aws::cloudfront::ManagedOriginRequestPolicy)).
    OriginRequestPolicyId: name 36 => "aws:cloudfront:OriginRequestPolicy";
    /// The id of a response headers policy
    /// ([`ManagedResponseHeadersPolicy`](crate::aws::cloudfront::ManagedResponseHeadersPolicy)).
    ResponseHeadersPolicyId: name 36 => "";
    /// The id of a VPC origin.
    VpcOriginId: name 64 => "aws:cloudfront:VpcOrigin";

    // cloudwatch
    /// The name of an alarm.
    AlarmName: name 255 => "aws:cloudwatch:MetricAlarm";
    /// The name of an alarm of alarms. It shares its names with the others.
    CompositeAlarmName: name 255 => "aws:cloudwatch:CompositeAlarm";
    /// The name of a dashboard.
    DashboardName: name 255 => "aws:cloudwatch:Dashboard";

    // cognito
    /// The ARN of a pool of users.
    UserPoolArn: arn "cognito-idp", "userpool/" => "";

    // ec2
    /// The id of the allocation of an Elastic IP address.
    AllocationId: hex "eipalloc-" => "aws:ec2:ElasticIp";
    /// The id of a machine image.
    AmiId: hex "ami-" => "";
    /// The id of a capacity reservation.
    CapacityReservationId: hex "cr-" => "";
    /// The id of a flow log.
    FlowLogId: hex "fl-" => "aws:ec2:FlowLog";
    /// The id of an instance.
    InstanceId: hex "i-" => "aws:ec2:Instance";
    /// The id of an internet gateway.
    InternetGatewayId: hex "igw-" => "aws:ec2:InternetGateway";
    /// The id of a launch template.
    LaunchTemplateId: hex "lt-" => "aws:ec2:LaunchTemplate";
    /// The id of a NAT gateway.
    NatGatewayId: hex "nat-" => "aws:ec2:NatGateway";
    /// The id of a network ACL.
    NetworkAclId: hex "acl-" => "";
    /// The id of a network interface.
    NetworkInterfaceId: hex "eni-" => "aws:ec2:NetworkInterface";
    /// The id of a prefix list: a named set of address ranges.
    PrefixListId: hex "pl-" => "aws:ec2:PrefixList";
    /// The id of the association of a route table with a subnet.
    RouteTableAssociationId: hex "rtbassoc-" => "aws:ec2:RouteTableAssociation";
    /// The id of a route table.
    RouteTableId: hex "rtb-" => "aws:ec2:RouteTable";
    /// The id of a security group.
    SecurityGroupId: hex "sg-" => "aws:ec2:SecurityGroup";
    /// The id of a rule of a security group.
    SecurityGroupRuleId: hex "sgr-" => "aws:ec2:SecurityGroupRule";
    /// The id of a snapshot of a volume.
    SnapshotId: hex "snap-" => "";
    /// The id of a subnet.
    SubnetId: hex "subnet-" => "aws:ec2:Subnet";
    /// The id of a transit gateway.
    TransitGatewayId: hex "tgw-" => "";
    /// The id of a volume.
    VolumeId: hex "vol-" => "aws:ec2:Volume";
    /// The id of a VPC endpoint.
    VpcEndpointId: hex "vpce-" => "aws:ec2:VpcEndpoint";
    /// The id of a VPC.
    VpcId: hex "vpc-" => "aws:ec2:Vpc";
    /// The id of a peering connection between two VPCs.
    VpcPeeringConnectionId: hex "pcx-" => "";

    // ecr
    /// The ARN of a repository of images.
    RepositoryArn: arn "ecr", "repository/" => "aws:ecr:Repository";
    /// The name of a repository of images.
    RepositoryName: name 256 => "aws:ecr:Repository";

    // ecs
    /// The name of a capacity provider: one of the account's, `FARGATE` or `FARGATE_SPOT`.
    CapacityProviderName: name 255 => "aws:ecs:CapacityProvider";
    /// The ARN of a cluster.
    ClusterArn: arn "ecs", "cluster/" => "aws:ecs:Cluster";
    /// The name of a cluster.
    ClusterName: name 255 => "aws:ecs:Cluster";
    /// The ARN of a service.
    ServiceArn: arn "ecs", "service/" => "aws:ecs:Service";
    /// The ARN of a task.
    TaskArn: arn "ecs", "task/" => "";
    /// The ARN of a revision of a task definition.
    TaskDefinitionArn: arn "ecs", "task-definition/" => "aws:ecs:TaskDefinition";

    // efs
    /// The ARN of an access point.
    AccessPointArn: arn "elasticfilesystem", "access-point/" => "aws:efs:AccessPoint";
    /// The id of an access point.
    AccessPointId: hex "fsap-" => "aws:efs:AccessPoint";
    /// The ARN of a file system.
    FileSystemArn: arn "elasticfilesystem", "file-system/" => "aws:efs:FileSystem";
    /// The id of a file system.
    FileSystemId: hex "fs-" => "aws:efs:FileSystem";
    /// The id of a mount target.
    MountTargetId: hex "fsmt-" => "aws:efs:MountTarget";

    // elasticache
    /// The name of a parameter group of caches.
    CacheParameterGroupName: name 255 => "aws:elasticache:ParameterGroup";
    /// The name of a cache's subnet group.
    CacheSubnetGroupName: name 255 => "aws:elasticache:SubnetGroup";
    /// The id of a user of caches.
    CacheUserId: name 40 => "aws:elasticache:User";
    /// The id of a cache.
    ReplicationGroupId: name 40 => "aws:elasticache:ReplicationGroup";
    /// The id of a group of users of caches.
    UserGroupId: name 40 => "aws:elasticache:UserGroup";

    // elbv2
    /// The ARN of a listener of a load balancer.
    ListenerArn: arn "elasticloadbalancing", "listener/" => "aws:elbv2:Listener";
    /// The ARN of a rule of a listener.
    ListenerRuleArn: arn "elasticloadbalancing", "listener-rule/" => "aws:elbv2:ListenerRule";
    /// The ARN of a load balancer.
    LoadBalancerArn: arn "elasticloadbalancing", "loadbalancer/" => "aws:elbv2:LoadBalancer";
    /// The ARN of a target group.
    TargetGroupArn: arn "elasticloadbalancing", "targetgroup/" => "aws:elbv2:TargetGroup";
    /// The ARN of a trust store: certificate authorities that clients may come with.
    TrustStoreArn: arn "elasticloadbalancing", "truststore/" => "aws:elbv2:TrustStore";

    // eventbridge
    /// The ARN of a bus of events.
    EventBusArn: arn "events", "event-bus/" => "";
    /// The ARN of a rule.
    RuleArn: arn "events", "rule/" => "aws:eventbridge:Rule";

    // iam
    /// The ARN of an instance profile.
    InstanceProfileArn: arn "iam", "instance-profile/" => "aws:iam:InstanceProfile";
    /// The name of an instance profile.
    InstanceProfileName: name 128 => "aws:iam:InstanceProfile";
    /// The ARN of a managed policy: AWS's own (`arn:aws:iam::aws:policy/...`) or the account's.
    PolicyArn: arn "iam", "policy/" => "aws:iam:Policy";
    /// The ARN of a role.
    RoleArn: arn "iam", "role/" => "aws:iam:Role";
    /// The name of a role.
    RoleName: name 64 => "aws:iam:Role";

    // kms
    /// The ARN of a key. Aliases are not taken: what AWS tells is always the key.
    KmsKeyArn: arn "kms", "key/" => "aws:kms:Key";

    // lambda
    /// The ARN of a function.
    FunctionArn: arn "lambda", "function:" => "aws:lambda:Function";

    // logs
    /// The name of a log group.
    LogGroupName: name 512 => "aws:logs:LogGroup";

    // rds
    /// The ARN of a database cluster.
    DbClusterArn: arn "rds", "cluster:" => "aws:rds:DbCluster";
    /// The identifier of a database cluster.
    DbClusterIdentifier: name 63 => "aws:rds:DbCluster";
    /// The name of a parameter group of database clusters.
    DbClusterParameterGroupName: name 255 => "aws:rds:DbClusterParameterGroup";
    /// The identifier of a snapshot of a database cluster.
    DbClusterSnapshotIdentifier: name 255 => "aws:rds:DbClusterSnapshot";
    /// The identifier of a database instance.
    DbInstanceIdentifier: name 63 => "aws:rds:DbInstance";
    /// The name of a parameter group of database instances.
    DbParameterGroupName: name 255 => "aws:rds:DbParameterGroup";
    /// The name of a database's subnet group.
    DbSubnetGroupName: name 255 => "aws:rds:DbSubnetGroup";
    /// The name of a subscription to events of databases.
    EventSubscriptionName: name 255 => "aws:rds:EventSubscription";

    // route53
    /// The id of a hosted zone.
    HostedZoneId: name 32 => "aws:route53:HostedZone";

    // s3
    /// The ARN of a bucket.
    BucketArn: arn "s3", "" => "aws:s3:Bucket";
    /// The name of a bucket.
    BucketName: name 63 => "aws:s3:Bucket";

    // scheduler
    /// The name of a group of schedules.
    ScheduleGroupName: name 64 => "aws:scheduler:ScheduleGroup";

    // secretsmanager
    /// The ARN of a secret.
    SecretArn: arn "secretsmanager", "secret:" => "aws:secretsmanager:Secret";

    // servicediscovery
    /// The ARN of a service of AWS Cloud Map.
    DiscoveryServiceArn: arn "servicediscovery", "service/" => "";

    // ses
    /// The name of a set of rules about mail that is sent.
    ConfigurationSetName: name 64 => "aws:ses:ConfigurationSet";
    /// A domain or an address that mail is sent from.
    EmailIdentityName: name 320 => "aws:ses:EmailIdentity";

    // sns
    /// The ARN of a topic.
    TopicArn: arn "sns", "" => "aws:sns:Topic";

    // sqs
    /// The ARN of a queue.
    QueueArn: arn "sqs", "" => "aws:sqs:Queue";

    // ssm
    /// The ARN of a parameter.
    ParameterArn: arn "ssm", "parameter/" => "aws:ssm:Parameter";
    /// The name of a parameter.
    ParameterName: name 1011 => "aws:ssm:Parameter";

    // wafv2
    /// The ARN of a set of addresses of WAF.
    IpSetArn: arn_with "wafv2", "/ipset/" => "aws:wafv2:IpSet";
    /// The ARN of a web ACL.
    WebAclArn: arn_with "wafv2", "/webacl/" => "aws:wafv2:WebAcl";
}

//! AWS: elasticloadbalancing CreateLoadBalancer, ModifyLoadBalancerAttributes, SetSubnets,
//! SetSecurityGroups, SetIpAddressType, ModifyCapacityReservation, AddTags,
//! DescribeLoadBalancers, DescribeLoadBalancerAttributes, DeleteLoadBalancer.

use crate::{
    aws::{AllocationId, BucketName, LoadBalancerArn, SecurityGroupId, SubnetId},
    prelude::*,
    props, resource,
};

/// A load balancer: of requests (application) or of connections (network).
///
/// What it listens to is said by [`Listener`](super::Listener)s, which go with it. What AWS calls
/// attributes are properties here; each says which kind of load balancer has it.
///
/// ```
/// use infra_core::{
///     aws::{SecurityGroupId, SubnetId, elbv2::LoadBalancer},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// # let [a, b] = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
/// #     .map(|id| SubnetId::parse(id).unwrap());
/// # let web = SecurityGroupId::parse("sg-0123456789abcdef0").unwrap();
/// let balancer = LoadBalancer::named("web")
///     .subnets([a, b])
///     .security_groups([web])
///     .drop_invalid_header_fields(true)
///     .deletion_protection(true)
///     .create(&stack);
/// stack.output("address", balancer.dns_name());
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource(
    "aws:elbv2:LoadBalancer",
    unique(name),
    find = name,
    protection(deletion_protection = false),
    after(
        "aws:ec2:InternetGateway",
        this = "subnets->vpc_id | subnet_mappings.subnet_id->vpc_id",
        that = "vpc_id",
        needs = configured,
        why = "AWS makes an internet-facing load balancer only in a VPC with an internet gateway, \
               which can't be detached while the load balancer has public addresses"
    ),
    after(
        "aws:s3:BucketPolicy",
        this = "access_logs.bucket | connection_logs.bucket | health_check_logs.bucket",
        that = "bucket",
        why = "AWS writes a test file when logs are turned on, which the bucket's policy must allow"
    ),
    create = "3min",
    delete = "60s"
)]
pub struct LoadBalancer {
    /// The name, up to 32 letters, digits and hyphens; not beginning with `internal-`. Default:
    /// made up from project, stack and name. Changing it replaces the load balancer. AWS: `Name`.
    #[prop(replace, name(32, hyphens))]
    pub name: Option<String>,
    /// What it balances. Default: application. Changing it replaces the load balancer. AWS: `Type`.
    #[prop(replace, default = LoadBalancerType::Application)]
    pub load_balancer_type: LoadBalancerType,
    /// Who reaches it. Default: the internet. Changing it replaces the load balancer. AWS:
    /// `Scheme`.
    #[prop(replace, default = LoadBalancerScheme::InternetFacing)]
    pub scheme: LoadBalancerScheme,
    /// The subnets that it lies in, one a zone, in two zones at least for an application load
    /// balancer; excludes `subnet_mappings`. Default: none. Change in place. AWS: `Subnets`.
    #[prop(default, set)]
    pub subnets: Vec<SubnetId>,
    /// The same with addresses of one's own, for network load balancers; excludes `subnets`.
    /// Default: none. Change in place. AWS: `SubnetMappings`.
    #[prop(default, set)]
    pub subnet_mappings: Vec<SubnetMapping>,
    /// The groups that it is in, one to five of the VPC. A network load balancer that is created
    /// without any never gets one. Default: for an application load balancer the VPC's default
    /// group, for a network load balancer none. Change in place. AWS: `SecurityGroups`.
    #[prop(set, computed, at = exists)]
    pub security_groups: Option<Vec<SecurityGroupId>>,
    /// Network: whether the groups' rules hold for traffic that comes by AWS PrivateLink too.
    /// Default: they do, where there are groups. Changes in place. AWS:
    /// `EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic`.
    pub enforce_security_group_inbound_rules_on_private_link_traffic: Option<OnOff>,
    /// Capacity that is there at once when a known crowd comes, such as an exam; paid for by the
    /// hour, used or not. Default: none; capacity follows the traffic. Changes in place. AWS:
    /// ModifyCapacityReservation, `MinimumLoadBalancerCapacity`.
    #[prop(separate)]
    pub minimum_load_balancer_capacity: Option<MinimumLoadBalancerCapacity>,
    /// Whether AWS refuses to delete it. Default: false. Changes in place. AWS:
    /// `deletion_protection.enabled`.
    #[prop(default = false, separate)]
    pub deletion_protection: bool,
    /// Where requests (application) or TLS connections (network) are logged. Default: nowhere.
    /// Changes in place. AWS: `access_logs.s3.enabled`, `access_logs.s3.bucket`,
    /// `access_logs.s3.prefix`.
    #[prop(separate)]
    pub access_logs: Option<LoadBalancerLogs>,
    /// Application: where connections are logged. Default: nowhere. Changes in place. AWS:
    /// `connection_logs.s3.enabled`, `connection_logs.s3.bucket`, `connection_logs.s3.prefix`.
    #[prop(separate)]
    pub connection_logs: Option<LoadBalancerLogs>,
    /// Application: where health checks of targets are logged. Default: nowhere. Changes in place.
    /// AWS: `health_check_logs.s3.enabled`, `health_check_logs.s3.bucket`,
    /// `health_check_logs.s3.prefix`.
    #[prop(separate)]
    pub health_check_logs: Option<LoadBalancerLogs>,
    /// Application: how long a connection may be silent, 1 to 4000 s; more than the slowest answer
    /// takes. Default: 60 s. Changes in place. AWS: `idle_timeout.timeout_seconds`.
    #[prop(separate)]
    pub idle_timeout: Option<Seconds>,
    /// Application: how long a client may keep a connection, 60 to 604,800 s. Default: one hour.
    /// Changes in place. AWS: `client_keep_alive.seconds`.
    #[prop(separate)]
    pub client_keep_alive: Option<Seconds>,
    /// Application: what happens to requests that servers could read in different ways. Default:
    /// defensive. Changes in place. AWS: `routing.http.desync_mitigation_mode`.
    #[prop(separate)]
    pub desync_mitigation_mode: Option<DesyncMitigationMode>,
    /// Application: whether headers with characters other than letters, digits and hyphens are
    /// taken out of requests. Default: false. Changes in place. AWS:
    /// `routing.http.drop_invalid_header_fields.enabled`.
    #[prop(separate)]
    pub drop_invalid_header_fields: Option<bool>,
    /// Application: whether clients may use HTTP/2. Default: true. Changes in place. AWS:
    /// `routing.http2.enabled`.
    #[prop(separate)]
    pub http2: Option<bool>,
    /// Application: whether targets get the `Host` header as the client sent it. Default: false.
    /// Changes in place. AWS: `routing.http.preserve_host_header.enabled`.
    #[prop(separate)]
    pub preserve_host_header: Option<bool>,
    /// Application: whether targets are told TLS version and cipher, in `x-amzn-tls-version` and
    /// `x-amzn-tls-cipher-suite`. Default: false. Changes in place. AWS:
    /// `routing.http.x_amzn_tls_version_and_cipher_suite.enabled`.
    #[prop(separate)]
    pub tls_version_and_cipher_headers: Option<bool>,
    /// Application: whether `X-Forwarded-For` names the client's port beside its address. Default:
    /// false. Changes in place. AWS: `routing.http.xff_client_port.enabled`.
    #[prop(separate)]
    pub xff_client_port: Option<bool>,
    /// Application: what happens to `X-Forwarded-For`. Default: the client's address is appended.
    /// Changes in place. AWS: `routing.http.xff_header_processing.mode`.
    #[prop(separate)]
    pub xff_header_processing_mode: Option<XffHeaderProcessingMode>,
    /// Application: whether requests pass when AWS WAF does not answer. Default: false. Changes in
    /// place. AWS: `waf.fail_open.enabled`.
    #[prop(separate)]
    pub waf_fail_open: Option<bool>,
    /// Whether traffic can be shifted away from a zone that is in trouble. Default: false. Changes
    /// in place. AWS: `zonal_shift.config.enabled`.
    #[prop(separate)]
    pub zonal_shift: Option<bool>,
    /// Network: whether each zone's traffic goes to targets of all zones; an application load
    /// balancer always does so. Default: false. Changes in place. AWS:
    /// `load_balancing.cross_zone.enabled`.
    #[prop(separate)]
    pub cross_zone: Option<bool>,
    /// Network: how clients within the VPC are spread over the zones. Default: any zone. Changes in
    /// place. AWS: `dns_record.client_routing_policy`.
    #[prop(separate)]
    pub client_routing_policy: Option<ClientRoutingPolicy>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN. AWS: `LoadBalancerArn`.
    #[output(
        id,
        arn = "arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/{load_balancer_type:3}/{name}/{random}",
        at = exists
    )]
    pub load_balancer_arn: LoadBalancerArn,
    /// The name in DNS. AWS: `DNSName`.
    #[output(at = exists)]
    pub dns_name: String,
    /// The hosted zone of that name, for alias records. AWS: `CanonicalHostedZoneID`.
    #[output(at = exists)]
    pub canonical_hosted_zone_id: String,
    /// The part of the ARN that names it in figures of CloudWatch: `app/web/50dc6c495c0c9188`. AWS:
    /// `LoadBalancerFullName`.
    #[output(at = exists)]
    pub load_balancer_full_name: String,
}

/// What a load balancer balances.
#[props(words = "lower")]
pub enum LoadBalancerType {
    /// Requests: HTTP and HTTPS.
    Application,
    /// Connections: TCP, TLS and UDP.
    Network,
}

/// Who reaches a load balancer.
#[props(words = "kebab")]
pub enum LoadBalancerScheme {
    /// The internet: its addresses are public.
    InternetFacing,
    /// Whoever reaches the VPC.
    Internal,
}

/// On or off.
#[props(words = "lower")]
pub enum OnOff {
    /// On.
    On,
    /// Off.
    Off,
}

/// A subnet of a network load balancer, with an address of one's own.
#[props]
pub struct SubnetMapping {
    /// The subnet. AWS: `SubnetId`.
    pub subnet_id: SubnetId,
    /// The public address, where the load balancer faces the internet. Default: AWS chooses. AWS:
    /// `AllocationId`.
    pub allocation_id: Option<AllocationId>,
    /// The address in the subnet, where the load balancer is internal. Default: AWS chooses. AWS:
    /// `PrivateIPv4Address`.
    pub private_ipv4_address: Option<Ipv4Addr>,
}

/// Capacity that is there at once.
#[props]
pub struct MinimumLoadBalancerCapacity {
    /// How many capacity units, 100 at least for an application load balancer. AWS:
    /// `CapacityUnits`.
    pub capacity_units: u32,
}

/// Where a load balancer logs to. The bucket lies in its region, is encrypted with keys of S3, and
/// has a policy that lets `logdelivery.elasticloadbalancing.amazonaws.com` put objects.
#[props]
pub struct LoadBalancerLogs {
    /// The bucket. AWS: `s3.bucket`.
    pub bucket: BucketName,
    /// What objects' names begin with. Default: nothing. AWS: `s3.prefix`.
    pub prefix: Option<String>,
}

/// What happens to requests that servers could read in different ways.
#[props(words = "lower")]
pub enum DesyncMitigationMode {
    /// They pass, and are counted.
    Monitor,
    /// Dangerous ones are refused.
    Defensive,
    /// All that break the standard are refused.
    Strictest,
}

/// What happens to the `X-Forwarded-For` header.
#[props(words = "lower")]
pub enum XffHeaderProcessingMode {
    /// The client's address is appended.
    Append,
    /// It stays as it is: for a load balancer behind a proxy that is trusted.
    Preserve,
    /// It is taken out.
    Remove,
}

/// How clients within the VPC are spread over a network load balancer's zones.
#[props]
pub enum ClientRoutingPolicy {
    /// Each to its own zone.
    #[prop("availability_zone_affinity")]
    AvailabilityZoneAffinity,
    /// 85 of 100 to their own zone.
    #[prop("partial_availability_zone_affinity")]
    PartialAvailabilityZoneAffinity,
    /// To any zone.
    #[prop("any_availability_zone")]
    AnyAvailabilityZone,
}

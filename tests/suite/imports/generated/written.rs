//! Written by `import`.

#[rustfmt::skip]
pub(in super::super) fn program(stack: &infra_core::Stack) -> Result<(), infra_core::dsl::ConfigError> {
use infra_core::aws::{
    ec2::{
        InternetGateway, IpProtocol, Route, RouteTable, RouteTableAssociation, RuleDirection,
        SecurityGroup, SecurityGroupRule, Subnet, Vpc,
    },
    iam::{Effect, PolicyDocument, Principal, Role, RolePolicyAttachment, Statement},
    logs::{LogGroup, Retention},
};

let network = stack.component("network");

LogGroup::named("type")
    .log_group_name("/campus")
    .retention_in_days(Retention::Days90)
    .create(stack);

let host = Role::named("host")
    .assume_role_policy_document(
        PolicyDocument::new([
            Statement::new(Effect::Allow)
                .principals([Principal::service("ec2.amazonaws.com")])
                .actions(["sts:AssumeRole"]),
        ]),
    )
    .role_name("campus-host")
    .create(stack);

RolePolicyAttachment::named("ssm")
    .role_name(&host)
    .policy_arn("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore")
    .create(stack);

let main_vpc = Vpc::named("main")
    .cidr_block("10.0.0.0/16")
    .enable_dns_hostnames(false)
    .tags([("owner", "them")])
    .create(&network);

let web_security_group = SecurityGroup::named("web")
    .vpc_id(&main_vpc)
    .group_description("the way in for everybody")
    .group_name("campus-web")
    .create(&network);

SecurityGroupRule::named("web")
    .group_id(&web_security_group)
    .direction(RuleDirection::Ingress)
    .ip_protocol(IpProtocol::Tcp)
    .from_port(443)
    .to_port(443)
    .cidr_ipv4("0.0.0.0/0")
    .description("from anywhere (https)")
    .create(&network);

let public_b_subnet = Subnet::named("public-b")
    .vpc_id(&main_vpc)
    .cidr_block("10.0.1.0/24")
    .availability_zone("eu-central-1a")
    .map_public_ip_on_launch(true)
    .create(&network);

let public = RouteTable::named("public")
    .vpc_id(&main_vpc)
    .create(&network);

RouteTableAssociation::named("public-b")
    .subnet_id(&public_b_subnet)
    .route_table_id(&public)
    .create(&network);

let public_a_subnet = Subnet::named("public-a")
    .vpc_id(&main_vpc)
    .cidr_block("10.0.0.0/24")
    .availability_zone("eu-central-1a")
    .map_public_ip_on_launch(true)
    .create(&network);

RouteTableAssociation::named("public-a")
    .subnet_id(&public_a_subnet)
    .route_table_id(&public)
    .create(&network);

let main_internet_gateway = InternetGateway::named("main")
    .vpc_id(&main_vpc)
    .create(&network);

Route::named("out")
    .route_table_id(&public)
    .destination_cidr_block("0.0.0.0/0")
    .gateway_id(&main_internet_gateway)
    .create(&network);
Ok(())
}

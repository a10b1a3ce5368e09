//! Taking over what somebody else made, with the code for it.

mod generated;

use infra_core::{
    aws::{
        ec2::{
            InternetGateway, IpProtocol, Route, RouteTable, RouteTableAssociation, RuleDirection,
            SecurityGroup, SecurityGroupRule, Subnet, Vpc,
        },
        iam::{PolicyDocument, Role, RolePolicyAttachment, Statement},
        logs::{LogGroup, Retention},
    },
    dsl::ResourceType,
    engine::{EngineError, Importing},
    graph::Program,
    schema::TypeDef,
    urn::Urn,
};
use infra_tests::world::{PROJECT, STACK, World, program};

/// What somebody else made.
fn theirs() -> Program {
    program(|stack| {
        let network = stack.component("network");
        let vpc = Vpc::named("main")
            .cidr_block("10.0.0.0/16")
            .enable_dns_hostnames(false)
            .tags([("owner", "them")])
            .create(&network);
        let gateway = InternetGateway::named("main").vpc_id(&vpc).create(&network);
        let table = RouteTable::named("public").vpc_id(&vpc).create(&network);
        Route::named("out")
            .route_table_id(&table)
            .destination_cidr_block("0.0.0.0/0")
            .gateway_id(&gateway)
            .create(&network);
        for (name, range) in [("public-a", "10.0.0.0/24"), ("public-b", "10.0.1.0/24")] {
            let subnet = Subnet::named(name)
                .vpc_id(&vpc)
                .cidr_block(range)
                .map_public_ip_on_launch(true)
                .create(&network);
            RouteTableAssociation::named(name)
                .subnet_id(&subnet)
                .route_table_id(&table)
                .create(&network);
        }
        let group = SecurityGroup::named("web")
            .vpc_id(&vpc)
            .group_description("the way in for everybody")
            .group_name("campus-web")
            .create(&network);
        SecurityGroupRule::named("web")
            .group_id(&group)
            .direction(RuleDirection::Ingress)
            .ip_protocol(IpProtocol::Tcp)
            .from_port(443)
            .to_port(443)
            .cidr_ipv4("0.0.0.0/0")
            .description("from anywhere (https)")
            .create(&network);
        let role = Role::named("host")
            .role_name("campus-host")
            .assume_role_policy_document(PolicyDocument::new([Statement::allow()
                .principals([infra_core::aws::iam::Principal::service("ec2.amazonaws.com")])
                .actions(["sts:AssumeRole"])]))
            .create(stack);
        RolePolicyAttachment::named("ssm")
            .role_name(&role)
            .policy_arn("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore")
            .create(stack);
        LogGroup::named("type")
            .log_group_name("/campus")
            .retention_in_days(Retention::Days90)
            .create(stack);
    })
}

/// All that a world has, to be taken over under the same names by another state.
async fn all(world: &World) -> Vec<Importing> {
    let state = world.state().await;
    let things = state.iter().map(|(_, record)| Importing {
        ty: record.ty.known().unwrap(),
        urn: record.urn.clone(),
        id: record.id.clone(),
        provider: state.provider(record).clone(),
    });
    things.collect()
}

/// Another state over the same account.
fn mine(theirs: &World) -> World {
    World { sim: theirs.sim.clone(), ..World::default() }
}

#[tokio::test]
async fn what_they_made_is_mine_and_stays_as_it_is() {
    let theirs_world = World::default();
    theirs_world.up(&theirs()).await;
    let mut things = all(&theirs_world).await;
    // In whatever order they are named.
    things.reverse();
    let world = mine(&theirs_world);
    world.engine().import(PROJECT, STACK, &things, true).await.unwrap();
    let urns: Vec<Urn> = things.iter().map(|thing| thing.urn.clone()).collect();
    let code = world.engine().code(&urns).await.unwrap();
    generated::hold(&code);

    let program = program(|stack| generated::program(stack).unwrap());
    let preview = world.preview(&program).await;
    assert!(preview.is_empty(), "{:#?}", preview.changes);
    assert_eq!(world.up(&program).await.done, 0);
    world.assert_in_step("after an import").await;
    // Who depends on whom is known: everything goes in the right order.
    world.engine().protect(&infra_core::plan::Pattern::new("*"), false).await.unwrap();
    world.destroy().await;
    assert_eq!(world.objects().len(), 0);
}

#[tokio::test]
async fn what_the_program_does_not_have_yet_is_protected() {
    let theirs_world = World::default();
    theirs_world.up(&theirs()).await;
    let things = all(&theirs_world).await;
    let world = mine(&theirs_world);
    world.engine().import(PROJECT, STACK, &things[..1], true).await.unwrap();
    let error = world.try_up(&program(|_| {})).await.unwrap_err();
    assert!(matches!(error, EngineError::Plan(_)), "{error}");
    assert!(!theirs_world.objects().is_empty());
}

async fn refusal(world: &World, things: &[Importing]) -> String {
    let refused = world.engine().import(PROJECT, STACK, things, true).await.unwrap_err();
    assert!(world.state().await.iter().all(|(_, record)| record.urn.name() == "mine"));
    infra_tests::world::full_message(&refused)
}

#[tokio::test]
async fn all_of_them_or_none() {
    let theirs_world = World::default();
    theirs_world.up(&theirs()).await;
    let state = theirs_world.state().await;
    let is_vpc = |ty: &str| ty == Vpc::definition().name;
    let (_, record) = state.iter().find(|(_, record)| is_vpc(record.ty.name())).unwrap();
    let provider = state.provider(record).clone();
    let importing = |ty: &'static TypeDef, name: &str, id: &str| Importing {
        ty,
        urn: Urn::new(PROJECT, STACK, "", ty.name, name).unwrap(),
        id: id.into(),
        provider: provider.clone(),
    };
    let there = |name: &str| importing(Vpc::definition(), name, &record.id);
    let world = mine(&theirs_world);
    let missing = importing(Subnet::definition(), "none", "subnet-0123456789abcdef0");
    assert_eq!(
        refusal(&world, &[there("mine"), missing]).await,
        "`campus/test/aws:ec2:Subnet/none` can't be imported: there is no Subnet \
         `subnet-0123456789abcdef0` in aws"
    );
    assert_eq!(
        refusal(&world, &[there("mine"), there("mine")]).await,
        "`campus/test/aws:ec2:Vpc/mine` can't be imported: the name is given twice"
    );
    world.engine().import(PROJECT, STACK, &[there("mine")], true).await.unwrap();
    assert_eq!(
        refusal(&world, &[there("mine")]).await,
        "`campus/test/aws:ec2:Vpc/mine` can't be imported: there is a `aws:ec2:Vpc/mine` already"
    );
    let again = refusal(&world, &[there("another")]).await;
    assert!(again.contains("already, as `aws:ec2:Vpc/mine`"), "{again}");
}

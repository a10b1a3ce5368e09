//! Groups of instances: who owns their size, and what keeps them from being deleted.

use infra_core::{
    aws::{
        autoscaling::{DeletionProtection, Group, InstanceRefresh, LaunchTemplateSpecification},
        ec2::{LaunchTemplate, LaunchTemplateData, Subnet, Vpc},
        iam::{
            InstanceProfile, LinkedService, PolicyDocument, Role, RolePolicy, RolePolicyAttachment,
            ServiceLinkedRole, Statement,
        },
    },
    graph::Program,
    prelude::*,
};
use infra_tests::{
    calls::Calls,
    world::{PROJECT, STACK, World, full_message, program},
};

/// What a group of the tests is like.
#[derive(Clone, Copy)]
struct Sizes {
    name: &'static str,
    least: u32,
    desired: Option<u32>,
    protected: bool,
    forced: bool,
}

const PLAIN: Sizes =
    Sizes { name: "web", least: 2, desired: None, protected: false, forced: false };

/// A group whose instances have a role.
fn group(sizes: Sizes) -> Program {
    program(|stack| {
        let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
        let subnet = Subnet::named("a").vpc_id(&vpc).cidr_block("10.0.0.0/24").create(stack);
        let role = Role::named("web")
            .assume_role_policy_document(PolicyDocument::assumed_by_service("ec2.amazonaws.com"))
            .create(stack);
        RolePolicyAttachment::named("web")
            .role_name(&role)
            .policy_arn("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore")
            .create(stack);
        let mail = Statement::allow().actions(["ses:SendEmail"]).resources(["*"]);
        RolePolicy::named("web")
            .role_name(&role)
            .policy_name("mail")
            .policy_document(PolicyDocument::new([mail]))
            .create(stack);
        let profile = InstanceProfile::named("web").role_name(&role).create(stack);
        let data = LaunchTemplateData::new()
            .image_id("ami-0123456789abcdef0")
            .instance_type("m7g.large")
            .iam_instance_profile(
                infra_core::aws::ec2::IamInstanceProfile::new().arn(profile.arn()),
            );
        let template = LaunchTemplate::named("web").launch_template_data(data).create(stack);
        Group::named("web")
            .auto_scaling_group_name(sizes.name)
            .min_size(sizes.least)
            .max_size(10_u32)
            .maybe_desired_capacity(sizes.desired)
            .vpc_zone_identifier([&subnet])
            .launch_template(LaunchTemplateSpecification::latest(&template))
            .new_instances_protected_from_scale_in(sizes.protected)
            .force_delete(sizes.forced)
            .deletion_protection(DeletionProtection::PreventAllDeletion)
            .create(stack);
    })
}

/// The same group of a template with another image, whose instances are to be replaced.
fn refreshed(image: &str, refresh: Option<InstanceRefresh>) -> Program {
    program(|stack| {
        let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
        let subnet = Subnet::named("a").vpc_id(&vpc).cidr_block("10.0.0.0/24").create(stack);
        let data = LaunchTemplateData::new().image_id(image).instance_type("m7g.large");
        let template = LaunchTemplate::named("web").launch_template_data(data).create(stack);
        Group::named("web")
            .min_size(4_u32)
            .max_size(8_u32)
            .vpc_zone_identifier([&subnet])
            .launch_template(LaunchTemplateSpecification::latest(&template))
            .default_instance_warmup(Seconds(60))
            .maybe_instance_refresh(refresh)
            .create(stack);
    })
}

#[tokio::test]
async fn a_new_template_rolls_the_instances_where_that_is_asked_for() {
    let (old, new) = ("ami-0123456789abcdef0", "ami-0123456789abcdef1");
    let took = async |refresh: fn() -> Option<InstanceRefresh>| {
        let world = World::default();
        world.up(&refreshed(old, refresh())).await;
        let took = world.up(&refreshed(new, refresh())).await.took;
        world.assert_in_step("refreshed").await;
        assert!(world.preview(&refreshed(new, refresh())).await.is_empty());
        took
    };
    let without = took(|| None).await;
    assert!(without < 60_000, "nothing is replaced: {without}");
    // Four instances two by two, each pair 90 s to start and 60 s to warm up.
    let halves = took(|| Some(InstanceRefresh::new().min_healthy_percentage(50_u32))).await;
    assert!((300_000..360_000).contains(&halves), "{halves}");
    // One by one, and ten minutes of waiting at the half.
    let slowly = took(|| {
        let refresh = InstanceRefresh::new().min_healthy_percentage(90_u32);
        Some(refresh.checkpoint_percentages([50, 100]).checkpoint_delay(Seconds(600)))
    });
    let slowly = slowly.await;
    assert!((1_200_000..1_260_000).contains(&slowly), "{slowly}");
}

#[tokio::test]
async fn what_does_not_concern_the_template_rolls_nothing() {
    let world = World::default();
    let image = "ami-0123456789abcdef0";
    let refresh = InstanceRefresh::new;
    world.up(&refreshed(image, Some(refresh()))).await;
    let took = world.up(&refreshed(image, Some(refresh().auto_rollback(true)))).await.took;
    assert!(took < 60_000, "{took}");
}

/// A group of instances, and the role that its service takes on.
fn with_role(role: bool) -> Program {
    program(|stack| {
        if role {
            ServiceLinkedRole::named("scaling")
                .aws_service_name(LinkedService::AutoScaling)
                .create(stack);
        }
        let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
        let subnet = Subnet::named("a").vpc_id(&vpc).cidr_block("10.0.0.0/24").create(stack);
        let data =
            LaunchTemplateData::new().image_id("ami-0123456789abcdef0").instance_type("m7g.large");
        let template = LaunchTemplate::named("web").launch_template_data(data).create(stack);
        Group::named("web")
            .min_size(1_u32)
            .max_size(1_u32)
            .vpc_zone_identifier([&subnet])
            .launch_template(LaunchTemplateSpecification::latest(&template))
            .create(stack);
    })
}

#[tokio::test]
async fn the_role_of_a_service_stays_while_the_service_has_something() {
    let world = World::default();
    world.up(&with_role(true)).await;
    let said = world.refusals(&with_role(false)).await.concat();
    assert!(said.contains("AWSServiceRoleForAutoScaling` is used by the service"), "{said}");
    // It goes with the rest: nothing says so, and it is tried until the group is gone.
    world.up(&with_role(true)).await;
    world.destroy().await;
    assert!(world.objects().is_empty());
}

/// How many instances the account has.
fn desired(world: &World) -> i64 {
    let groups =
        world.objects().into_iter().filter(|object| object.ty.name == Group::definition().name);
    let all: Vec<i64> =
        groups.map(|group| group.named("desired_capacity").as_int().unwrap()).collect();
    let [desired] = all[..] else { panic!("one group, not {all:?}") };
    desired
}

#[tokio::test]
async fn a_group_takes_its_instances_along_and_waits_for_them() {
    let (world, calls) = Calls::observe(Default::default());
    world.up(&group(PLAIN)).await;
    world.assert_in_step("up").await;
    world.assert_deletions_are_guarded("up").await;
    let permissions = ["aws:iam:RolePolicyAttachment", "aws:iam:RolePolicy"];
    let made = calls.first("Create", "aws:ec2:LaunchTemplate");
    for permission in permissions {
        assert!(calls.first("Create", permission) < made, "instances need their {permission}");
    }
    let created = calls.count("Create");
    calls.clear();
    let outcome = world.destroy().await;
    assert!(outcome.took >= 120_000, "two minutes until the instances are gone: {}", outcome.took);
    assert_eq!(calls.count("Delete"), created, "nothing was tried too early");
    let gone = calls.first("Delete", "aws:ec2:LaunchTemplate");
    for permission in permissions {
        assert!(calls.first("Delete", permission) > gone, "instances need their {permission}");
    }
}

#[tokio::test]
async fn protected_instances_keep_their_group_unless_forced() {
    let world = World::default();
    let protected = Sizes { protected: true, ..PLAIN };
    world.up(&group(protected)).await;
    let outcome = world.engine().destroy(PROJECT, STACK, &world.options.plan).await.unwrap();
    let [failure] = &outcome.failures[..] else { panic!("{:?}", outcome.failures) };
    let said = full_message(&failure.error);
    assert!(said.contains("instances (2) that are protected from scale-in"), "{said}");
    assert!(said.contains("`force_delete`"), "{said}");
    world.up(&group(Sizes { forced: true, ..protected })).await;
    world.destroy().await;
    assert!(world.objects().is_empty());
}

#[tokio::test]
async fn a_group_without_instances_goes_though_it_is_protected() {
    let world = World::default();
    world.up(&group(Sizes { least: 0, protected: true, ..PLAIN })).await;
    world.destroy().await;
    assert!(world.objects().is_empty());
}

#[tokio::test]
async fn whatever_scales_a_group_owns_its_size() {
    let world = World::default();
    let three = Sizes { desired: Some(3), ..PLAIN };
    world.up(&group(three)).await;
    assert_eq!(desired(&world), 3);
    // Another number in the program is no difference.
    assert!(world.preview(&group(Sizes { desired: Some(5), ..PLAIN })).await.is_empty());
    // The least size moves it all the same.
    world.up(&group(Sizes { least: 6, ..three })).await;
    assert_eq!(desired(&world), 6);
    // A new generation starts with as many as there are.
    world.engine().refresh(PROJECT, STACK).await.unwrap();
    world.up(&group(Sizes { name: "site", least: 6, ..three })).await;
    assert_eq!(desired(&world), 6);
    world.assert_in_step("replaced").await;
}

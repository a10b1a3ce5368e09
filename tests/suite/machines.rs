//! A machine that keeps something: its volume and its address pass to the machine that takes its
//! place.

use infra_core::{
    aws::ec2::{
        Instance, NetworkInterface, NetworkInterfaceSpecification, Subnet, Volume,
        VolumeAttachment, Vpc,
    },
    graph::Program,
    plan::ChangeKind,
    prelude::*,
};
use infra_tests::world::{World, program};

/// A machine with a volume of so many GiB and a fixed address.
fn machine(image: &str, size: u32) -> Program {
    program(|stack| {
        let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
        let subnet = Subnet::named("a").vpc_id(&vpc).cidr_block("10.0.1.0/24").create(stack);
        let volume = Volume::named("files").availability_zone("eu-central-1a").size(GiB(size));
        let volume = volume.create(stack);
        let interface = NetworkInterface::named("files")
            .subnet_id(&subnet)
            .private_ip_address("10.0.1.10")
            .create(stack);
        let machine = Instance::named("files")
            .image_id(image)
            .instance_type("m7g.large")
            .network_interfaces([NetworkInterfaceSpecification::existing(&interface)])
            .delete_before_replace()
            .create(stack);
        VolumeAttachment::named("files")
            .volume_id(&volume)
            .instance_id(&machine)
            .device("/dev/sdf")
            .create(stack);
    })
}

fn text(world: &World, ty: &str, property: &str) -> String {
    let objects = world.objects();
    let object = objects.iter().find(|object| object.ty.short_name() == ty).unwrap();
    object.text(property).to_owned()
}

#[tokio::test]
async fn volume_and_address_pass_to_the_next_machine() {
    let world = World::default();
    world.up(&machine("ami-0123456789abcdef0", 100)).await;
    let before = text(&world, "Instance", "instance_id");
    assert_eq!(text(&world, "Instance", "private_ip_address"), "10.0.1.10");
    let volume = text(&world, "Volume", "volume_id");

    let next = machine("ami-0123456789abcdef1", 100);
    let preview = world.preview(&next).await;
    let changes = preview.changes.iter();
    let changes: Vec<_> = changes.map(|change| (change.urn.ty(), change.kind)).collect();
    assert!(
        changes.iter().all(|(_, kind)| *kind == ChangeKind::DeleteThenCreate),
        "nothing but machine and attachment is replaced: {changes:?}"
    );
    assert_eq!(changes.len(), 2, "{changes:?}");
    world.up(&next).await;
    world.assert_in_step("the next machine").await;
    let after = text(&world, "Instance", "instance_id");
    assert_ne!(after, before);
    assert_eq!(text(&world, "Instance", "private_ip_address"), "10.0.1.10");
    assert_eq!(text(&world, "VolumeAttachment", "volume_id"), volume);
    assert_eq!(text(&world, "VolumeAttachment", "instance_id"), after);
}

#[tokio::test]
async fn a_volume_grows_and_does_not_shrink() {
    let world = World::default();
    let image = "ami-0123456789abcdef0";
    world.up(&machine(image, 100)).await;
    world.up(&machine(image, 200)).await;
    world.assert_in_step("a larger volume").await;
    let said = world.refusals(&machine(image, 150)).await.concat();
    assert!(said.contains("`size` 150 GiB: the volume has 200 GiB"), "{said}");
    assert!(said.contains("a volume only grows"), "{said}");
}

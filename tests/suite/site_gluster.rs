//! A site whose files lie on three machines of its own.

use infra_core::{
    aws::{
        autoscaling::Group,
        ec2::{Instance, LaunchTemplate, NetworkInterface, SecurityGroupRule, Volume},
        ecs::TaskDefinition,
        efs::FileSystem,
    },
    graph::Program,
    value::Value,
};
use infra_tests::world::{World, configured, program};
use moodle_infra::{
    GlusterSettings, Network, NetworkSettings, SecurityGroups, SecuritySettings, Storage,
    StorageSettings,
};

use crate::mounts::shellcheck;

#[allow(dead_code)]
#[path = "../../examples/gluster.rs"]
mod gluster;

fn site() -> Program {
    program(|stack| gluster::site(stack).unwrap())
}

#[tokio::test]
async fn three_machines_in_three_zones_have_all_files() {
    let world = World::default();
    let program = site();
    assert!(world.up(&program).await.is_success());
    world.assert_in_step("up").await;
    assert!(world.preview(&program).await.is_empty());
    assert!(world.all::<FileSystem>().is_empty());

    let mut zones: Vec<String> = world
        .all::<Volume>()
        .iter()
        .map(|disk| disk.text("availability_zone").to_owned())
        .collect();
    zones.sort();
    assert_eq!(zones, ["eu-central-1a", "eu-central-1b", "eu-central-1c"]);
    // Each machine is told its own address and disk, and the addresses of all.
    let interfaces = world.all::<NetworkInterface>();
    let mut addresses: Vec<&str> =
        interfaces.iter().map(|it| it.text("private_ip_address")).collect();
    addresses.sort_unstable();
    assert_eq!(addresses.len(), 3);
    let mut own = vec![];
    for node in world.all::<Instance>() {
        let script = node.text("user_data");
        shellcheck(script);
        let said = |name: &str| {
            let line = script.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.trim_matches('\'').to_owned()
        };
        own.push(said("SELF="));
        let mut nodes: Vec<String> = said("NODES=").split(' ').map(str::to_owned).collect();
        nodes.sort_unstable();
        assert_eq!(nodes, addresses);
        assert!(said("DISK=").starts_with("vol-"), "{script}");
    }
    own.sort_unstable();
    assert_eq!(own, addresses);
    world.destroy().await;
    assert!(world.objects().is_empty());
}

#[tokio::test]
async fn instances_mount_them_and_nobody_else_reaches_them() {
    let world = World::default();
    assert!(world.up(&site()).await.is_success());
    let [template] = world.all::<LaunchTemplate>().try_into().unwrap();
    let Value::Map(data) = template.named("launch_template_data") else { panic!() };
    let (_, script) = data.iter().find(|(name, _)| &**name == "user_data").unwrap();
    let script = script.as_str().unwrap();
    shellcheck(script);
    let line = script.lines().find(|line| line.starts_with("line=")).unwrap();
    assert!(line.contains(":/moodledata /mnt/files/moodledata glusterfs "), "{line}");
    assert!(line.contains("backup-volfile-servers=10."), "{line}");
    // Debian has no agent of ECS.
    assert!(script.contains("amazon-ecs-init-latest.arm64.deb"), "{script}");
    assert_eq!(world.all::<Group>().len(), 1);
    let tasks = world.all::<TaskDefinition>();
    let mounted = tasks.iter().filter(|it| it.named("volumes").to_string().contains("/mnt/files"));
    assert_eq!(mounted.count(), 4, "web, installation, schedule and what is left for later");

    let rules = world.all::<SecurityGroupRule>();
    let nfs = rules.iter().filter(|rule| rule.named("from_port").as_int() == Some(2049));
    assert_eq!(nfs.count(), 0);
    let bricks = rules.iter().filter(|rule| {
        rule.named("from_port").as_int() == Some(49152) && rule.text("direction") == "ingress"
    });
    assert_eq!(bricks.count(), 2, "from the instances, and from each other");
}

/// What grows keeps the files; a machine of another type is stopped and started.
#[tokio::test]
async fn a_larger_disk_keeps_what_is_on_it() {
    let world = World::default();
    world.up(&site()).await;
    let before: Vec<_> = world.all::<Volume>().into_iter().map(|disk| disk.id).collect();
    let stack = configured(&[("disk", "800")]);
    gluster::site(&stack).unwrap();
    world.up(&stack.finish()).await;
    let after = world.all::<Volume>();
    assert!(after.iter().all(|disk| disk.named("size").as_int() == Some(800)));
    assert_eq!(after.into_iter().map(|disk| disk.id).collect::<Vec<_>>(), before);
}

#[test]
fn disks_are_such_as_there_are() {
    let refused =
        |disk: &str| gluster::site(&configured(&[("disk", disk)])).unwrap_err().to_string();
    assert!(refused("0").starts_with("disks of 0 GiB"), "{}", refused("0"));
    assert!(refused("70000").contains("give 1 to 65536 GiB"), "{}", refused("70000"));
}

#[test]
fn two_zones_are_too_few() {
    let stack = configured(&[]);
    let settings = NetworkSettings { zones: 2, ..NetworkSettings::default() };
    let network = Network::create(&stack, "network", &settings).unwrap();
    let groups =
        SecurityGroups::create(&stack, "security", &network.vpc, &SecuritySettings::default());
    let settings = StorageSettings::Gluster(GlusterSettings::default());
    let made = Storage::create(&stack, "storage", &network, &groups.files, &settings);
    let error = made.unwrap_err().to_string();
    assert_eq!(error, "2 availability zones, and GlusterFS keeps the files in three: give 3 or 4");
}

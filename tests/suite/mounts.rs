//! How tasks come to the files that they share, and what an instance does before it joins.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Output, Stdio},
};

use backend_local::sim::Object;
use infra_core::{
    aws::{
        ec2::{LaunchTemplate, SecurityGroup, SecurityGroupRule},
        ecs::TaskDefinition,
        efs::AccessPoint,
    },
    graph::Program,
    value::Value,
};
use infra_tests::{
    tools::{MACHINE, skipped},
    world::{World, program},
};
use moodle_infra::{Mount, StorageSettings};

use crate::moodle::plain_site;

fn site(mount: Mount) -> Program {
    program(|stack| {
        plain_site(stack).storage(StorageSettings::efs(mount)).create(stack).unwrap();
    })
}

/// The tasks that have Moodle's files; what administers the database has none.
fn moodle_tasks(world: &World) -> Vec<Object> {
    let all = world.all::<TaskDefinition>().into_iter();
    all.filter(|it| {
        !["-users", "-rotate", "-probe"].iter().any(|end| it.text("family").ends_with(end))
    })
    .collect()
}

/// What the instances do at their first start.
fn first_script(world: &World) -> String {
    let [template] = world.all::<LaunchTemplate>().try_into().unwrap();
    let Value::Map(data) = template.named("launch_template_data") else { panic!("{template:?}") };
    let (_, script) = data.iter().find(|(name, _)| &**name == "user_data").unwrap();
    script.as_str().unwrap().to_owned()
}

/// Who reaches the files, by the names of their groups' rules.
fn who_reaches_files(world: &World) -> Vec<String> {
    let groups = world.all::<SecurityGroup>();
    let called = |id: &str| {
        let group = groups.iter().find(|group| &*group.id == id).unwrap();
        group.text("group_description").split(':').next().unwrap().to_owned()
    };
    let rules = world.all::<SecurityGroupRule>();
    let mut found: Vec<String> = rules
        .iter()
        .filter(|rule| rule.named("from_port").as_int() == Some(2049))
        .filter(|rule| rule.text("direction") == "ingress")
        .map(|rule| called(rule.text("referenced_group_id")))
        .collect();
    found.sort();
    found
}

async fn up(mount: Mount) -> World {
    let world = World::default();
    let program = site(mount);
    assert!(world.up(&program).await.is_success());
    assert!(world.preview(&program).await.is_empty());
    world
}

#[tokio::test]
async fn a_task_mounts_the_files_itself_with_tls() {
    let world = up(Mount::Task).await;
    assert!(!first_script(&world).contains("fstab"));
    assert_eq!(who_reaches_files(&world), ["The application", "What works beside the web"]);
    for task in moodle_tasks(&world) {
        let volumes = task.named("volumes").to_string();
        assert!(volumes.contains("fsap-") && volumes.contains("transit_encryption"), "{volumes}");
    }
}

#[tokio::test]
async fn an_instance_mounts_the_files_for_its_tasks() {
    let nfs = "fs-";
    for (mount, kind, tls) in [(Mount::Nfs, " nfs4 ", false), (Mount::Helper, " efs ", true)] {
        let world = up(mount).await;
        let script = first_script(&world);
        let line = script.lines().find(|line| line.starts_with("line=")).unwrap();
        assert!(line.contains(nfs) && line.contains(kind), "{line}");
        assert_eq!(line.contains(",tls,iam,accesspoint=fsap-"), tls, "{line}");
        let classic = "nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport";
        assert_eq!(line.contains(classic), !tls, "{line}");
        // Plain NFS can't mount an access point.
        assert_eq!(world.all::<AccessPoint>().is_empty(), !tls);
        assert_eq!(who_reaches_files(&world), ["The instances"]);
        for task in moodle_tasks(&world) {
            let volumes = task.named("volumes").to_string();
            assert!(volumes.contains("/mnt/files/moodledata"), "{volumes}");
        }
        world.destroy().await;
        assert!(world.objects().is_empty());
    }
}

#[tokio::test]
async fn the_first_script_is_one_that_a_shell_reads_well() {
    for mount in [Mount::Task, Mount::Helper, Mount::Nfs] {
        shellcheck(&first_script(&up(mount).await));
    }
}

/// Holds a script against what goes wrong in scripts, where there is something that knows it.
#[track_caller]
pub(crate) fn shellcheck(script: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("first.sh");
    fs::write(&file, script).unwrap();
    match Command::new("shellcheck").arg(&file).output() {
        Ok(checked) => {
            let said = String::from_utf8_lossy(&checked.stdout);
            assert!(checked.status.success(), "{said}");
        }
        Err(missing) => skipped(&format!("no shellcheck ({missing})"), MACHINE),
    }
}

/// Runs the script in a folder that stands for the file system of an instance, with stand-ins for
/// what only an instance has. `broken` is the stand-in that fails.
fn run(script: &str, root: &Path, broken: Option<&str>) -> Output {
    let bin = root.join("bin");
    fs::create_dir_all(&bin).unwrap();
    fs::create_dir_all(root.join("etc/ecs")).unwrap();
    fs::write(root.join("etc/fstab"), "").unwrap();
    let here = root.display();
    let stand_ins = [
        ("rpm", "exit 0".to_owned()),
        ("dnf", "exit 1".to_owned()),
        ("sleep", "exit 0".to_owned()),
        ("mountpoint", format!("test -e {here}/mounted")),
        ("mount", format!("touch {here}/mounted")),
        ("systemctl", format!("echo $* >> {here}/systemctl")),
        ("install", "for last; do :; done; mkdir -p $last".to_owned()),
        ("setpriv", "while [ $1 != sh ]; do shift; done; exec \"$@\"".to_owned()),
    ];
    for (name, body) in stand_ins {
        let body = if broken == Some(name) { "exit 1" } else { &body };
        let file = bin.join(name);
        fs::write(&file, format!("#!/bin/sh\n{body}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let script = script.replace("/etc/", &format!("{here}/etc/"));
    let script = script.replace("/mnt/", &format!("{here}/mnt/"));
    let path = std::env::var_os("PATH").unwrap().into_string().unwrap();
    Command::new("sh")
        .args(["-c", &script])
        .env("PATH", format!("{}:{path}", bin.display()))
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[tokio::test]
async fn an_instance_joins_once_it_can_write() {
    let script = first_script(&up(Mount::Nfs).await);
    let root = tempfile::tempdir().unwrap();
    // Twice: a script may run again.
    for _ in 0..2 {
        let done = run(&script, root.path(), None);
        assert!(done.status.success(), "{done:?}");
    }
    let read = |file: &str| fs::read_to_string(root.path().join(file)).unwrap();
    assert_eq!(read("etc/fstab").lines().count(), 1, "{}", read("etc/fstab"));
    assert!(read("etc/ecs/ecs.config").contains("ECS_CLUSTER="));
    assert!(read("etc/systemd/system/ecs.service.d/files.conf").contains("RequiresMountsFor="));
    let left = fs::read_dir(root.path().join("mnt/files/moodledata")).unwrap().count();
    assert_eq!(left, 0, "the probe is gone");
    assert_eq!(read("systemctl").lines().next(), Some("daemon-reload"));
}

#[tokio::test]
async fn an_instance_that_cannot_use_the_files_ends_and_does_not_join() {
    let script = first_script(&up(Mount::Nfs).await);
    for broken in ["mount", "setpriv", "install"] {
        let root = tempfile::tempdir().unwrap();
        let done = run(&script, root.path(), Some(broken));
        assert!(!done.status.success(), "{broken}: {done:?}");
        let asked = fs::read_to_string(root.path().join("systemctl")).unwrap();
        assert_eq!(asked.trim(), "poweroff", "{broken}");
        assert!(!root.path().join("etc/ecs/ecs.config").exists(), "{broken}");
    }
}

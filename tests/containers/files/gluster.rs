//! A volume of GlusterFS while its servers die, hang, are cut off and lose their disks.

use std::time::Duration;

use backend_local::containers::{
    docker::Mounted,
    files::{Ensured, Folder, Gluster, MountState, devices, unmount_below},
};
use futures_util::future::join_all;
use tokio::time::Instant;

use super::{
    load::Load,
    site::{Site, ZONES},
};

/// Much longer than anything takes: other tests run at the same time.
const PATIENCE: Duration = Duration::from_secs(180);

fn server(site: &Site, id: &str) -> String {
    site.fixture.owner("files", "fs-1", id).name()
}

/// Waits for full redundancy; says how long it took.
async fn whole(gluster: &Gluster, what: &str) {
    let begun = Instant::now();
    if let Err(error) = gluster.whole(PATIENCE).await {
        let events: Vec<String> = gluster.events().into_iter().map(|it| it.words).collect();
        panic!("{what}: {error}\n{}", events.join("\n"));
    }
    println!("{what}: whole after {:.1} s", begun.elapsed().as_secs_f32());
}

/// Waits until what was done to a server has been seen.
async fn hurt(gluster: &Gluster) {
    let mut status = gluster.status();
    let seen = status.wait_for(|status| !status.full_redundancy);
    tokio::time::timeout(PATIENCE, seen).await.unwrap().unwrap();
}

async fn seconds(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

#[tokio::test]
async fn tasks_write_and_read_whatever_happens_to_one_server() {
    let Some(site) = Site::new().await else { return };
    let docker = &site.fixture.docker;
    let gluster = site.gluster().await;
    whole(&gluster, "made").await;
    let host = site.instance("i-1", 50).await;
    let folder = Folder::at("/moodledata");
    let mounted = gluster.mounted(&host, ZONES[0], &folder, "/data", false).await.unwrap();
    assert!(matches!(&mounted, Mounted::Host { path, .. } if path.ends_with("/fs-1/moodledata")));
    let task = site.task("one", mounted.clone()).await;
    assert_eq!(site.sh(&task, "stat -c '%u:%g %a' /data").await, "33:33 2770");
    Load::run(&site, &task, 3, "calm").await.check("nothing", 3, Duration::from_secs(2));

    // A server is killed: the manager starts it again.
    let load = Load::run(&site, &task, 6, "killed");
    let kill = async {
        seconds(1).await;
        docker.kill(&server(&site, "b")).await.unwrap();
        hurt(&gluster).await;
    };
    let (load, ()) = tokio::join!(load, kill);
    load.check("a server killed", 6, Duration::from_secs(3));
    whole(&gluster, "a server killed").await;

    // A server hangs, and goes on.
    let load = Load::run(&site, &task, 11, "hung");
    let hang = async {
        seconds(1).await;
        docker.pause(&server(&site, "c")).await.unwrap();
        hurt(&gluster).await;
        seconds(8).await;
        docker.unpause(&server(&site, "c")).await.unwrap();
    };
    let (load, ()) = tokio::join!(load, hang);
    load.check("a server hung", 11, Duration::from_secs(9));
    assert!(load.slowest > Duration::from_secs(3), "it did not matter that it hung: {load:?}");
    whole(&gluster, "a server hung").await;

    // A server's network is cut.
    let interface = gluster.spec().servers[0].interface.clone();
    let load = Load::run(&site, &task, 14, "cut");
    let cut = async {
        seconds(1).await;
        let rules = "nft 'add table inet cut; add chain inet cut in { type filter hook input \
                     priority -10; }; add rule inet cut in iifname != \"lo\" drop; add chain inet \
                     cut out { type filter hook output priority -10; }; add rule inet cut out \
                     oifname != \"lo\" drop'";
        site.sh(&interface, rules).await;
        seconds(11).await;
        site.sh(&interface, "nft delete table inet cut").await;
    };
    let (load, ()) = tokio::join!(load, cut);
    load.check("a network cut", 14, Duration::from_secs(12));
    whole(&gluster, "a network cut").await;
    let count = "find /bricks/files/moodledata -type f | sort | xargs md5sum | md5sum";
    let mut sums = vec![];
    for id in ["a", "b", "c"] {
        sums.push(site.sh(&server(&site, id), count).await);
    }
    assert!(sums.iter().all(|sum| *sum == sums[0]), "all have the same files: {sums:?}");

    docker.remove(&task).await.unwrap();
    gluster.mount(&host).remove().await.unwrap();
    gluster.remove().await.unwrap();
    assert_eq!(site.left().await, Vec::<String>::new());
    site.end().await;
}

#[tokio::test]
async fn managers_instances_and_disks_come_and_go() {
    let Some(site) = Site::new().await else { return };
    let docker = &site.fixture.docker;
    // Each is broken off at some moment, and leaves what the next one goes on with.
    for millis in [200, 700, 1500, 2500, 3500, 5000] {
        let broken_off = site.gluster().await;
        tokio::time::sleep(Duration::from_millis(millis)).await;
        drop(broken_off);
    }
    let gluster = site.gluster().await;
    whole(&gluster, "made by many").await;
    let host = site.instance("i-1", 50).await;
    let root = Folder::root();
    let mounted = gluster.mounted(&host, ZONES[1], &root, "/data", false).await.unwrap();
    let task = site.task("one", mounted.clone()).await;
    site.sh(&task, "echo before > /data/before").await;

    // The instance dies, and what it mounted with it; the folder answers nothing.
    docker.kill(&host.instance).await.unwrap();
    let dead = docker.try_exec(&task, &["cat", "/data/before"], b"").await.unwrap();
    let said = String::from_utf8_lossy(&dead.stderr).into_owned();
    assert!(said.contains("Transport endpoint is not connected"), "{said}");
    docker.remove(&task).await.unwrap();
    assert_eq!(site.instance("i-1", 50).await, host);
    let mount = gluster.mount(&host);
    assert_eq!(mount.state().await.unwrap(), MountState::Dead);
    let source = gluster.source(ZONES[1]);
    let begun = Instant::now();
    assert_eq!(mount.ensure(&source).await.unwrap(), Ensured::Renewed);
    println!("mount renewed: {:.2} s", begun.elapsed().as_secs_f32());
    assert_eq!(mount.ensure(&source).await.unwrap(), Ensured::There);
    let task = site.task("one", mounted.clone()).await;
    assert_eq!(site.sh(&task, "cat /data/before").await, "before");

    // Its process alone dies, and somebody looks after it. Whoever had the dead one keeps it, and is
    // told by its device.
    let kept = mount.clone().keep(source.clone());
    let mut kept_status = kept.status();
    kept_status.wait_for(|status| status.mounted).await.unwrap();
    let device = async || devices().await.unwrap()[mount.folder()].clone();
    let before = device().await;
    let begun = Instant::now();
    site.sh(&host.instance, "pkill -KILL glusterfs").await;
    let renewed = kept_status.wait_for(|status| status.mounted && status.renewed == 1);
    tokio::time::timeout(PATIENCE, renewed).await.unwrap().unwrap();
    println!("a dead mount found and renewed: {:.2} s", begun.elapsed().as_secs_f32());
    assert_ne!(device().await, before);
    let dead = docker.try_exec(&task, &["cat", "/data/before"], b"").await.unwrap();
    assert_ne!(dead.code, 0);
    docker.remove(&task).await.unwrap();
    let task = site.task("one", mounted.clone()).await;
    assert_eq!(site.sh(&task, "cat /data/before").await, "before");

    // Tasks that start together mount once, whoever of them is first.
    mount.remove().await.unwrap();
    let ensured =
        join_all((0..4).map(|_| async { gluster.mount(&host).ensure(&source).await.unwrap() }));
    let made = ensured.await.into_iter().filter(|it| *it != Ensured::There).count();
    assert!(made <= 1, "{made}");
    assert_eq!(site.mounts().len(), 1);
    docker.remove(&task).await.unwrap();
    let task = site.task("one", mounted.clone()).await;

    // Nobody manages while a server dies; the next manager finds all, and mends.
    gluster.leave().await;
    docker.kill(&server(&site, "a")).await.unwrap();
    let load = Load::run(&site, &task, 3, "alone").await;
    load.check("a server away", 3, Duration::from_secs(3));
    let written = load.count.min(50).to_string();
    let gluster = site.gluster().await;
    whole(&gluster, "a new manager").await;
    let events = || gluster.events().into_iter().map(|it| it.words).collect::<Vec<_>>().join("\n");
    let told = events();
    assert!(told.contains("the server a in eu-central-1a was not running"), "{told}");
    assert!(!told.contains("the volume has been made"), "{told}");
    let files = "find /bricks/files -type f -name 'alone-*' | wc -l";
    assert_eq!(site.sh(&server(&site, "a"), files).await, written);

    // An option changes.
    let mut spec = (*gluster.spec()).clone();
    spec.options.insert("network.ping-timeout".to_owned(), "7".to_owned());
    gluster.apply(spec).unwrap();
    let option = "gluster --mode=script volume get files network.ping-timeout";
    let begun = Instant::now();
    while !site.sh(&server(&site, "c"), option).await.contains(" 7") {
        assert!(begun.elapsed() < PATIENCE, "{}", events());
    }

    // A server loses its disks, with all that it knew.
    docker.remove(&server(&site, "b")).await.unwrap();
    for volume in ["b-brick", "b-glusterd"] {
        docker.remove_volume(&server(&site, volume)).await.unwrap();
    }
    hurt(&gluster).await;
    whole(&gluster, "a disk lost").await;
    assert_eq!(site.sh(&server(&site, "b"), "cat /bricks/files/before").await, "before");
    assert_eq!(site.sh(&server(&site, "b"), files).await, written);

    // Containers that are to be another way are made anew, one after the other, while tasks write.
    let mut spec = (*gluster.spec()).clone();
    spec.ports.1 += 10;
    gluster.apply(spec).unwrap();
    let load = Load::run(&site, &task, 10, "renewed").await;
    load.check("servers made anew", 10, Duration::from_secs(3));
    let begun = Instant::now();
    while events().matches("made anew").count() < 3 {
        assert!(begun.elapsed() < PATIENCE, "{}", events());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    whole(&gluster, "servers made anew").await;

    // The instance goes for ever: its dead mount is taken away without it.
    docker.remove(&task).await.unwrap();
    docker.remove(&host.instance).await.unwrap();
    assert_eq!(site.mounts().len(), 1);
    let owner = backend_local::containers::files::owner(&site.fixture.account, "fs-1");
    let taken = unmount_below(docker, &owner, &host.folder).await.unwrap();
    assert_eq!(taken, [mount.folder()]);
    println!("{}", events());
    kept.remove().await.unwrap();
    gluster.remove().await.unwrap();
    assert_eq!(site.left().await, Vec::<String>::new());
    site.end().await;
}

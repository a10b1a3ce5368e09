//! EFS by NFS 4.1, spoken by a client that needs nothing of the kernel.

use std::{path::Path, process::Command, time::Duration};

use backend_local::containers::{
    docker::{Network, Spec},
    files::{FilesError, Folder, Nfs, NfsClient, NfsSpec, Server},
};
use tokio::time::Instant;

use super::site::{Site, ZONES, timing};

const CLIENT: &str = "moodle-infra-test/nfs-client:1";

/// Builds the image of the client: nothing is pulled.
fn build() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("containers/files/nfs-client");
    let mut build = Command::new("docker");
    let built = build.args(["build", "--quiet", "--tag", CLIENT]).arg(folder).output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
}

#[tokio::test]
async fn a_file_system_is_reached_by_the_mount_target_of_each_zone() {
    let Some(site) = Site::new().await else { return };
    tokio::task::spawn_blocking(build).await.unwrap();
    let docker = &site.fixture.docker;
    let server = Server { id: "s".to_owned(), ..site.server(0, 20).await };
    let targets = vec![site.server(0, 21).await, site.server(1, 21).await];
    let spec = NfsSpec::new(&site.fixture.account, "fs-2", server, targets);
    let nfs = Nfs::start(docker, spec.clone(), timing()).unwrap();
    nfs.usable(Duration::from_secs(30)).await.unwrap();
    nfs.make(&Folder::at("/moodledata")).await.unwrap();

    let owner = site.fixture.owner("client", "one", "");
    let client = owner.name();
    let interface = site.fixture.interface("client", site.fixture.address(1, 30), &[]).await;
    docker.run(&Spec::new(owner, CLIENT, Network::Of(interface))).await.unwrap();
    let url = |place: usize, file: &str| {
        let address = spec.targets[place].address;
        format!("'nfs://{address}/export/moodledata/{file}?version=4&uid=33&gid=33'")
    };
    let patient = |command: String| format!("timeout 30 {command}");
    // Not more: this client can't put more than a few kB into one call of version 4.
    site.sh(&client, "head -c 3000 /dev/urandom > /tmp/file").await;
    site.sh(&client, &patient(format!("nfs-cp /tmp/file {}", url(0, "file")))).await;
    let sum = site.sh(&client, "md5sum < /tmp/file").await;
    // By the other zone's target.
    let read = |place| patient(format!("nfs-cat {} | md5sum", url(place, "file")));
    assert_eq!(site.sh(&client, &read(1)).await, sum);
    // It is theirs who wrote it.
    let name = site.fixture.owner("files", "fs-2", "server").name();
    let whose = "stat -c '%u:%g' /export/moodledata /export/moodledata/file";
    assert_eq!(site.sh(&name, whose).await, "33:33\n33:33");

    // The server dies, and is started again with its files.
    docker.kill(&name).await.unwrap();
    let events = || nfs.events().into_iter().map(|event| event.words).collect::<Vec<_>>();
    let again = "the server was not running and is started".to_owned();
    let begun = Instant::now();
    while !events().contains(&again) {
        assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", events());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    nfs.usable(Duration::from_secs(60)).await.unwrap();
    assert_eq!(site.sh(&client, &read(0)).await, sum);

    // A mount target goes.
    let one = NfsSpec { targets: vec![spec.targets[0].clone()], ..spec.clone() };
    nfs.apply(one).unwrap();
    let gone = site.fixture.owner("files", "fs-2", "target-b").name();
    while docker.see(&gone).await.unwrap().is_some() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }

    // What a task gets, or why it gets nothing.
    let mounted = nfs.mounted(ZONES[0], &Folder::at("/moodledata"), "/data", false).await;
    match (NfsClient::of_this_machine().unwrap(), mounted) {
        (NfsClient::None { reason }, Err(error @ FilesError::NoNfs { .. })) => {
            let error = error.to_string();
            assert!(error.contains(&reason) && error.contains("GlusterFS"), "{error}");
        }
        (NfsClient::There | NfsClient::Loadable, Ok(mounted)) => {
            let task = site.task("nfs", mounted).await;
            assert_eq!(site.sh(&task, "md5sum < /data/file").await, sum);
            site.sh(&task, "echo words > /data/other").await;
            docker.remove(&task).await.unwrap();
        }
        (client, mounted) => panic!("{client:?}: {mounted:?}"),
    }
    nfs.remove().await.unwrap();
    assert_eq!(site.left().await, Vec::<String>::new());
    site.end().await;
}

//! Ours for shared files: GlusterFS, NFS, and the instance that mounts them.

use backend_local::containers::images::{
    Images,
    catalogue::{GLUSTER, INSTANCE, NFS},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{super::machine::options, server::Server};
use crate::fixture::Fixture;

#[tokio::test]
async fn an_instance_mounts_what_gluster_serves() {
    let Some(fixture) = Fixture::new().await else { return };
    let images = Images::new(fixture.docker.clone(), options());
    images.ensure_all(&[GLUSTER, INSTANCE], &|_| {}).await.unwrap();
    let bricks = fixture.owner("contract", "gluster", "bricks");
    let bricks = fixture.docker.ensure_volume(&bricks).await.unwrap();
    let server = Server::start(&fixture, "gluster", 40, GLUSTER, |spec| {
        spec.capability("SYS_ADMIN").volume(bricks, "/bricks")
    })
    .await;
    server.wait_for(&["gluster", "--mode=script", "pool", "list"]).await;
    let address = server.address;
    let script = format!(
        "gluster --mode=script volume create shared {address}:/bricks/shared && \
         gluster --mode=script volume start shared"
    );
    server.run(&["sh", "-c", &script]).await;
    let instance = Server::start(&fixture, "instance", 41, INSTANCE, |mut spec| {
        spec.devices.push("/dev/fuse".to_owned());
        spec.capability("SYS_ADMIN")
    })
    .await;
    let script = format!(
        "mount -t glusterfs {address}:/shared /mnt && echo words >/mnt/file && sync /mnt/file && \
         findmnt --noheadings --output FSTYPE /mnt && cat /mnt/file"
    );
    assert_eq!(instance.run(&["sh", "-c", &script]).await, "fuse.glusterfs\nwords");
    assert_eq!(server.run(&["cat", "/bricks/shared/file"]).await, "words");
    for program in ["mount.nfs4", "umount", "curl", "ip", "ps"] {
        instance.run(&["sh", "-c", &format!("command -v {program}")]).await;
    }
    // Its healthy state is known to Docker, too.
    let test = "{{if .Config.Healthcheck}}yes{{end}}";
    let says = super::super::machine::client(&["inspect", "--format", test, GLUSTER]);
    assert_eq!(says, "yes");
    fixture.end().await;
}

/// A call of NFS 4 that does nothing (RFC 5531, RFC 7530): the smallest that only a server answers.
async fn null(server: &Server) -> Option<Vec<u8>> {
    let (call, version, program, nfs, null) = (0_u32, 2_u32, 100_003_u32, 4_u32, 0_u32);
    let number = 0x1234_5678_u32;
    let words = [0x8000_0000 | 40, number, call, version, program, nfs, null, 0, 0, 0, 0];
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
    let mut stream = TcpStream::connect((server.address, 2049)).await.ok()?;
    stream.write_all(&bytes).await.ok()?;
    let mut answer = vec![0; 28];
    stream.read_exact(&mut answer).await.ok()?;
    Some(answer)
}

#[tokio::test]
async fn nfs_answers_calls_of_version_4() {
    let Some(fixture) = Fixture::new().await else { return };
    let images = Images::new(fixture.docker.clone(), options());
    images.ensure(NFS, &|_| {}).await.unwrap();
    let exported = fixture.owner("contract", "nfs", "export");
    let exported = fixture.docker.ensure_volume(&exported).await.unwrap();
    let server = Server::start(&fixture, "nfs", 42, NFS, |spec| {
        let spec = spec.capability("SYS_ADMIN").capability("DAC_READ_SEARCH");
        spec.volume(exported, "/export")
    })
    .await;
    let mut answer = None;
    for _ in 0..100 {
        answer = null(&server).await;
        if answer.is_some() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let answer = answer.unwrap_or_default();
    let words: Vec<u32> =
        answer.chunks_exact(4).map(|word| u32::from_be_bytes(word.try_into().unwrap())).collect();
    // A last fragment of 24 bytes: the same number, a reply, accepted, no verifier, success.
    assert_eq!(words, [0x8000_0018, 0x1234_5678, 1, 0, 0, 0, 0], "{}", server.logs().await);
    // It may answer before it says so.
    let mut logs = server.logs().await;
    for _ in 0..100 {
        if logs.contains("NFS SERVER INITIALIZED") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        logs = server.logs().await;
    }
    assert!(logs.contains("NFS SERVER INITIALIZED") && !logs.contains("Lookup failed"), "{logs}");
    fixture.end().await;
}

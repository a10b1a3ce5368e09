//! The simple profile: one volume for all.

use backend_local::containers::files::{Files, FilesError, Folder, Host, SimpleFiles};

use futures_util::future::join_all;

use super::site::Site;

#[tokio::test]
async fn tasks_share_a_volume_and_folders_of_it() {
    let Some(site) = Site::new().await else { return };
    let (docker, account) = (&site.fixture.docker, &site.fixture.account);
    let files = Files::Simple(SimpleFiles::start(docker, account, "fs-3").await.unwrap());
    assert!(files.status().full_redundancy);
    // Which instance it is does not matter: there is one machine.
    let host = Host { instance: String::new(), folder: String::new() };
    let mounted = async |folder: &Folder| {
        files.mounted(&host, "eu-central-1a", folder, "/data", false).await.unwrap()
    };
    let all = site.task("all", mounted(&Folder::root()).await).await;
    let part = Folder { mode: 0o750, ..Folder::at("/moodledata/site") };
    let part = site.task("part", mounted(&part).await).await;
    assert_eq!(site.sh(&part, "stat -c '%u:%g %a' /data").await, "33:33 750");
    site.sh(&part, "echo words > /data/file").await;
    assert_eq!(site.sh(&all, "cat /data/moodledata/site/file").await, "words");
    assert_eq!(site.sh(&all, "stat -c '%u:%g %a' /data").await, "33:33 2770");
    // Tasks that start together want the same folder.
    let together = Folder::at("/moodledata/together");
    join_all((0..6).map(|_| mounted(&together))).await;
    let again = SimpleFiles::start(docker, account, "fs-3").await.unwrap();
    let error = again.remove().await.unwrap_err();
    assert!(matches!(error, FilesError::InUse { .. }), "{error}");
    docker.remove(&all).await.unwrap();
    docker.remove(&part).await.unwrap();
    files.remove().await.unwrap();
    assert_eq!(site.left().await, Vec::<String>::new());
    site.end().await;
}

//! MySQL with a replica: GTIDs, semi-synchronous, over TLS; and a copy of a running server.

use backend_local::containers::{docker::Spec, images::catalogue::MYSQL};

use super::{
    super::machine::official,
    mysql::{HEALTH, query},
    server::Server,
};
use crate::fixture::Fixture;

const PASSWORD: &str = "secret";

fn spec(spec: Spec, number: u8) -> Spec {
    spec.env("MYSQL_ROOT_PASSWORD", PASSWORD).env("MYSQL_INITDB_SKIP_TZINFO", "1").command([
        format!("--server-id={number}"),
        "--gtid-mode=ON".to_owned(),
        "--enforce-gtid-consistency=ON".to_owned(),
        "--innodb-buffer-pool-size=64M".to_owned(),
        "--plugin-load-add=rpl_semi_sync_source=semisync_source.so".to_owned(),
        "--plugin-load-add=rpl_semi_sync_replica=semisync_replica.so".to_owned(),
        "--plugin-load-add=clone=mysql_clone.so".to_owned(),
    ])
}

async fn sql(server: &Server, statement: &str) -> String {
    match query(server, "root", PASSWORD, statement).await {
        Ok(said) => said,
        Err(error) => panic!("{statement}: {error}"),
    }
}

async fn wait_until(server: &Server, statement: &str, expected: &str) {
    for _ in 0..100 {
        if sql(server, statement).await == expected {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("waited in vain until {statement} is {expected}:\n{}", server.logs().await);
}

#[tokio::test]
async fn mysql_has_replicas_by_gtid_that_are_waited_for_over_tls() {
    let Some(fixture) = Fixture::new().await else { return };
    let image = official(&fixture, MYSQL, "INFRA_IMAGE_MYSQL").await;
    let (source, replica) = tokio::join!(
        Server::start(&fixture, "source", 20, &image, |it| spec(it, 1)),
        Server::start(&fixture, "replica", 21, &image, |it| spec(it, 2)),
    );
    tokio::join!(source.wait_for(&HEALTH), replica.wait_for(&HEALTH));
    // Whoever was let in at the first start, that is each server's own: a replica begins with nothing.
    assert_eq!(sql(&replica, "SELECT @@GLOBAL.gtid_executed").await, "");
    sql(
        &source,
        "CREATE USER 'replicator'@'%' IDENTIFIED BY 'secret' REQUIRE SSL; \
         GRANT REPLICATION SLAVE, BACKUP_ADMIN ON *.* TO 'replicator'@'%'; \
         SET GLOBAL rpl_semi_sync_source_enabled = ON; CREATE DATABASE d; CREATE TABLE d.t (n INT PRIMARY KEY)",
    )
    .await;
    sql(
        &replica,
        &format!(
            "SET GLOBAL rpl_semi_sync_replica_enabled = ON; \
             CHANGE REPLICATION SOURCE TO SOURCE_HOST = '{}', SOURCE_USER = 'replicator', \
             SOURCE_PASSWORD = 'secret', SOURCE_AUTO_POSITION = 1, SOURCE_SSL = 1; \
             START REPLICA; SET GLOBAL super_read_only = ON",
            source.address
        ),
    )
    .await;
    let waits = "SELECT variable_value FROM performance_schema.global_status \
        WHERE variable_name = 'Rpl_semi_sync_source_status'";
    wait_until(&source, waits, "ON").await;
    sql(&source, "INSERT INTO d.t VALUES (1)").await;
    wait_until(&replica, "SELECT COUNT(*) FROM d.t", "1").await;
    let acknowledged = "SELECT variable_value > 0 FROM performance_schema.global_status \
        WHERE variable_name = 'Rpl_semi_sync_source_yes_tx'";
    wait_until(&source, acknowledged, "1").await;
    let refused = query(&replica, "root", PASSWORD, "INSERT INTO d.t VALUES (2)").await;
    assert!(refused.unwrap_err().contains("super-read-only"));
    let same = "SELECT @@GLOBAL.gtid_executed";
    assert_eq!(sql(&source, same).await, sql(&replica, same).await);

    // A copy of the running server, by the plugin: a folder that another one may start on.
    sql(&source, "CLONE LOCAL DATA DIRECTORY = '/var/lib/mysql-files/copy'").await;
    let copied =
        "test -f /var/lib/mysql-files/copy/mysql.ibd && test -d /var/lib/mysql-files/copy/d";
    assert!(source.succeeds(&["sh", "-c", copied]).await);
    fixture.end().await;
}

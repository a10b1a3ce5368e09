//! Nodes die, and people go on writing.

use std::time::Duration;

use backend_local::containers::database::Role;
use mysql_async::prelude::Queryable as _;
use tokio::time::{Instant, sleep};

use super::world::{
    World, Writing, connect, connect_node, eventually, lost, number, on_writer, ready_with,
};

#[tokio::test]
async fn rows_are_written_on_one_node_and_read_on_another_and_outlive_the_writer() {
    let Some(world) = World::new().await else { return };
    let began = Instant::now();
    let spec = world.spec("campus", 1, 2).await;
    let database = world.start(&spec);
    ready_with(&database, "n1").await;
    println!("a cluster of two is ready after {:.1?}", began.elapsed());
    let status = database.status().borrow().clone();
    assert!(status.full_redundancy, "{status:#?}");
    assert_eq!(status.reader.as_deref(), Some("n2"));
    assert_eq!(status.node("n2").unwrap().role, Role::Reader);

    // By TLS, from the writer's address to the reader's.
    on_writer(&spec, "CREATE TABLE words (id INT PRIMARY KEY, word VARCHAR(20))").await;
    on_writer(&spec, "INSERT INTO words VALUES (1, 'whole')").await;
    let mut reader = connect(&spec, &spec.reader).await.unwrap();
    let cipher: (String, String) =
        reader.query_first("SHOW STATUS LIKE 'Ssl_cipher'").await.unwrap().unwrap();
    assert!(!cipher.1.is_empty());
    eventually("the row is read", async || {
        let mut reader = connect(&spec, &spec.reader).await.unwrap();
        number(&mut reader, "SELECT COUNT(*) FROM words").await == 1
    })
    .await;
    let refused = reader.query_drop("INSERT INTO words VALUES (2, 'no')").await.unwrap_err();
    assert!(refused.to_string().contains("read-only"), "{refused}");

    let docker = &world.fixture.docker;
    for (what, writer, heir, limit) in [("killed", "n1", "n2", 5), ("hung", "n2", "n1", 10)] {
        let writing = Writing::start(&spec, what).await;
        sleep(Duration::from_secs(1)).await;
        let container = world.container(&spec, writer);
        match what {
            "killed" => docker.kill(&container).await.unwrap(),
            _ => docker.pause(&container).await.unwrap(),
        }
        let began = Instant::now();
        ready_with(&database, heir).await;
        let whole = began.elapsed();
        sleep(Duration::from_millis(500)).await;
        let (acknowledged, outage) = writing.end().await;
        let rows = acknowledged.len();
        println!("writer {what}: {rows} rows, {outage:.2?} without any, whole after {whole:.1?}");
        assert!(outage < Duration::from_secs(limit), "{outage:?}");
        let mut conn = connect(&spec, &spec.writer).await.unwrap();
        assert_eq!(lost(&mut conn, what, &acknowledged).await, 0, "of {rows}");
        // The old one has them, too.
        eventually("the old writer has all", async || {
            let mut conn = connect_node(&spec, writer).await;
            lost(&mut conn, what, &acknowledged).await == 0
        })
        .await;
    }

    // A replica that dies disturbs nobody.
    let writing = Writing::start(&spec, "alone").await;
    docker.kill(&world.container(&spec, "n2")).await.unwrap();
    sleep(Duration::from_secs(2)).await;
    let mut reader = connect(&spec, &spec.reader).await.unwrap();
    assert_eq!(number(&mut reader, "SELECT @@super_read_only").await, 0, "it is the writer");
    ready_with(&database, "n1").await;
    let (acknowledged, outage) = writing.end().await;
    println!("replica killed: {outage:.2?} without a row");
    assert!(outage < Duration::from_millis(2500), "{outage:?}");
    eventually("the replica has all", async || {
        lost(&mut connect_node(&spec, "n2").await, "alone", &acknowledged).await == 0
    })
    .await;

    // A replica that was written to by mistake gets the writer's data, and nothing else.
    let mistake = b"SET GLOBAL read_only = OFF; CREATE DATABASE mistake;";
    let login = "exec mysql -S /run/infra/mysql.sock -u rdsadmin --password=\"$(sed -n \
         \"s/^ALTER USER 'rdsadmin'@'%' IDENTIFIED BY '\\(.*\\)';/\\1/p\" /run/infra/start.sql \
         | sed \"s/''/'/g\")\"";
    docker.exec(&world.container(&spec, "n2"), &["sh", "-c", login], mistake).await.unwrap();
    let began = Instant::now();
    eventually("the mistake is gone", async || {
        let Ok(mut conn) = connect(&spec, &spec.reader).await else { return false };
        let mistakes = "SELECT COUNT(*) FROM information_schema.schemata \
                        WHERE schema_name = 'mistake' OR @@super_read_only = 0";
        conn.query_first::<u64, _>(mistakes).await.is_ok_and(|mistakes| mistakes == Some(0))
    })
    .await;
    ready_with(&database, "n1").await;
    println!("a replica is copied anew after {:.1?}", began.elapsed());
    let status = database.status().borrow().clone();
    assert!(status.events.iter().any(|event| event.words.contains("a copy of all data")));

    // Without an agent the database serves; the next agent finds all as it was.
    let writing = Writing::start(&spec, "kept").await;
    drop(database);
    sleep(Duration::from_secs(1)).await;
    let began = Instant::now();
    let database = world.start(&spec);
    ready_with(&database, "n1").await;
    println!("a new agent knows all after {:.2?}", began.elapsed());
    assert!(began.elapsed() < Duration::from_secs(5));

    // By request, without an error that a client would not get from any switch.
    assert_eq!(database.failover(None).await.unwrap(), "n2");
    ready_with(&database, "n2").await;
    let (acknowledged, outage) = writing.end().await;
    println!("switched by request: {outage:.2?} without a row");
    assert!(outage < Duration::from_secs(3), "{outage:?}");
    let mut conn = connect(&spec, &spec.writer).await.unwrap();
    assert_eq!(lost(&mut conn, "kept", &acknowledged).await, 0);

    database.remove().await.unwrap();
    assert_eq!(world.left("campus").await, 0);
    world.fixture.end().await;
}

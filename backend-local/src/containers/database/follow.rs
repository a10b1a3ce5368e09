//! How a node comes to follow the writer, and how it takes the writer's place.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{
    ClusterSpec, DatabaseError, NodeSpec, Timing,
    accounts::FOLLOWER,
    backup,
    decide::{self, Join},
    gtid::GtidSet,
    look::Look,
    node::{self, Running},
    sql::{Server, Session, SqlError, text},
};
use crate::containers::docker::Docker;

/// The server shut itself down after a copy, and nobody there starts it again.
const SHUT_DOWN_AFTER_COPY: u16 = 3707;

/// What came of a node that was to follow the writer.
#[derive(Debug)]
pub(super) struct Joined {
    /// How it came to.
    pub(super) how: Join,
    /// What it was started with, if it was started.
    pub(super) running: Option<Running>,
}

/// Makes a node follow the writer; copies all data if it can't otherwise, or is told to.
pub(super) async fn join(
    docker: Docker,
    spec: ClusterSpec,
    node: NodeSpec,
    writer: NodeSpec,
    timing: Timing,
    copies: bool,
) -> Result<Joined, DatabaseError> {
    let patience = timing.statement_patience;
    let mut session = Server::new(&spec, &node).open(patience).await?;
    session.run("refuse writes", "SET GLOBAL super_read_only = ON").await?;
    session.run("stop following", "STOP REPLICA").await?;
    // In this order: what the node has is compared with what the writer has later.
    let own = Look::at(&mut session).await?;
    let mut source = Server::new(&spec, &writer).open(patience).await?;
    let how = decide::join(&own.executed, &Look::at(&mut source).await?);
    source.close().await;
    if how == Join::Follow && !copies {
        follow(&mut session, &spec, &writer).await?;
        session.close().await;
        return Ok(Joined { how: Join::Follow, running: None });
    }
    let name = spec.node_owner(&node.id).name();
    // What it has put away is of a history that ends here.
    backup::forget(&docker, &name, &own.uuid).await?;
    copy(session.patient(timing.copy_patience), &spec, &writer).await?;
    stopped(&docker, &name, &timing).await?;
    let running = node::start(docker.clone(), spec.clone(), node.clone(), timing).await?;
    let mut session = Server::new(&spec, &node).open(patience).await?;
    follow(&mut session, &spec, &writer).await?;
    session.close().await;
    Ok(Joined { how: Join::Copy, running: Some(running) })
}

async fn follow(
    session: &mut Session,
    spec: &ClusterSpec,
    writer: &NodeSpec,
) -> Result<(), SqlError> {
    session.run("forget whom it followed", "RESET REPLICA ALL").await?;
    // Nodes have the names of the endpoints in their certificates: the authority vouches for them.
    let change = format!(
        "CHANGE REPLICATION SOURCE TO SOURCE_HOST = {}, SOURCE_PORT = {}, SOURCE_USER = '{FOLLOWER}', \
         SOURCE_PASSWORD = {}, SOURCE_AUTO_POSITION = 1, SOURCE_SSL = 1, \
         SOURCE_SSL_CA = '/run/infra/authority.pem', SOURCE_SSL_VERIFY_SERVER_CERT = 0, \
         SOURCE_CONNECT_RETRY = 1, SOURCE_RETRY_COUNT = 4294967295, SOURCE_HEARTBEAT_PERIOD = 1",
        text(&writer.address.to_string()),
        super::spec::PORT,
        text(spec.replication_password.expose()),
    );
    session.run("take the writer as its source", &change).await?;
    session.run("follow", "START REPLICA").await
}

/// Copies all data of a node to this one, which shuts down then.
async fn copy(mut session: Session, spec: &ClusterSpec, donor: &NodeSpec) -> Result<(), SqlError> {
    let donor_at = format!("{}:{}", donor.address, super::spec::PORT);
    // Its own data are dropped, which a server that is closed to all refuses. It stays closed to
    // applications (`read_only`).
    session.run("drop its data", "SET GLOBAL super_read_only = OFF").await?;
    let allowed = format!("SET GLOBAL clone_valid_donor_list = {}", text(&donor_at));
    session.run("take a donor", &allowed).await?;
    let clone = format!(
        "CLONE INSTANCE FROM '{FOLLOWER}'@{}:{} IDENTIFIED BY {} REQUIRE SSL",
        text(&donor.address.to_string()),
        super::spec::PORT,
        text(spec.replication_password.expose()),
    );
    match session.run("copy another node", &clone).await {
        Err(error) if error.code() == Some(SHUT_DOWN_AFTER_COPY) => Ok(()),
        // It may shut down before it can say so; whether it has the data is seen once it is back.
        Err(SqlError::Refused { source, .. }) if source.is_fatal() => Ok(()),
        result => result,
    }
}

/// Waits until a container has ended.
async fn stopped(docker: &Docker, name: &str, timing: &Timing) -> Result<(), DatabaseError> {
    let began = Instant::now();
    while docker.see(name).await?.is_some_and(|seen| seen.running) {
        if began.elapsed() >= timing.stop_grace {
            docker.kill(name).await?;
        }
        sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

/// Waits until a node has applied what it has received, and until it has certain transactions. Its
/// source is dead, or takes no writes any more.
pub(super) async fn drain(
    session: &mut Session,
    also: &GtidSet,
    patience: Duration,
) -> Result<(), DatabaseError> {
    const DOING: &str = "apply what it has received";
    let look = Look::at(session).await?;
    if look.replica.as_ref().is_some_and(|replica| !replica.applies) {
        session.run(DOING, "START REPLICA SQL_THREAD").await?;
    }
    let wanted = look.known().union(also);
    if look.executed.contains(&wanted) {
        return Ok(());
    }
    let seconds = patience.as_secs_f64();
    let wait = format!(
        "SELECT WAIT_FOR_EXECUTED_GTID_SET({}, {seconds}) AS late",
        text(&wanted.to_string())
    );
    let late = session.row(DOING, &wait).await?.must("late")?;
    if late == "0" {
        return Ok(());
    }
    let what = "applying what was received".to_owned();
    Err(DatabaseError::TooLong { what, seconds: patience.as_secs() })
}

/// Makes a node the writer: it takes writes from here on. Its source must be dead or closed.
pub(super) async fn open(session: &mut Session) -> Result<(), SqlError> {
    session.run("take writes", "SET GLOBAL super_read_only = OFF").await?;
    session.run("take writes", "SET GLOBAL read_only = OFF").await
}

/// Closes a node: no commit goes through from here on.
pub(super) async fn close(session: &mut Session) -> Result<(), SqlError> {
    session.run("refuse writes", "SET GLOBAL super_read_only = ON").await
}

/// Makes the commits of a writer wait for a replica again. By itself it would begin with the second
/// one after a replica has come.
pub(super) async fn confirm(
    spec: ClusterSpec,
    writer: NodeSpec,
    timing: Timing,
) -> Result<(), DatabaseError> {
    const DOING: &str = "wait for its replicas";
    let mut session = Server::new(&spec, &writer).open(timing.statement_patience).await?;
    session.run(DOING, "SET GLOBAL rpl_semi_sync_source_enabled = OFF").await?;
    session.run(DOING, "SET GLOBAL rpl_semi_sync_source_enabled = ON").await?;
    session.close().await;
    Ok(())
}

/// Makes a writer forget whom it followed. It may wait for a connection to who is dead.
pub(super) async fn forget(
    spec: ClusterSpec,
    node: NodeSpec,
    timing: Timing,
) -> Result<(), DatabaseError> {
    let mut session = Server::new(&spec, &node).open(timing.statement_patience).await?;
    session.run("stop following", "STOP REPLICA").await?;
    session.run("forget whom it followed", "RESET REPLICA ALL").await?;
    session.close().await;
    Ok(())
}

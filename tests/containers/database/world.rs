//! A cluster on a network of its own, and clients of it.

use std::{
    collections::BTreeSet,
    net::Ipv4Addr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use backend_local::containers::{
    database::{ClusterSpec, Database, EndpointSpec, Level, NodeSpec, Sizes, Timing, Tls},
    docker::Labels,
};
use infra_core::Secret;
use mysql_async::{Conn, OptsBuilder, SslOpts, prelude::Queryable as _};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, SanType};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};

use crate::fixture::Fixture;

/// The image that the tests run: the official one, or the one that is built under its name.
const IMAGE: &str = "mysql:8.4";

pub(crate) struct World {
    pub(crate) fixture: Fixture,
    pub(crate) timing: Timing,
}

impl World {
    /// `None`, and says why, if there is no Docker.
    pub(crate) async fn new() -> Option<Self> {
        let fixture = Fixture::new().await?;
        let timing = Timing { stop_grace: Duration::from_secs(20), ..Timing::default() };
        Some(Self { fixture, timing })
    }

    /// A cluster of so many nodes, and the addresses that it lives at. `block` tells its addresses from
    /// those of other clusters.
    pub(crate) async fn spec(&self, id: &str, block: u8, nodes: u8) -> ClusterSpec {
        let endpoint = |part: &'static str, last| async move {
            let address = self.fixture.address(block, last);
            let name = format!("{id}.{part}.example");
            let interface =
                self.fixture.interface(&format!("{id}-{part}"), address, &[&name]).await;
            EndpointSpec { interface, address, port: 3306 }
        };
        let (writer, reader) = (endpoint("writer", 5).await, endpoint("reader", 6).await);
        let mut all = vec![];
        for number in 1..=nodes {
            all.push(self.node(id, block, number).await);
        }
        ClusterSpec {
            account: self.fixture.account.clone(),
            id: id.to_owned(),
            image: IMAGE.to_owned(),
            nodes: all,
            tls: certificate(&[writer.address, reader.address]),
            writer,
            reader,
            database: Some("moodle".to_owned()),
            user: "moodle".to_owned(),
            password: secret("it's a \\ password"),
            admin_password: secret("admin's own"),
            replication_password: secret("of nodes"),
            parameters: std::collections::BTreeMap::new(),
            require_secure_transport: true,
            sizes: Sizes { buffer_pool: 64 << 20, memory: None },
            backup: None,
        }
    }

    pub(crate) async fn node(&self, id: &str, block: u8, number: u8) -> NodeSpec {
        let name = format!("n{number}");
        let address = self.fixture.address(block, 10 + number);
        let interface = self.fixture.interface(&format!("{id}-{name}"), address, &[]).await;
        NodeSpec { id: name, zone: format!("z{number}"), interface, address, tier: number }
    }

    pub(crate) fn start(&self, spec: &ClusterSpec) -> Database {
        Database::start(self.fixture.docker.clone(), spec.clone(), self.timing).unwrap()
    }

    /// The container of a node.
    pub(crate) fn container(&self, spec: &ClusterSpec, node: &str) -> String {
        self.fixture.owner("rds", &spec.id, &format!("node-{node}")).name()
    }

    /// Containers and volumes that there are of a cluster.
    pub(crate) async fn left(&self, id: &str) -> usize {
        let all = Labels::of_thing(&self.fixture.account, "rds", id);
        let containers = self.fixture.docker.find(&all).await.unwrap().len();
        containers + self.fixture.docker.volumes(&all).await.unwrap().len()
    }
}

pub(crate) fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

/// A certificate for addresses, and the authority that vouches for it.
pub(crate) fn certificate(addresses: &[Ipv4Addr]) -> Tls {
    let mut authority = CertificateParams::new(vec![]).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.distinguished_name.push(rcgen::DnType::CommonName, "authority");
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let mut params = CertificateParams::new(vec![]).unwrap();
    params.distinguished_name.push(rcgen::DnType::CommonName, "cluster");
    for address in addresses {
        params.subject_alt_names.push(SanType::IpAddress((*address).into()));
    }
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, &authority).unwrap();
    Tls {
        certificate: certificate.pem(),
        key: Secret::new(key.serialize_pem()),
        authority: authority.pem(),
    }
}

/// A connection of an application, by TLS.
pub(crate) async fn connect(
    spec: &ClusterSpec,
    at: &EndpointSpec,
) -> Result<Conn, mysql_async::Error> {
    open(spec, at.address, Some(at.address)).await
}

/// A connection to a node itself, which has the endpoints' certificate.
pub(crate) async fn connect_node(spec: &ClusterSpec, node: &str) -> Conn {
    let node = spec.nodes.iter().find(|other| other.id == node).unwrap();
    open(spec, node.address, Some(spec.writer.address)).await.unwrap()
}

async fn open(
    spec: &ClusterSpec,
    address: Ipv4Addr,
    name: Option<Ipv4Addr>,
) -> Result<Conn, mysql_async::Error> {
    let tls = SslOpts::default()
        .with_root_certs(vec![spec.tls.authority.clone().into_bytes().into()])
        .with_disable_built_in_roots(true)
        .with_danger_tls_hostname_override(name.map(|name| name.to_string()));
    let opts = OptsBuilder::default()
        .ip_or_hostname(address.to_string())
        .user(Some(&spec.user))
        .pass(Some(spec.password.expose()))
        .db_name(spec.database.clone())
        .ssl_opts(tls)
        .prefer_socket(false);
    // Nobody may have chosen one yet.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match timeout(Duration::from_secs(2), Conn::new(opts)).await {
        Ok(connected) => connected,
        Err(_) => Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into()),
    }
}

/// What a statement says on a new connection to the writer.
pub(crate) async fn on_writer(spec: &ClusterSpec, sql: &str) {
    let mut conn = connect(spec, &spec.writer).await.unwrap();
    conn.query_drop(sql).await.unwrap();
    conn.disconnect().await.unwrap();
}

/// A number that a statement says on a connection.
pub(crate) async fn number(conn: &mut Conn, sql: &str) -> u64 {
    conn.query_first(sql).await.unwrap().unwrap()
}

/// Waits until something is so.
pub(crate) async fn eventually<F: Future<Output = bool>>(what: &str, is: impl Fn() -> F) {
    let began = Instant::now();
    while !is().await {
        assert!(began.elapsed() < Duration::from_secs(60), "it never came to be: {what}");
        sleep(Duration::from_millis(100)).await;
    }
}

/// Waits until the cluster is ready and has this writer.
pub(crate) async fn ready_with(database: &Database, writer: &str) {
    let is = |status: &backend_local::containers::database::ClusterStatus| {
        status.level == Level::Ready && status.writer.as_deref() == Some(writer)
    };
    if let Err(error) = database.until(Duration::from_secs(90), is).await {
        panic!("{error}\n{:#?}", *database.status().borrow());
    }
}

/// A client that writes a row after the other, on whatever connection it can get.
pub(crate) struct Writing {
    ends: Arc<AtomicBool>,
    acknowledged: Arc<Mutex<(BTreeSet<u64>, Duration)>>,
    task: JoinHandle<()>,
}

impl Writing {
    pub(crate) async fn start(spec: &ClusterSpec, table: &str) -> Self {
        on_writer(spec, &format!("CREATE TABLE {table} (id BIGINT PRIMARY KEY)")).await;
        let (ends, acknowledged) = (Arc::<AtomicBool>::default(), Arc::<Mutex<_>>::default());
        let task = write(spec.clone(), table.to_owned(), ends.clone(), acknowledged.clone());
        Self { ends, acknowledged, task: tokio::spawn(task) }
    }

    /// Ends it; says which rows were acknowledged and how long none was at most.
    pub(crate) async fn end(self) -> (BTreeSet<u64>, Duration) {
        self.ends.store(true, Ordering::Relaxed);
        self.task.await.unwrap();
        std::mem::take(&mut *self.acknowledged.lock().unwrap())
    }
}

async fn write(
    spec: ClusterSpec,
    table: String,
    ends: Arc<AtomicBool>,
    acknowledged: Arc<Mutex<(BTreeSet<u64>, Duration)>>,
) {
    let (mut id, mut last, mut conn) = (0, Instant::now(), None);
    while !ends.load(Ordering::Relaxed) {
        let mut open = match conn.take() {
            Some(open) => open,
            None => match connect(&spec, &spec.writer).await {
                Ok(open) => open,
                Err(_) => {
                    sleep(Duration::from_millis(20)).await;
                    continue;
                }
            },
        };
        id += 1;
        let insert = open.query_drop(format!("INSERT INTO {table} VALUES ({id})"));
        if let Ok(Ok(())) = timeout(Duration::from_secs(20), insert).await {
            let mut acknowledged = acknowledged.lock().unwrap();
            acknowledged.0.insert(id);
            acknowledged.1 = acknowledged.1.max(last.elapsed());
            last = Instant::now();
            conn = Some(open);
        }
        sleep(Duration::from_millis(5)).await;
    }
}

/// How many of those rows are not there.
pub(crate) async fn lost(conn: &mut Conn, table: &str, acknowledged: &BTreeSet<u64>) -> usize {
    let there: Vec<u64> = conn.query(format!("SELECT id FROM {table}")).await.unwrap();
    let there: BTreeSet<u64> = there.into_iter().collect();
    acknowledged.difference(&there).count()
}

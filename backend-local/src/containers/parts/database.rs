//! [`Databases`]: clusters of RDS, as MySQL in containers.

mod copies;
mod read;
mod snapshots;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use futures_util::future::try_join_all;
use infra_core::Secret;

use self::read::{Cluster, read};
pub(super) use self::{copies::Handles, snapshots::Snapshots};
use super::{Net, Wanted};
use crate::{
    containers::{
        agent::{
            Failure, Keeper, Kind, Notes, Part, Seen, Surroundings,
            protocol::{Level, PartReport, State, Which},
        },
        authority::Authority,
        database::{
            BackupSpec, ClusterSpec, Database, EndpointSpec, KIND, Level as ClusterLevel, NodeSpec,
            PORT, Role, Sizes, Tls,
        },
        docker::Labels,
        images::Images,
        network::Ports,
    },
    sim::View,
};

/// The image of databases.
const IMAGE: &str = "mysql:8.4";

/// What ids of interfaces of clusters begin with.
const PREFIX: &str = "db-";
/// What of a cluster leads elsewhere.
const ENDPOINTS: [&str; 2] = ["writer", "reader"];

fn interface_of(node: &str) -> String {
    format!("{PREFIX}{node}")
}

fn endpoint_of(cluster: &str, which: &str) -> String {
    format!("{PREFIX}{cluster}-{which}")
}

/// How clusters are made.
struct Clusters {
    net: Arc<Net>,
    authority: Authority,
    images: Images,
    handles: Handles,
}

impl Clusters {
    async fn spec(
        &self,
        around: &Surroundings,
        id: &str,
        wanted: &Cluster,
    ) -> Result<ClusterSpec, Failure> {
        let nodes = try_join_all(wanted.nodes.iter().map(async |node| {
            let address = Wanted {
                id: interface_of(&node.id),
                subnet: node.subnet.clone(),
                address: None,
                names: [node.name.clone()].into(),
                groups: wanted.groups.clone(),
                service: Some(id.to_owned()),
                agent: vec![Ports::one(PORT)],
                endpoint: false,
            };
            let interface = self.net.interface(&address).await?;
            Ok::<_, Failure>(NodeSpec {
                id: node.id.clone(),
                zone: node.subnet.zone.clone(),
                interface: interface.container,
                address: interface.address,
                tier: node.tier,
            })
        }));
        let (nodes, writer, reader) = tokio::try_join!(
            nodes,
            self.endpoint(id, "writer", &wanted.endpoint, wanted),
            self.endpoint(id, "reader", &wanted.reader_endpoint, wanted),
        )?;
        let mut names = vec![wanted.endpoint.clone(), wanted.reader_endpoint.clone()];
        names.extend(wanted.nodes.iter().map(|node| node.name.clone()));
        names.extend([writer.address.to_string(), reader.address.to_string()]);
        names.extend(nodes.iter().map(|node| node.address.to_string()));
        let issued = self.authority.issue(&around.vault, &format!("db-{id}"), &names)?;
        let secret = |property: &str| around.vault.get_or_make(&which(id), property);
        Ok(ClusterSpec {
            account: around.account().to_owned(),
            id: id.to_owned(),
            image: IMAGE.to_owned(),
            nodes,
            writer,
            reader,
            database: wanted.database.clone(),
            user: wanted.user.clone(),
            password: secret(PASSWORD)?,
            admin_password: secret("agent_password")?,
            replication_password: secret("replication_password")?,
            parameters: wanted.parameters.clone(),
            tls: Tls {
                certificate: issued.certificate,
                key: issued.key,
                authority: issued.authority,
            },
            require_secure_transport: false,
            sizes: Sizes::default(),
            backup: Some(BackupSpec { retention: wanted.retention, ..BackupSpec::default() }),
        })
    }

    async fn endpoint(
        &self,
        id: &str,
        which: &str,
        name: &str,
        wanted: &Cluster,
    ) -> Result<EndpointSpec, Failure> {
        let Some(subnet) = wanted.subnets.first() else {
            let message = format!("the subnets of {id} are not there");
            return Err(Failure { message, is_final: false });
        };
        let address = Wanted {
            id: endpoint_of(id, which),
            subnet: subnet.clone(),
            address: None,
            names: [name.to_owned()].into(),
            groups: wanted.groups.clone(),
            service: Some(id.to_owned()),
            agent: vec![Ports::one(PORT)],
            endpoint: true,
        };
        let interface = self.net.interface(&address).await?;
        Ok(EndpointSpec { interface: interface.container, address: interface.address, port: PORT })
    }

    /// Removes the interfaces of nodes that are not wanted any more.
    async fn remove_interfaces(&self, cluster: &str, wanted: &[NodeSpec]) -> Result<(), Failure> {
        let nodes = wanted.iter().map(|node| interface_of(&node.id));
        let but = nodes.chain(ENDPOINTS.map(|which| endpoint_of(cluster, which))).collect();
        self.net.remove_of(cluster, PREFIX, &but).await
    }
}

/// The property with the password of the first user.
const PASSWORD: &str = "master_user_password";

fn which(cluster: &str) -> Which {
    Which { ty: "aws:rds:DbCluster".to_owned(), id: cluster.to_owned() }
}

impl Kind for Clusters {
    type Spec = Cluster;
    /// `None` while it has no instance.
    type Thing = Option<Database>;

    async fn make(
        &self,
        around: &Surroundings,
        id: &str,
        spec: &Cluster,
        notes: &Notes,
    ) -> Result<Option<Database>, Failure> {
        let mut thing = None;
        self.change(around, id, &mut thing, spec, notes).await?;
        Ok(thing)
    }

    async fn change(
        &self,
        around: &Surroundings,
        id: &str,
        thing: &mut Option<Database>,
        spec: &Cluster,
        notes: &Notes,
    ) -> Result<(), Failure> {
        if spec.nodes.is_empty() {
            self.leave_copy(around, id, spec, thing).await?;
            // Its data outlive its instances, as on AWS.
            self.handles.forget(id);
            if let Some(database) = thing.take() {
                database.stop().await;
            }
            for seen in around.docker.find(&Labels::of_thing(around.account(), KIND, id)).await? {
                around.docker.remove(&seen.id).await?;
            }
            return self.remove_interfaces(id, &[]).await;
        }
        self.images.ensure(IMAGE, &|event| notes.image(&event)).await?;
        let wanted = self.spec(around, id, spec).await?;
        let nodes = wanted.nodes.clone();
        match thing {
            Some(database) => database.apply(wanted).await?,
            None => {
                self.forget_copy(around, spec).await?;
                let database = self.begin(around, wanted, spec.origin.as_ref()).await?;
                self.handles.know(id, &database);
                *thing = Some(database);
            }
        }
        self.remove_interfaces(id, &nodes).await
    }

    async fn remove(
        &self,
        around: &Surroundings,
        id: &str,
        thing: Option<Option<Database>>,
    ) -> Result<(), Failure> {
        self.handles.forget(id);
        match thing.flatten() {
            Some(database) => database.remove().await?,
            None => Database::remove_all(&around.docker, around.account(), id).await?,
        }
        self.net.remove_of(id, PREFIX, &BTreeSet::new()).await
    }

    fn see(&self, thing: &Option<Database>) -> Seen {
        let Some(database) = thing else {
            return Seen { state: State::ready(), redundant: true, ..Seen::default() };
        };
        let status = database.status().borrow().clone();
        let level = match status.level {
            ClusterLevel::Ready | ClusterLevel::Degraded => Level::Ready,
            ClusterLevel::Failed => Level::Failed,
            _ => Level::Pending,
        };
        let parts = status.nodes.iter().map(|node| {
            let role = match node.role {
                Role::Writer => "writer",
                Role::Reader => "reader",
                _ => "comes up",
            };
            let lag = node.lag.map(|lag| format!(", {lag} s behind")).unwrap_or_default();
            let well = if node.healthy { "" } else { ", not well" };
            (node.id.clone(), format!("{role} in {}{lag}{well}", node.zone))
        });
        Seen {
            state: State { level, message: status.message.clone(), ..State::default() },
            redundant: status.full_redundancy,
            parts: parts.collect(),
            events: status.events.iter().map(|event| (event.at, event.words.clone())).collect(),
        }
    }

    async fn left(&self, around: &Surroundings) -> Result<Vec<String>, Failure> {
        let labels = Labels::of_kind(around.account(), KIND);
        let mut ids = self.net.services(PREFIX);
        for seen in around.docker.find(&labels).await? {
            ids.extend(seen.owner().map(|owner| owner.id));
        }
        for (_, owner) in around.docker.volumes(&labels).await? {
            ids.insert(owner.id);
        }
        Ok(ids.into_iter().collect())
    }
}

/// Clusters of RDS, as MySQL in containers.
pub(super) struct Databases {
    keeper: Keeper<Clusters>,
    /// Which cluster each instance is of.
    homes: std::sync::Mutex<BTreeMap<String, String>>,
}

impl Databases {
    pub(super) fn new(
        around: &Surroundings,
        net: &Arc<Net>,
        authority: &Authority,
        images: &Images,
        handles: &Handles,
    ) -> Self {
        let clusters = Clusters {
            net: Arc::clone(net),
            authority: authority.clone(),
            images: images.clone(),
            handles: handles.clone(),
        };
        Self { keeper: Keeper::new(clusters, around), homes: std::sync::Mutex::default() }
    }
}

impl Part for Databases {
    fn name(&self) -> &'static str {
        "database"
    }

    fn types(&self) -> &'static [&'static str] {
        &["aws:rds:DbCluster", "aws:rds:DbInstance"]
    }

    fn want(&self, view: &Arc<View>) {
        let clusters = read(view);
        let mut homes = self.homes.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for (id, cluster) in &clusters {
            for node in &cluster.nodes {
                homes.insert(node.id.clone(), id.clone());
            }
        }
        drop(homes);
        self.keeper.want(clusters);
    }

    fn state(&self, which: &Which) -> State {
        if which.ty == "aws:rds:DbCluster" {
            let seen = self.keeper.seen(&which.id);
            // Aurora's clusters are there before their instances are.
            return match seen.state.level {
                Level::Pending if seen.parts.is_empty() => seen.state,
                Level::Pending => State::ready(),
                _ => seen.state,
            };
        }
        let homes = self.homes.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let Some(cluster) = homes.get(&which.id).cloned() else { return State::default() };
        drop(homes);
        let seen = self.keeper.seen(&cluster);
        let own = seen.parts.iter().find(|(id, _)| *id == which.id);
        match (seen.state.level, own) {
            (Level::Failed, _) => seen.state,
            (_, Some((_, how))) if how.ends_with("not well") || how.starts_with("comes up") => {
                State::pending(seen.state.message)
            }
            (_, Some(_)) => State::ready(),
            (Level::Pending, None) => State::pending(seen.state.message),
            (Level::Ready | Level::Gone, None) => State::default(),
        }
    }

    fn report(&self) -> PartReport {
        PartReport { name: self.name().to_owned(), things: self.keeper.reports() }
    }
}

/// The password of a cluster's first user.
pub(super) fn password(
    around: &Surroundings,
    cluster: &str,
) -> Result<Secret<String>, crate::containers::agent::AgentError> {
    around.vault.get_or_make(&which(cluster), PASSWORD)
}

//! What is watched of each part of a site.

use infra_core::{aws::elasticache::ReplicationGroup, prelude::*};

use super::figure::{Bad, Dimensions, Figure};
use crate::{
    App, Backups, Balancer, Caches, Database, DatabaseCapacity, Files, Hosts, Network, connections,
};

const GIB: f64 = 1024.0 * 1024.0 * 1024.0;

/// One thing, of one dimension.
fn one(name: &'static str, value: Output<String>) -> Vec<Dimensions> {
    vec![vec![(name, value)]]
}

/// What people see first.
pub(super) fn balancer(balancer: &Balancer) -> Vec<Figure> {
    const OF: &str = "AWS/ApplicationELB";
    let own = ("LoadBalancer", balancer.metric_name());
    let tasks = vec![vec![("TargetGroup", balancer.tasks_metric_name()), own.clone()]];
    let whole = vec![vec![own]];
    vec![
        Figure::new(
            "tasks-unhealthy",
            (OF, "UnHealthyHostCount"),
            tasks.clone(),
            Bad::Above(0.0),
            "A task does not answer the balancer: look at its logs.",
        )
        .statistic("Maximum"),
        Figure::new(
            "balancer-errors",
            (OF, "HTTPCode_ELB_5XX_Count"),
            whole.clone(),
            Bad::Above(10.0),
            "The balancer finds no task that answers in time: look at tasks and their number.",
        )
        .statistic("Sum")
        .minutes(3, 5),
        Figure::new(
            "site-errors",
            (OF, "HTTPCode_Target_5XX_Count"),
            whole.clone(),
            Bad::Above(10.0),
            "Moodle answers with errors: look at its logs, the database and the caches.",
        )
        .statistic("Sum")
        .minutes(3, 5),
        Figure::new(
            "site-slow",
            (OF, "TargetResponseTime"),
            whole.clone(),
            Bad::Above(2.0),
            "One answer in twenty takes longer than two seconds: look at CPUs, then the database.",
        )
        .statistic("p95"),
        Figure::new(
            "balancer-full",
            (OF, "RejectedConnectionCount"),
            whole,
            Bad::Above(0.0),
            "The balancer has turned people away: ask AWS for more room before the next exam.",
        )
        .statistic("Sum")
        .minutes(1, 5),
    ]
}

/// The tasks, and the instances that they run on.
pub(super) fn tasks(hosts: &Hosts, app: &App) -> Vec<Figure> {
    let cluster = interpolate!("{}", hosts.cluster.cluster_name());
    let of =
        |service: Output<String>| vec![("ClusterName", cluster.clone()), ("ServiceName", service)];
    let web = of(interpolate!("{}", app.service.service_name()));
    let provider = interpolate!("{}", hosts.capacity.name());
    let group = interpolate!("{}", hosts.group.auto_scaling_group_name());
    vec![
        Figure::new(
            "tasks-cpu",
            ("AWS/ECS", "CPUUtilization"),
            vec![web.clone()],
            Bad::Above(85.0),
            "Tasks are busy and no more come: is their maximum reached, or that of the instances?",
        )
        .minutes(10, 10),
        Figure::new(
            "tasks-memory",
            ("AWS/ECS", "MemoryUtilization"),
            vec![web],
            Bad::Above(85.0),
            "Tasks are short of memory: fewer workers of PHP, or more memory for each task.",
        )
        .minutes(10, 10),
        Figure::new(
            "instances-missing",
            ("AWS/ECS/ManagedScaling", "CapacityProviderReservation"),
            vec![vec![("ClusterName", cluster.clone()), ("CapacityProviderName", provider)]],
            Bad::Above(100.0),
            "Tasks wait for instances that do not come: the quota, the maximum of the group, or AWS \
             has none of the type.",
        )
        .minutes(15, 15),
        Figure::new(
            "instances-in-service",
            ("AWS/AutoScaling", "GroupInServiceInstances"),
            one("AutoScalingGroupName", group),
            Bad::Below(1.0),
            "No instance is in service.",
        )
        .statistic("Minimum")
        .minutes(3, 3)
        .silence_is_bad(),
    ]
}

/// The database.
pub(super) fn database(database: &Database) -> Vec<Figure> {
    const OF: &str = "AWS/RDS";
    let cluster = interpolate!("{}", database.cluster.db_cluster_identifier());
    let whole = one("DBClusterIdentifier", cluster.clone());
    let writer =
        vec![vec![("DBClusterIdentifier", cluster), ("Role", interpolate!("{}", "WRITER"))]];
    let mut figures = vec![
        Figure::new(
            "database-cpu",
            (OF, "CPUUtilization"),
            writer.clone(),
            Bad::Above(80.0),
            "The machine that writes is busy: look at slow statements, then give it more.",
        )
        .minutes(10, 10),
        Figure::new(
            "database-memory",
            (OF, "FreeableMemory"),
            writer.clone(),
            Bad::Below(GIB),
            "The machine that writes is short of memory: give it more.",
        )
        .minutes(10, 10),
        Figure::new(
            "database-disk",
            (OF, "FreeLocalStorage"),
            writer.clone(),
            Bad::Below(5.0 * GIB),
            "Temporary tables fill the machine's own disk: look for large reports.",
        )
        .minutes(10, 10),
        Figure::new(
            "database-deadlocks",
            (OF, "Deadlocks"),
            writer.clone(),
            Bad::Above(1.0),
            "Statements block each other: look for what was changed lately.",
        ),
    ];
    if let Some(most) = connections::of(&database.capacity) {
        let figure = Figure::new(
            "database-connections",
            (OF, "DatabaseConnections"),
            writer,
            Bad::Above(f64::from(most) * 0.8),
            "Four fifths of the connections are in use: fewer workers, or a larger machine.",
        );
        figures.push(figure.statistic("Maximum"));
    }
    if database.instances.len() > 1 {
        figures.push(Figure::new(
            "database-lag",
            (OF, "AuroraReplicaLagMaximum"),
            whole,
            Bad::Above(1000.0),
            "A machine that stands by is more than a second behind: a failover would take longer.",
        ));
    }
    if let DatabaseCapacity::Serverless { .. } = database.capacity {
        figures.retain(|figure| figure.name != "database-memory");
    }
    figures
}

/// Both caches.
pub(super) fn caches(caches: &Caches) -> Vec<Figure> {
    const OF: &str = "AWS/ElastiCache";
    let nodes = |group: &ReplicationGroup| -> Vec<Dimensions> {
        let id = group.replication_group_id();
        (1..=caches.nodes)
            .map(|node| vec![("CacheClusterId", interpolate!("{id}-00{node}"))])
            .collect()
    };
    let (sessions, store) = (nodes(&caches.sessions.group), nodes(&caches.store.group));
    let both: Vec<Dimensions> = sessions.iter().chain(&store).cloned().collect();
    let mut figures = vec![
        Figure::new(
            "caches-cpu",
            (OF, "EngineCPUUtilization"),
            both.clone(),
            Bad::Above(85.0),
            "A cache works at its limit, which is one CPU: larger nodes.",
        ),
        Figure::new(
            "caches-memory",
            (OF, "DatabaseMemoryUsagePercentage"),
            sessions.clone(),
            Bad::Above(80.0),
            "Sessions fill their cache, and none is given up: new logins will fail. Larger nodes.",
        ),
        Figure::new(
            "sessions-evicted",
            (OF, "Evictions"),
            sessions,
            Bad::Above(0.0),
            "Sessions were thrown away: people were logged out.",
        )
        .statistic("Sum")
        .minutes(1, 5),
    ];
    if caches.nodes > 1 {
        figures.push(
            Figure::new(
                "caches-lag",
                (OF, "ReplicationLag"),
                both,
                Bad::Above(5.0),
                "A node that stands by is behind: a failover would lose what it does not have.",
            )
            .statistic("Maximum"),
        );
    }
    figures
}

/// The shared files.
pub(super) fn files(files: &Files) -> Vec<Figure> {
    match files {
        Files::Efs(efs) => {
            let id = interpolate!("{}", efs.file_system.file_system_id());
            let figure = Figure::new(
                "files-busy",
                ("AWS/EFS", "PercentIOLimit"),
                one("FileSystemId", id),
                Bad::Above(95.0),
                "The shared files work at their limit: what reads or writes so much?",
            );
            vec![figure.minutes(15, 15)]
        }
        Files::Gluster(gluster) => {
            let nodes = gluster.nodes.iter();
            let of = nodes.map(|node| vec![("InstanceId", interpolate!("{}", node.instance_id()))]);
            let figure = Figure::new(
                "files-node-lost",
                ("AWS/EC2", "StatusCheckFailed"),
                of.collect(),
                Bad::Above(0.0),
                "A machine that keeps the files has failed: the other two go on. Replace it.",
            );
            vec![figure.statistic("Maximum").minutes(3, 5).silence_is_bad()]
        }
    }
}

/// What is private reaches the internet.
pub(super) fn nat(network: &Network) -> Vec<Figure> {
    let gateways = network.zones.iter().filter_map(|zone| zone.nat);
    let of: Vec<Dimensions> = gateways
        .map(|nat| vec![("NatGatewayId", interpolate!("{}", nat.nat_gateway_id()))])
        .collect();
    let figure = |name, metric, means| {
        Figure::new(name, ("AWS/NATGateway", metric), of.clone(), Bad::Above(0.0), means)
            .statistic("Sum")
    };
    vec![
        figure(
            "nat-ports",
            "ErrorPortAllocation",
            "NAT has no port left for a connection: what opens so many to one place?",
        ),
        figure("nat-drops", "PacketsDropCount", "NAT drops packets: tell AWS, if it goes on."),
    ]
}

/// The backups.
pub(super) fn backups(backups: &Backups) -> Vec<Figure> {
    let vault = interpolate!("{}", backups.vault.backup_vault_name());
    let figure = Figure::new(
        "backup-failed",
        ("AWS/Backup", "NumberOfBackupJobsFailed"),
        one("BackupVaultName", vault),
        Bad::Above(0.0),
        "A backup failed: the last good one is a day old, and gets older.",
    );
    vec![figure.statistic("Sum").minutes(1, 5)]
}

//! Accounts: who logs in to the nodes.
//!
//! Those of the agent are made anew at each start of a node, from a file in memory, and are no part of
//! what nodes tell each other; that of applications is made on the writer and replicated.

use super::{ClusterSpec, sql::text};

/// The agent.
pub(super) const ADMIN: &str = "rdsadmin";
/// Nodes that follow others, or copy them.
pub(super) const FOLLOWER: &str = "rdsrepladmin";

/// Names that no user of an application has.
pub(super) const RESERVED: &[&str] =
    &[ADMIN, FOLLOWER, "root", "mysql.infoschema", "mysql.session", "mysql.sys"];

/// What the user of applications may do: everything that touches no server, as on RDS.
const MAY: &str = "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, \
     ALTER, SHOW DATABASES, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, REPLICATION SLAVE, \
     REPLICATION CLIENT, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, \
     TRIGGER, CREATE ROLE, DROP ROLE";

/// What a node runs at each start, one statement a line: nothing of it is replicated.
pub(super) fn at_start(spec: &ClusterSpec) -> String {
    let admin = text(spec.admin_password.expose());
    let follower = text(spec.replication_password.expose());
    let mut lines = vec!["SET SESSION sql_log_bin = 0;".to_owned()];
    for (user, password, rest) in [(ADMIN, &admin, ""), (FOLLOWER, &follower, " REQUIRE SSL")] {
        lines.push(format!("CREATE USER IF NOT EXISTS '{user}'@'%' IDENTIFIED BY {password};"));
        lines.push(format!("ALTER USER '{user}'@'%' IDENTIFIED BY {password}{rest};"));
    }
    lines.push(format!("GRANT ALL ON *.* TO '{ADMIN}'@'%' WITH GRANT OPTION;"));
    lines.push(format!("GRANT REPLICATION SLAVE, BACKUP_ADMIN ON *.* TO '{FOLLOWER}'@'%';"));
    // Nobody logs in as root.
    lines.push(format!(
        "ALTER USER IF EXISTS 'root'@'localhost' IDENTIFIED BY {admin} ACCOUNT LOCK;"
    ));
    lines.join("\n") + "\n"
}

/// What makes the user of applications what it is to be, on the writer.
pub(super) fn of_applications(spec: &ClusterSpec) -> Vec<String> {
    let (user, password) = (text(&spec.user), text(spec.password.expose()));
    vec![
        format!("CREATE USER IF NOT EXISTS {user}@'%' IDENTIFIED BY {password}"),
        format!("ALTER USER {user}@'%' IDENTIFIED BY {password}"),
        format!("GRANT {MAY} ON *.* TO {user}@'%' WITH GRANT OPTION"),
    ]
}

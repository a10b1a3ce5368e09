//! [`Options`]: what a node is told at its start, as files in its memory.

use std::collections::BTreeMap;

use super::{
    ClusterSpec, NodeSpec, Timing, accounts,
    parameters::{self, Applies},
};

/// The folder of those files, and of the socket.
pub(super) const FOLDER: &str = "/run/infra";
/// Where a node's volume is. Its data are in a folder of it.
pub(super) const HOME: &str = "/var/lib/mysql";
/// Where the cluster's volume for what is put away is.
pub(super) const BACKUP: &str = "/var/lib/infra-backup";

/// What a node runs: it waits for its files, makes data if it has none, and becomes MySQL. Data are
/// made beside and moved when they are whole: a start that is cut short leaves none, so that nothing has to
/// reach the disk before.
pub(super) const PROGRAM: &str = "\
set -e
until [ -e /run/infra/ready ]; do sleep 0.05; done
chown mysql /var/lib/infra-backup
if [ ! -d /var/lib/mysql/data ]; then
  rm -rf /var/lib/mysql/new
  install -d -o mysql -g mysql /var/lib/mysql/new
  mysqld --no-defaults --initialize-insecure --user=mysql --datadir=/var/lib/mysql/new \\
    --innodb-buffer-pool-size=32M --skip-log-bin --innodb-doublewrite=OFF \\
    --innodb-flush-method=nosync --innodb-flush-log-at-trx-commit=0 --innodb-use-native-aio=OFF
  sync
  mv /var/lib/mysql/new /var/lib/mysql/data
fi
exec mysqld --defaults-file=/run/infra/my.cnf --user=mysql
";

/// The settings of a node, by the names of MySQL's options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Options {
    /// What every node of the kind has.
    fixed: Vec<(String, String)>,
    /// What the parameter group says, by the parameters' names.
    parameters: BTreeMap<String, String>,
}

/// What stands above the parameters in the file.
const PARAMETERS: &str = "# parameters";

impl Options {
    /// Those of a node.
    pub(super) fn new(spec: &ClusterSpec, node: &NodeSpec, timing: &Timing) -> Self {
        // Addresses are unique in a network, and so are their numbers.
        let server_id = u32::from(node.address).to_string();
        let replica_patience = timing.replica_patience.as_millis().to_string();
        let pool = spec.sizes.buffer_pool.to_string();
        let secure = if spec.require_secure_transport { "ON" } else { "OFF" };
        let fixed = [
            ("datadir", "/var/lib/mysql/data"),
            ("socket", "/run/infra/mysql.sock"),
            ("pid-file", "/run/infra/mysqld.pid"),
            ("init-file", "/run/infra/start.sql"),
            ("ssl-ca", "/run/infra/authority.pem"),
            ("ssl-cert", "/run/infra/certificate.pem"),
            ("ssl-key", "/run/infra/key.pem"),
            ("server-id", server_id.as_str()),
            ("report-host", node.id.as_str()),
            ("skip-name-resolve", "ON"),
            ("mysqlx", "OFF"),
            // Nobody is a writer who was not made one since its start.
            ("read-only", "ON"),
            ("super-read-only", "ON"),
            ("skip-replica-start", "ON"),
            ("gtid-mode", "ON"),
            ("enforce-gtid-consistency", "ON"),
            ("log-bin", "binlog"),
            ("max-binlog-size", "64M"),
            ("binlog-expire-logs-seconds", "259200"),
            ("relay-log", "relay"),
            ("replica-net-timeout", "4"),
            ("replica-preserve-commit-order", "ON"),
            ("plugin-load-add", "semisync_source.so"),
            ("plugin-load-add", "semisync_replica.so"),
            ("plugin-load-add", "mysql_clone.so"),
            ("rpl-semi-sync-source-enabled", "ON"),
            ("rpl-semi-sync-replica-enabled", "ON"),
            ("rpl-semi-sync-source-timeout", replica_patience.as_str()),
            // Else one without any replica waits, too.
            ("rpl-semi-sync-source-wait-no-replica", "OFF"),
            ("loose-clone-ddl-timeout", "60"),
            // Defaults that parameters may change.
            ("innodb-buffer-pool-size", pool.as_str()),
            ("innodb-flush-log-at-trx-commit", "1"),
            ("sync-binlog", "1"),
            ("performance-schema", "OFF"),
            ("max-connections", "300"),
            ("require-secure-transport", secure),
        ];
        let fixed = fixed.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self { fixed: fixed.into(), parameters: spec.parameters.clone() }
    }

    /// As MySQL reads it.
    pub(super) fn file(&self) -> String {
        let mut lines = vec!["[mysqld]".to_owned()];
        lines.extend(self.fixed.iter().map(|(name, value)| format!("{name}={value}")));
        lines.push(PARAMETERS.to_owned());
        for (name, value) in &self.parameters {
            let value = value.replace('\\', "\\\\").replace('"', "\\\"");
            match parameters::option(name) {
                Some(option) => lines.push(format!("{option}=\"{value}\"")),
                // It is set on the running server, and remembered here.
                None => lines.push(format!("#{name}=\"{value}\"")),
            }
        }
        lines.join("\n") + "\n"
    }

    /// The ones that a running node was started with.
    pub(super) fn parse(file: &str) -> Self {
        let mut options = Self::default();
        let mut parameters = false;
        for line in file.lines() {
            if line == PARAMETERS {
                parameters = true;
                continue;
            }
            let Some((name, value)) = line.split_once('=') else { continue };
            if !parameters {
                options.fixed.push((name.to_owned(), value.to_owned()));
                continue;
            }
            let name = name.trim_start_matches('#').replace("default_time_zone", "time_zone");
            let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
            let value = value.unwrap_or_default().replace("\\\"", "\"").replace("\\\\", "\\");
            options.parameters.insert(name, value);
        }
        options
    }

    /// Whether a node that was started with others has to be started again.
    pub(super) fn needs_restart(&self, running: &Self) -> bool {
        self.fixed != running.fixed
            || self
                .changed(running)
                .any(|(name, _)| parameters::applies(name) != Some(Applies::AtOnce))
    }

    /// What differs from a running node's and holds at once: a value, or `None` for the default.
    pub(super) fn at_once<'a>(
        &'a self,
        running: &'a Self,
    ) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
        let at_once = |(name, _): &(&str, _)| parameters::applies(name) == Some(Applies::AtOnce);
        self.changed(running).filter(at_once)
    }

    fn changed<'a>(
        &'a self,
        running: &'a Self,
    ) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
        let set = self
            .parameters
            .iter()
            .filter(|(name, value)| running.parameters.get(*name) != Some(*value));
        let set = set.map(|(name, value)| (name.as_str(), Some(value.as_str())));
        let gone = running.parameters.keys().filter(|name| !self.parameters.contains_key(*name));
        set.chain(gone.map(|name| (name.as_str(), None)))
    }

    /// What the parameter group says.
    pub(super) fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// What a parameter is where the group does not say it.
    pub(super) fn default_of(&self, parameter: &str) -> Option<&str> {
        let option = parameter.replace('_', "-");
        self.fixed.iter().find(|(name, _)| *name == option).map(|(_, value)| value.as_str())
    }

    /// With what holds at once as it is here, and the rest as a running node has it.
    pub(super) fn without_restart(&self, running: &Self) -> Self {
        let mut applied = running.clone();
        let changes: Vec<_> = self.at_once(running).collect();
        for (name, value) in changes {
            match value {
                Some(value) => applied.parameters.insert(name.to_owned(), value.to_owned()),
                None => applied.parameters.remove(name),
            };
        }
        applied
    }
}

/// The files of a node: name, text.
pub(super) fn files(spec: &ClusterSpec, options: &Options) -> Vec<(&'static str, String)> {
    vec![
        ("my.cnf", options.file()),
        ("start.sql", accounts::at_start(spec)),
        ("authority.pem", spec.tls.authority.clone()),
        ("certificate.pem", spec.tls.certificate.clone()),
        ("key.pem", spec.tls.key.expose().clone()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(parameters: &[(&str, &str)]) -> Options {
        let parameters =
            parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let fixed = vec![("max-connections".to_owned(), "300".to_owned())];
        Options { fixed, parameters: parameters.collect() }
    }

    #[test]
    fn what_a_node_runs_with_is_read_again() {
        let options = options(&[
            ("time_zone", "+01:00"),
            ("init_connect", r#"SET @a = "x\y""#),
            ("collation_connection", "utf8mb4_bin"),
        ]);
        assert!(options.file().contains("default_time_zone=\"+01:00\""));
        assert_eq!(Options::parse(&options.file()), options);
    }

    #[test]
    fn some_changes_hold_at_once_and_some_after_a_restart() {
        let running = options(&[("long_query_time", "2"), ("thread_stack", "1M")]);
        let wanted = options(&[("max_connections", "50"), ("thread_stack", "1M")]);
        assert!(!wanted.needs_restart(&running));
        let changes: Vec<_> = wanted.at_once(&running).collect();
        assert_eq!(changes, [("max_connections", Some("50")), ("long_query_time", None)]);
        assert_eq!(wanted.without_restart(&running), wanted);

        let wanted = options(&[("long_query_time", "3"), ("thread_stack", "2M")]);
        assert!(wanted.needs_restart(&running));
        let applied = wanted.without_restart(&running);
        assert_eq!(applied, options(&[("long_query_time", "3"), ("thread_stack", "1M")]));
        assert!(wanted.needs_restart(&applied));
    }

    #[test]
    fn a_default_of_ours_is_known() {
        assert_eq!(options(&[]).default_of("max_connections"), Some("300"));
        assert_eq!(options(&[]).default_of("long_query_time"), None);
    }
}

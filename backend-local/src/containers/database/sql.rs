//! [`Server`] and [`Session`]: MySQL as the manager talks to it. Nothing waits without end.

use std::{net::SocketAddrV4, time::Duration};

use mysql_async::{
    Conn, Error as ClientError, Opts, OptsBuilder, Row, SslOpts, prelude::Queryable as _,
};
use rustls::crypto::aws_lc_rs;
use tokio::time::timeout;

use super::{ClusterSpec, NodeSpec, accounts::ADMIN};

/// Why MySQL does not do what it is told. What is told may be secret: it is not said.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SqlError {
    /// It did not answer in time.
    #[error("{node} did not answer within {} ms when it was to {doing}", patience.as_millis())]
    Silent {
        /// The node.
        node: String,
        /// What it was to do.
        doing: &'static str,
        /// How long was waited.
        patience: Duration,
    },
    /// It refused, or the connection broke.
    #[error("{node} can't {doing}")]
    Refused {
        /// The node.
        node: String,
        /// What it was to do.
        doing: &'static str,
        /// What it said.
        source: Box<ClientError>,
    },
    /// It said something else than it was asked.
    #[error("{node} said no `{field}` when it was to {doing}")]
    Nonsense {
        /// The node.
        node: String,
        /// What it was to do.
        doing: &'static str,
        /// What was missing.
        field: &'static str,
    },
}

impl SqlError {
    /// MySQL's number of the error, if it said one.
    #[must_use]
    pub fn code(&self) -> Option<u16> {
        match self {
            Self::Refused { source, .. } => match source.as_ref() {
                ClientError::Server(error) => Some(error.code),
                _ => None,
            },
            Self::Silent { .. } | Self::Nonsense { .. } => None,
        }
    }
}

/// Text within quotes of SQL.
pub(super) fn text(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

/// A name within quotes of SQL.
pub(super) fn name(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// Where a node is, and who logs in.
#[derive(Clone)]
pub(super) struct Server {
    node: String,
    opts: Opts,
}

impl Server {
    /// A node, as the agent.
    pub(super) fn new(spec: &ClusterSpec, node: &NodeSpec) -> Self {
        let password = spec.admin_password.expose();
        Self::with(spec, &node.id, node.socket(), ADMIN, password)
    }

    /// A node, as the user of applications.
    pub(super) fn of_applications(spec: &ClusterSpec, node: &NodeSpec) -> Self {
        Self::with(spec, &node.id, node.socket(), &spec.user, spec.password.expose())
    }

    fn with(
        spec: &ClusterSpec,
        node: &str,
        address: SocketAddrV4,
        user: &str,
        password: &str,
    ) -> Self {
        let authority = spec.tls.authority.clone().into_bytes();
        // A node has the certificate of the cluster, which has the writer's address in it.
        let tls = SslOpts::default()
            .with_root_certs(vec![authority.into()])
            .with_disable_built_in_roots(true)
            .with_danger_tls_hostname_override(Some(spec.writer.address.to_string()));
        let opts = OptsBuilder::default()
            .ip_or_hostname(address.ip().to_string())
            .tcp_port(address.port())
            .user(Some(user))
            .pass(Some(password))
            .ssl_opts(tls)
            .prefer_socket(false)
            .stmt_cache_size(0)
            // It would ask for both otherwise.
            .max_allowed_packet(Some(16 << 20))
            .wait_timeout(Some(28_800));
        Self { node: node.to_owned(), opts: opts.into() }
    }

    /// Logs in.
    ///
    /// MySQL's client takes the cryptography that the process has chosen. Where it has chosen none and
    /// there are two of them, the balancer's and that of AWS's SDK, it would not know which.
    pub(super) async fn open(&self, patience: Duration) -> Result<Session, SqlError> {
        let node = self.node.clone();
        let doing = "let the manager in";
        // Whoever has chosen before has chosen well.
        let _ = aws_lc_rs::default_provider().install_default();
        match timeout(patience, Conn::new(self.opts.clone())).await {
            Ok(Ok(conn)) => Ok(Session { node, conn, patience }),
            Ok(Err(source)) => Err(SqlError::Refused { node, doing, source: Box::new(source) }),
            Err(_) => Err(SqlError::Silent { node, doing, patience }),
        }
    }
}

/// A connection to a node.
pub(super) struct Session {
    node: String,
    conn: Conn,
    patience: Duration,
}

impl Session {
    /// With another patience for what follows.
    pub(super) fn patient(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Tells it something.
    pub(super) async fn run(&mut self, doing: &'static str, sql: &str) -> Result<(), SqlError> {
        let (node, patience) = (self.node.clone(), self.patience);
        match timeout(patience, self.conn.query_drop(sql)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(source)) => Err(SqlError::Refused { node, doing, source: Box::new(source) }),
            Err(_) => Err(SqlError::Silent { node, doing, patience }),
        }
    }

    /// Asks it something; each row by the names of its fields.
    pub(super) async fn rows(
        &mut self,
        doing: &'static str,
        sql: &str,
    ) -> Result<Vec<Fields>, SqlError> {
        let (node, patience) = (self.node.clone(), self.patience);
        let rows: Vec<Row> = match timeout(patience, self.conn.query(sql)).await {
            Ok(Ok(rows)) => rows,
            Ok(Err(source)) => {
                return Err(SqlError::Refused { node, doing, source: Box::new(source) });
            }
            Err(_) => return Err(SqlError::Silent { node, doing, patience }),
        };
        Ok(rows.into_iter().map(|row| Fields { node: node.clone(), doing, row }).collect())
    }

    /// Asks it something that has one answer.
    pub(super) async fn row(&mut self, doing: &'static str, sql: &str) -> Result<Fields, SqlError> {
        let node = self.node.clone();
        let row = self.rows(doing, sql).await?.into_iter().next();
        row.ok_or(SqlError::Nonsense { node, doing, field: "row" })
    }

    /// Ends it.
    pub(super) async fn close(self) {
        // That it is not there any more to be told so is no loss.
        let _ = timeout(Duration::from_secs(1), self.conn.disconnect()).await;
    }
}

/// A row.
pub(super) struct Fields {
    node: String,
    doing: &'static str,
    row: Row,
}

impl Fields {
    /// A field as text; `None` if it is NULL or not there.
    pub(super) fn get(&self, field: &str) -> Option<String> {
        self.row.get_opt::<Option<String>, _>(field)?.ok().flatten()
    }

    /// A field that must be there.
    pub(super) fn must(&self, field: &'static str) -> Result<String, SqlError> {
        let (node, doing) = (self.node.clone(), self.doing);
        self.get(field).ok_or(SqlError::Nonsense { node, doing, field })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_its_quotes() {
        assert_eq!(text(r"it's \n"), r"'it''s \\n'");
        assert_eq!(name("a`b"), "`a``b`");
    }
}

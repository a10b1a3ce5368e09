//! What is special about a parameter group of clusters: its family, and what can be a parameter.

use infra_core::{aws::rds, dsl::ResourceType, schema::TypeDef};

use super::aurora;
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&DbClusterParameterGroup];

const CODES: Codes = Codes {
    not_found: "DBParameterGroupNotFound",
    not_ready: "InvalidDBParameterGroupState",
    exists: "DBParameterGroupAlreadyExists",
    in_use: "InvalidDBParameterGroupState",
    quota: "DBParameterGroupQuotaExceeded",
};

/// Parameters whose values are words. Of the others, hundreds for each version, AWS knows more
/// than is written here.
const WORDS: [(&str, &[&str]); 5] = [
    ("binlog_format", &["OFF", "ROW", "STATEMENT", "MIXED"]),
    ("innodb_file_per_table", &["0", "1", "OFF", "ON"]),
    ("require_secure_transport", &["0", "1", "OFF", "ON"]),
    ("server_audit_logging", &["0", "1", "OFF", "ON"]),
    ("tls_version", &["TLSv1.2", "TLSv1.3", "TLSv1.2,TLSv1.3"]),
];

struct DbClusterParameterGroup;

impl Special for DbClusterParameterGroup {
    fn ty(&self) -> &'static TypeDef {
        rds::DbClusterParameterGroup::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "DB cluster parameter groups", adjustable.
        Some(50)
    }

    /// `default.aurora-mysql8.4` and the like, which AWS makes for each family.
    fn is_always_there(&self, id: &str) -> bool {
        id.strip_prefix(aurora::DEFAULT_GROUP).is_some_and(aurora::knows_family)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        aurora::check_identifier("db_cluster_parameter_group_name", asked.id)?;
        if let Some(family) = asked.get(rds::DbClusterParameterGroup::FAMILY) {
            aurora::check_family(&family)?;
        }
        let parameters = asked.get(rds::DbClusterParameterGroup::PARAMETERS).unwrap_or_default();
        parameters.iter().try_for_each(|(name, value)| check_parameter(name, value))
    }
}

/// Whether a parameter can have a value.
pub(super) fn check_parameter(name: &str, value: &str) -> Result<(), Refusal> {
    let refused = |message| Err(Refusal::invalid("parameters", aurora::INVALID, message));
    let fits = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b'-');
    if name.is_empty() || !name.bytes().all(fits) {
        return refused(format!(
            "`parameters` {name:?} is no parameter; they are written like `max_connections`"
        ));
    }
    if value.is_empty() {
        return refused(format!(
            "`parameters.{name}` is empty; leave the parameter out to have the family's value"
        ));
    }
    let words = WORDS.into_iter().find(|(known, _)| *known == name).map(|(_, words)| words);
    if let Some(words) = words.filter(|words| !words.contains(&value)) {
        let words = words.join(", ");
        return refused(format!("`parameters.{name}` {value} must be one of {words}"));
    }
    Ok(())
}

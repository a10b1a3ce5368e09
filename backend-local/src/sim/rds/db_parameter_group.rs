//! What is special about a parameter group of instances: its family, and what is the cluster's to
//! say.

use infra_core::{aws::rds, dsl::ResourceType, schema::TypeDef};

use super::{aurora, db_cluster_parameter_group::check_parameter};
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&DbParameterGroup];

const CODES: Codes = Codes {
    not_found: "DBParameterGroupNotFound",
    not_ready: "InvalidDBParameterGroupState",
    exists: "DBParameterGroupAlreadyExists",
    in_use: "InvalidDBParameterGroupState",
    quota: "DBParameterGroupQuotaExceeded",
};

/// Parameters that hold for all instances of a cluster. AWS knows more than is written here.
const OF_THE_CLUSTER: [&str; 8] = [
    "binlog_format",
    "innodb_file_per_table",
    "lower_case_table_names",
    "require_secure_transport",
    "server_audit_events",
    "server_audit_logging",
    "time_zone",
    "tls_version",
];

struct DbParameterGroup;

impl Special for DbParameterGroup {
    fn ty(&self) -> &'static TypeDef {
        rds::DbParameterGroup::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Parameter groups", adjustable.
        Some(50)
    }

    /// `default.aurora-mysql8.4` and the like, which AWS makes for each family.
    fn is_always_there(&self, id: &str) -> bool {
        id.strip_prefix(aurora::DEFAULT_GROUP).is_some_and(aurora::knows_family)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        aurora::check_identifier("db_parameter_group_name", asked.id)?;
        if let Some(family) = asked.get(rds::DbParameterGroup::FAMILY) {
            aurora::check_family(&family)?;
        }
        let parameters = asked.get(rds::DbParameterGroup::PARAMETERS).unwrap_or_default();
        if let Some(name) = parameters.keys().find(|name| OF_THE_CLUSTER.contains(&name.as_str())) {
            let message = format!(
                "`parameters.{name}` holds for a whole cluster: it belongs into its \
                 DbClusterParameterGroup"
            );
            return Err(Refusal::invalid("parameters", aurora::INVALID, message));
        }
        parameters.iter().try_for_each(|(name, value)| check_parameter(name, value))
    }
}

//! The case of `aws:rds:DbClusterSnapshot`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{aws::rds::DbClusterSnapshot, prelude::*};

use super::aurora::cluster;

pub(crate) const CASES: &[Case] = &[Case {
    ty: DbClusterSnapshot::definition,
    build: |stack, v| {
        let [one, other] = ["one", "other"].map(|name| cluster(stack, name).create(stack));
        DbClusterSnapshot::named("subject")
            .db_cluster_identifier(v.pick("db_cluster_identifier", &one, &other))
            .db_cluster_snapshot_identifier(v.pick(
                "db_cluster_snapshot_identifier",
                "before-5-2",
                "before-5-3",
            ))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "db_cluster_snapshot_identifier",
            build: |stack| {
                DbClusterSnapshot::named("subject")
                    .db_cluster_identifier(&cluster(stack, "one").create(stack))
                    .db_cluster_snapshot_identifier("before--5-2")
                    .create(stack);
            },
            says: "single hyphens alone",
        },
        Refused {
            property: "db_cluster_identifier",
            build: |stack| {
                DbClusterSnapshot::named("subject").db_cluster_identifier("nowhere").create(stack);
            },
            says: "the DbCluster `nowhere` does not exist",
        },
    ],
    fixed: &[],
    // CloudFormation can't make snapshots.
    cfn: Cfn { name: "", differs: &[], renamed: &[] },
}];

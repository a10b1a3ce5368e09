//! What AWS Backup keeps copies of.

use crate::props;

/// A kind of resource of which AWS Backup can restore a copy to test it.
#[props]
pub enum ProtectedResourceType {
    /// Clusters of Aurora.
    #[prop("Aurora")]
    Aurora,
    /// Clusters of DocumentDB.
    #[prop("DocumentDB")]
    DocumentDb,
    /// Tables of DynamoDB.
    #[prop("DynamoDB")]
    DynamoDb,
    /// Volumes.
    #[prop("EBS")]
    Ebs,
    /// Machines.
    #[prop("EC2")]
    Ec2,
    /// File systems of EFS.
    #[prop("EFS")]
    Efs,
    /// File systems of FSx.
    #[prop("FSx")]
    Fsx,
    /// Clusters of Neptune.
    #[prop("Neptune")]
    Neptune,
    /// Databases of RDS.
    #[prop("RDS")]
    Rds,
    /// Buckets.
    #[prop("S3")]
    S3,
}

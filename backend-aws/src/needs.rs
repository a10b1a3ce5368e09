//! What the files of the types write their tables of needs with: a line for each action, with the
//! phases that ask for it and what it is about.
//!
//! The table of a type holds what its own calls need, by the names that IAM has for them, and what
//! AWS does in the caller's name: tags at creation, roles that are passed on, roles of services
//! that are made, keys that are used. What takes a name of the program is narrowed to that name;
//! what gets its id from AWS, by the tag of ownership where it has that from its creation
//! (`ours`).

pub(crate) use infra_core::handler::{Need, On, Phases, When};

/// The table of a type.
pub(crate) type Needs = &'static [Need];

pub(crate) const CREATE: Phases = Phases::CREATE;
pub(crate) const UPDATE: Phases = Phases::UPDATE;
pub(crate) const READ: Phases = Phases::READ;
pub(crate) const DELETE: Phases = Phases::DELETE;
pub(crate) const LIST: Phases = Phases::LIST;

/// The thing itself.
pub(crate) const OWN: &[On] = &[On::Own];

/// The things of EC2, whose ids nobody can foresee.
pub(crate) mod of_ec2 {
    use super::On;

    pub(crate) const ELASTIC_IP: On = On::Arn("arn:aws:ec2:{region}:{account}:elastic-ip/*");
    pub(crate) const IMAGE: On = On::Arn("arn:aws:ec2:{region}::image/*");
    pub(crate) const INSTANCE: On = On::Arn("arn:aws:ec2:{region}:{account}:instance/*");
    pub(crate) const INTERNET_GATEWAY: On =
        On::Arn("arn:aws:ec2:{region}:{account}:internet-gateway/*");
    pub(crate) const KEY_PAIR: On = On::Arn("arn:aws:ec2:{region}:{account}:key-pair/*");
    pub(crate) const LAUNCH_TEMPLATE: On =
        On::Arn("arn:aws:ec2:{region}:{account}:launch-template/*");
    pub(crate) const NETWORK_INTERFACE: On =
        On::Arn("arn:aws:ec2:{region}:{account}:network-interface/*");
    pub(crate) const PLACEMENT_GROUP: On =
        On::Arn("arn:aws:ec2:{region}:{account}:placement-group/*");
    pub(crate) const ROUTE_TABLE: On = On::Arn("arn:aws:ec2:{region}:{account}:route-table/*");
    pub(crate) const SECURITY_GROUP: On =
        On::Arn("arn:aws:ec2:{region}:{account}:security-group/*");
    pub(crate) const SNAPSHOT: On = On::Arn("arn:aws:ec2:{region}::snapshot/*");
    pub(crate) const SUBNET: On = On::Arn("arn:aws:ec2:{region}:{account}:subnet/*");
    pub(crate) const VOLUME: On = On::Arn("arn:aws:ec2:{region}:{account}:volume/*");
    pub(crate) const VPC: On = On::Arn("arn:aws:ec2:{region}:{account}:vpc/*");
}

/// The tags that EC2 sets on what an operation makes.
macro_rules! tagged {
    ($operation:literal) => {
        tagged!($operation, $crate::needs::OWN)
    };
    ($operation:literal, $on:expr) => {
        $crate::needs::CREATE.needs("ec2:CreateTags").on($on).when(&[$crate::needs::When {
            operator: "StringEquals",
            key: "ec2:CreateAction",
            values: &[$operation],
        }])
    };
}

/// A role that is passed on to a service: one that the resource names, or that what it names names.
macro_rules! passed {
    ($phases:expr, $service:literal $(, $through:literal)*) => {
        $phases
            .needs("iam:PassRole")
            .on(&[$crate::needs::On::Of(&[$($through,)* "aws:iam:Role"])])
            .when(&[$crate::needs::When {
                operator: "StringEquals",
                key: "iam:PassedToService",
                values: &[$service],
            }])
    };
}

/// The role of a service, which it makes where there is none.
macro_rules! linked {
    ($phases:expr, $service:literal) => {
        $phases
            .needs("iam:CreateServiceLinkedRole")
            .on(&[$crate::needs::On::Arn(concat!(
                "arn:aws:iam::{account}:role/aws-service-role/",
                $service,
                "/*"
            ))])
            .when(&[$crate::needs::When {
                operator: "StringEquals",
                key: "iam:AWSServiceName",
                values: &[$service],
            }])
    };
}

/// What a service does with a key that the resource names, or that what it names names, in the name
/// of whoever calls it.
macro_rules! sealed {
    ($phases:expr, "kms:CreateGrant", $service:literal $(, $through:literal)*) => {
        $phases
            .needs("kms:CreateGrant")
            .on(&[$crate::needs::On::Of(&[$($through,)* "aws:kms:Key"])])
            .when(&[
                $crate::needs::When {
                    operator: "StringEquals",
                    key: "kms:ViaService",
                    values: &[concat!($service, ".{region}.amazonaws.com")],
                },
                $crate::needs::When {
                    operator: "Bool",
                    key: "kms:GrantIsForAWSResource",
                    values: &["true"],
                },
            ])
    };
    ($phases:expr, $action:literal, $service:literal $(, $through:literal)*) => {
        $phases
            .needs($action)
            .on(&[$crate::needs::On::Of(&[$($through,)* "aws:kms:Key"])])
            .when(&[$crate::needs::When {
                operator: "StringEquals",
                key: "kms:ViaService",
                values: &[concat!($service, ".{region}.amazonaws.com")],
            }])
    };
}

pub(crate) use {linked, passed, sealed, tagged};

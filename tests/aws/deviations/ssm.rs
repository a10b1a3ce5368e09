//! Of `ssm`.

use super::Deviation;
use crate::server::Kind;

const DEBIAN: &str = "the Debian project publishes /aws/service/debian/release/… (GetParameter; \
                      Debian's wiki, Cloud/AmazonEC2Image)";

pub(super) const ALL: &[Deviation] = &[
    Deviation { server: Kind::Moto, ty: "aws:ssm:DebianAmi", what: "create", aws: DEBIAN },
    Deviation { server: Kind::Ministack, ty: "aws:ssm:DebianAmi", what: "create", aws: DEBIAN },
    Deviation {
        server: Kind::Moto,
        ty: "aws:ssm:EcsOptimizedAmi",
        what: "create",
        aws: "the value is JSON (ECS guide, Retrieving Amazon ECS-optimized Linux AMI metadata); \
              moto's is spelt as Python spells it",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:ssm:EcsOptimizedAmi",
        what: "create",
        aws: "AWS publishes /aws/service/ecs/optimized-ami/… (ECS guide, Retrieving Amazon \
              ECS-optimized Linux AMI metadata)",
    },
    Deviation {
        server: Kind::Moto,
        ty: "aws:ssm:Parameter",
        what: "create",
        aws: "PolicyText is JSON (DescribeParameters, ParameterInlinePolicy); moto's is spelt as \
              Python spells it",
    },
    Deviation {
        server: Kind::Ministack,
        ty: "aws:ssm:Parameter",
        what: "create",
        aws: "Policies are structures with PolicyText (DescribeParameters, \
              ParameterInlinePolicy); ministack's are the text that was put",
    },
];

//! Of `ssm`.

use super::{Deviation, localstack, ministack, moto};

const DEBIAN: &str = "the Debian project publishes /aws/service/debian/release/… (GetParameter; \
                      Debian's wiki, Cloud/AmazonEC2Image)";

pub(super) const ALL: &[Deviation] = &[
    moto("aws:ssm:DebianAmi", "create", DEBIAN),
    ministack("aws:ssm:DebianAmi", "create", DEBIAN),
    moto(
        "aws:ssm:EcsOptimizedAmi",
        "create",
        "the value is JSON (ECS guide, Retrieving Amazon ECS-optimized Linux AMI metadata); \
              moto's is spelt as Python spells it",
    ),
    ministack(
        "aws:ssm:EcsOptimizedAmi",
        "create",
        "AWS publishes /aws/service/ecs/optimized-ami/… (ECS guide, Retrieving Amazon \
              ECS-optimized Linux AMI metadata)",
    ),
    ministack(
        "aws:ssm:Parameter",
        "create",
        "Policies are structures with PolicyText (DescribeParameters, \
              ParameterInlinePolicy); ministack's are the text that was put",
    ),
    moto("aws:ssm:Parameter", "policies", "DescribeParameters tells it as it was given"),
    localstack(
        "aws:ssm:DebianAmi",
        "create",
        "the Debian project publishes /aws/service/debian/release/… (GetParameter; Debian's wiki, Cloud/AmazonEC2Image)",
    ),
    localstack(
        "aws:ssm:EcsOptimizedAmi",
        "create",
        "the value is JSON (ECS guide, Retrieving Amazon ECS-optimized Linux AMI metadata); LocalStack's is a structure",
    ),
    localstack(
        "aws:ssm:Parameter",
        "without policies",
        "PolicyText is JSON (DescribeParameters, ParameterInlinePolicy); LocalStack's is a structure",
    ),
];

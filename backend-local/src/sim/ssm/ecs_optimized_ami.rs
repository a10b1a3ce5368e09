//! What the newest image for ECS is: another one every two weeks.

use infra_core::{
    aws::{
        AmiId,
        ssm::{self, Architecture, EcsAmiFamily},
    },
    dsl::ResourceType,
    schema::TypeDef,
    value::PropertiesBuilder,
};

use crate::sim::{
    identity::digits,
    special::{Asked, Special, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&EcsOptimizedAmi];

struct EcsOptimizedAmi;

const DAY: u64 = 24 * 60 * 60 * 1000;
/// AWS keeps no schedule; two weeks is about its pace.
const DAYS_BETWEEN_RELEASES: u64 = 14;

impl Special for EcsOptimizedAmi {
    fn ty(&self) -> &'static TypeDef {
        ssm::EcsOptimizedAmi::definition()
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let architecture = asked.get(ssm::EcsOptimizedAmi::ARCHITECTURE);
        let architecture = architecture.unwrap_or(Architecture::X86_64);
        let family = asked.get(ssm::EcsOptimizedAmi::FAMILY);
        // Where AWS writes the date, this world writes how many days it is old.
        let release = asked.world.now / DAY / DAYS_BETWEEN_RELEASES;
        let day = format!("{:08}", release * DAYS_BETWEEN_RELEASES);
        let (version, name, os) = match family {
            Some(EcsAmiFamily::AmazonLinux2) => (
                format!("2.0.{day}"),
                format!("amzn2-ami-ecs-hvm-2.0.{day}-{architecture}-ebs"),
                "Amazon Linux 2",
            ),
            _ => (
                format!("2023.0.{day}"),
                format!("al2023-ami-ecs-hvm-2023.0.{day}-kernel-6.1-{architecture}"),
                "Amazon Linux 2023",
            ),
        };
        let id = format!("ami-0{}", digits(&format!("{}/{name}", asked.region()), 0, 16));
        let id = AmiId::parse(&id).expect("it was made in AWS's format");
        tell(outputs, ssm::EcsOptimizedAmi::IMAGE_ID, id);
        tell(outputs, ssm::EcsOptimizedAmi::IMAGE_NAME, name);
        tell(outputs, ssm::EcsOptimizedAmi::IMAGE_VERSION, version);
        tell(outputs, ssm::EcsOptimizedAmi::OS, os.to_owned());
        let agent = format!("1.{release}.0");
        tell(outputs, ssm::EcsOptimizedAmi::ECS_AGENT_VERSION, agent);
        let docker = "Docker version 25.0.8".to_owned();
        tell(outputs, ssm::EcsOptimizedAmi::ECS_RUNTIME_VERSION, docker);
    }
}

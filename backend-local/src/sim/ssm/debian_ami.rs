//! What the newest image of Debian is: another one with every point release.

use infra_core::{
    aws::{
        AmiId,
        ssm::{self, Architecture, DebianRelease},
    },
    dsl::ResourceType,
    schema::TypeDef,
    value::PropertiesBuilder,
};

use crate::sim::{
    identity::digits,
    special::{Asked, Special, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&DebianAmi];

struct DebianAmi;

const DAY: u64 = 24 * 60 * 60 * 1000;
/// Point releases come about every two months.
const DAYS_BETWEEN_RELEASES: u64 = 60;

impl Special for DebianAmi {
    fn ty(&self) -> &'static TypeDef {
        ssm::DebianAmi::definition()
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let architecture = asked.get(ssm::DebianAmi::ARCHITECTURE);
        let architecture = architecture.unwrap_or(Architecture::X86_64);
        let release = asked.get(ssm::DebianAmi::RELEASE).unwrap_or(DebianRelease::Bookworm);
        let point = asked.world.now / DAY / DAYS_BETWEEN_RELEASES;
        let name = format!("{}/debian-{release}-{architecture}-{point}", asked.region());
        let id = format!("ami-0{}", digits(&name, 0, 16));
        let id = AmiId::parse(&id).expect("it was made in AWS's format");
        tell(outputs, ssm::DebianAmi::IMAGE_ID, id);
    }
}

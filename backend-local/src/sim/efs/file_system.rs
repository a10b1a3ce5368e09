//! What is special about a file system: which modes go together, where files may move, and to what
//! it may be copied.

use infra_core::{
    aws::efs::{
        self, LifecyclePolicyArgs, PerformanceMode, ReplicationDestinationArgs, Switch,
        ThroughputMode, Transition,
    },
    dsl::ResourceType,
    schema::TypeDef,
    value::{PropertiesBuilder, Slot},
};

use crate::sim::{
    World,
    object::Object,
    policy::{self, Kind},
    refusal::{Codes, Refusal},
    special::{Asked, Special, of, tell},
    zones,
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&FileSystem];

const CODES: Codes = Codes {
    not_found: "FileSystemNotFound",
    not_ready: "IncorrectFileSystemLifeCycleState",
    exists: "FileSystemAlreadyExists",
    in_use: "FileSystemInUse",
    quota: "FileSystemLimitExceeded",
};
/// What EFS says of everything that has no code of its own.
pub(super) const BAD: &str = "BadRequest";

const HOUR: u64 = 60 * 60 * 1000;
const DAY: u64 = 24 * HOUR;
/// As what changes of the throughput are remembered.
const THROUGHPUT: &str = "throughput";

struct FileSystem;

impl Special for FileSystem {
    fn ty(&self) -> &'static TypeDef {
        efs::FileSystem::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "File systems per account", in a region; adjustable.
        Some(1000)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_zone(asked)?;
        let encrypted = asked.get(efs::FileSystem::ENCRYPTED).unwrap_or_default();
        if !encrypted && asked.inputs.has(efs::FileSystem::KMS_KEY_ID.slot) {
            let message = "`kms_key_id` has nothing to encrypt: `encrypted` is false";
            return Err(Refusal::invalid("kms_key_id", BAD, message));
        }
        asked.check_key(efs::FileSystem::KMS_KEY_ID, BAD)?;
        check_throughput(asked)?;
        check_pace(asked)?;
        let policies = asked.get(efs::FileSystem::LIFECYCLE_POLICIES).unwrap_or_default();
        check_lifecycle(&policies, asked.get(efs::FileSystem::THROUGHPUT_MODE))?;
        if let Some(replication) = asked.get(efs::FileSystem::REPLICATION_CONFIGURATION) {
            check_replication(asked, &replication.destinations)?;
        }
        if let Some(document) = asked.get(efs::FileSystem::FILE_SYSTEM_POLICY) {
            policy::check(&document, Kind::Resource, "file_system_policy")
                .map_err(|refusal| refusal.coded("InvalidPolicyException"))?;
        }
        Ok(())
    }

    fn remembers(&self, asked: &Asked<'_>) -> Option<&'static str> {
        let old = asked.old?;
        let changed = |slot: Slot| old.inputs.get(slot) != asked.inputs.get(slot);
        let any = changed(efs::FileSystem::THROUGHPUT_MODE.slot)
            || changed(efs::FileSystem::PROVISIONED_THROUGHPUT_IN_MIBPS.slot);
        any.then_some(THROUGHPUT)
    }

    fn check_delete(&self, _: &World, object: &Object) -> Result<(), Refusal> {
        if copies_to(object).is_none() {
            return Ok(());
        }
        let message =
            format!("`{}` is copied to another one; end the replication first", object.id);
        Err(Refusal::invalid("replication_configuration", CODES.in_use, message))
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let name = format!("{}.efs.{}.amazonaws.com", asked.id, asked.region());
        tell(outputs, efs::FileSystem::DNS_NAME, name);
        let encrypted = asked.get(efs::FileSystem::ENCRYPTED).unwrap_or_default();
        if encrypted && !asked.inputs.has(efs::FileSystem::KMS_KEY_ID.slot) {
            let key = asked.own_key("aws/elasticfilesystem");
            tell(outputs, efs::FileSystem::KMS_KEY_ID, key);
        }
    }
}

/// A file system is part of one replication, and its copy is as well encrypted as it is.
fn check_replication(
    asked: &Asked<'_>,
    destinations: &[ReplicationDestinationArgs],
) -> Result<(), Refusal> {
    const PROPERTY: &str = "replication_configuration.destinations";
    let refused = |code: &str, what: String| {
        Err(Refusal::invalid(PROPERTY, code, format!("`{PROPERTY}` {what}")))
    };
    let [destination] = destinations else {
        return refused(BAD, format!("has {} file systems; one is allowed", destinations.len()));
    };
    let (ty, arn) = (efs::FileSystem::definition().name, destination.file_system_id.as_str());
    // That it exists was looked at before.
    let Some(copy) = asked.world.get(ty, arn, asked.scope) else { return Ok(()) };
    if *copy.id == *asked.id && *copy.scope == *asked.scope {
        return refused(BAD, format!("has {arn}, which is the file system itself"));
    }
    let own = asked.old.and_then(Object::arn).unwrap_or_default();
    let mut others = asked.world.live().filter(|other| other.ty.name == ty);
    let taken = others.any(|other| {
        let to = copies_to(other);
        let by_another = other.arn() != Some(own) && to.as_deref() == Some(arn);
        let itself = other.arn() == Some(arn) && to.is_some();
        by_another || itself || to.as_deref() == Some(own)
    });
    if taken {
        return refused(BAD, format!("has {arn}: one of both is part of another replication"));
    }
    let encrypted = |object: &Object| of(object, efs::FileSystem::ENCRYPTED).unwrap_or_default();
    if asked.get(efs::FileSystem::ENCRYPTED).unwrap_or_default() && !encrypted(copy) {
        return refused("ConflictException", format!("has {arn}, which is not encrypted"));
    }
    let protection = of(copy, efs::FileSystem::FILE_SYSTEM_PROTECTION);
    let open = protection
        .is_some_and(|protection| protection.replication_overwrite_protection == Switch::Disabled);
    if open {
        return Ok(());
    }
    refused(
        BAD,
        format!(
            "has {arn}, which may not be overwritten; its `file_system_protection` must disable \
             `replication_overwrite_protection`"
        ),
    )
}

/// The ARN of the file system that one is copied to.
fn copies_to(file_system: &Object) -> Option<String> {
    let replication = of(file_system, efs::FileSystem::REPLICATION_CONFIGURATION)?;
    let destination = replication.destinations.first()?;
    Some(destination.file_system_id.as_str().to_owned())
}

fn check_zone(asked: &Asked<'_>) -> Result<(), Refusal> {
    let Some(zone) = asked.get(efs::FileSystem::AVAILABILITY_ZONE_NAME) else { return Ok(()) };
    let property = "availability_zone_name";
    zones::check_zone(property, BAD, asked.region(), &zone)?;
    if asked.get(efs::FileSystem::PERFORMANCE_MODE) == Some(PerformanceMode::MaxIo) {
        let message = format!(
            "`{property}` {zone}: a file system in one zone can't be maxIO; use generalPurpose"
        );
        return Err(Refusal::invalid(property, "UnsupportedAvailabilityZone", message));
    }
    Ok(())
}

fn check_throughput(asked: &Asked<'_>) -> Result<(), Refusal> {
    let mode = asked.get(efs::FileSystem::THROUGHPUT_MODE);
    let rate = asked.get(efs::FileSystem::PROVISIONED_THROUGHPUT_IN_MIBPS);
    let max_io = asked.get(efs::FileSystem::PERFORMANCE_MODE) == Some(PerformanceMode::MaxIo);
    if max_io && mode == Some(ThroughputMode::Elastic) {
        let message = "`throughput_mode` elastic needs the performance mode generalPurpose";
        return Err(Refusal::invalid("throughput_mode", BAD, message));
    }
    let message = match (mode, rate) {
        (Some(ThroughputMode::Provisioned), None) => {
            "`provisioned_throughput_in_mibps` is needed with the throughput mode provisioned"
                .to_owned()
        }
        (Some(ThroughputMode::Provisioned), Some(rate)) if rate < 1.0 => {
            format!("`provisioned_throughput_in_mibps` {rate} must be 1 at least")
        }
        (Some(ThroughputMode::Provisioned), Some(_)) | (_, None) => return Ok(()),
        (_, Some(rate)) => format!(
            "`provisioned_throughput_in_mibps` {rate} is only for the throughput mode provisioned"
        ),
    };
    Err(Refusal::invalid("provisioned_throughput_in_mibps", BAD, message))
}

/// For a day after any change of the throughput, its mode stays and what is paid for does not go
/// down; up it goes at any time.
fn check_pace(asked: &Asked<'_>) -> Result<(), Refusal> {
    let (Some(old), Some(since)) = (asked.old, asked.since(THROUGHPUT)) else { return Ok(()) };
    if since >= DAY {
        return Ok(());
    }
    let (mode, old_mode) =
        (asked.get(efs::FileSystem::THROUGHPUT_MODE), of(old, efs::FileSystem::THROUGHPUT_MODE));
    let (rate, old_rate) = (
        asked.get(efs::FileSystem::PROVISIONED_THROUGHPUT_IN_MIBPS),
        of(old, efs::FileSystem::PROVISIONED_THROUGHPUT_IN_MIBPS),
    );
    let (property, value) = match (mode, rate, old_rate) {
        (Some(mode), ..) if Some(mode) != old_mode => ("throughput_mode", mode.to_string()),
        (_, Some(rate), Some(old)) if rate < old => {
            ("provisioned_throughput_in_mibps", rate.to_string())
        }
        _ => return Ok(()),
    };
    let hours = (DAY - since).div_ceil(HOUR);
    let message = format!(
        "`{property}` {value}: the throughput was changed within the last 24 hours; until they have \
         passed its mode stays and provisioned throughput can only go up (hours left: {hours})"
    );
    Err(Refusal::invalid(property, "TooManyRequests", message))
}

fn check_lifecycle(
    policies: &[LifecyclePolicyArgs],
    throughput: Option<ThroughputMode>,
) -> Result<(), Refusal> {
    let refused = |message: &str| {
        let message = format!("`lifecycle_policies` {message}");
        Err(Refusal::invalid("lifecycle_policies", BAD, message))
    };
    let (mut ia, mut archive, mut back) = (vec![], vec![], 0);
    for policy in policies {
        let given = [
            policy.transition_to_ia.is_some(),
            policy.transition_to_archive.is_some(),
            policy.transition_to_primary_storage_class.is_some(),
        ];
        if given.into_iter().filter(|given| *given).count() != 1 {
            return refused("must each say one transition");
        }
        ia.extend(policy.transition_to_ia);
        archive.extend(policy.transition_to_archive);
        back += usize::from(policy.transition_to_primary_storage_class.is_some());
    }
    if ia.len() > 1 || archive.len() > 1 || back > 1 {
        return refused("say one kind of transition twice");
    }
    if !archive.is_empty() && throughput != Some(ThroughputMode::Elastic) {
        return refused("to the archive need the throughput mode elastic");
    }
    if let ([ia], [archive]) = (&ia[..], &archive[..])
        && days(*archive) <= days(*ia)
    {
        let message = format!(
            "move files to the archive {archive}, which must be later than {ia} to infrequent access"
        );
        return refused(&message);
    }
    Ok(())
}

fn days(transition: Transition) -> u32 {
    let text = transition.as_str().trim_start_matches("AFTER_");
    let number = text.split('_').next().and_then(|number| number.parse().ok());
    number.expect("each word has its number of days")
}

//! What is special about an access point: its root directory and its groups.

use infra_core::{
    aws::efs::{self, RootDirectoryArgs},
    dsl::ResourceType,
    schema::TypeDef,
};

use super::file_system::BAD;
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&AccessPoint];

const CODES: Codes = Codes {
    not_found: "AccessPointNotFound",
    not_ready: "IncorrectAccessPointLifeCycleState",
    exists: "AccessPointAlreadyExists",
    in_use: "AccessPointInUse",
    quota: "AccessPointLimitExceeded",
};

/// AWS: "Access points for each file system", adjustable.
const PER_SYSTEM: usize = 10_000;

struct AccessPoint;

impl Special for AccessPoint {
    fn ty(&self) -> &'static TypeDef {
        efs::AccessPoint::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        if let Some(user) = asked.get(efs::AccessPoint::POSIX_USER)
            && user.secondary_gids.len() > 16
        {
            let message = format!(
                "`posix_user.secondary_gids` names {} groups; 16 are the most",
                user.secondary_gids.len()
            );
            return Err(Refusal::invalid("posix_user", BAD, message));
        }
        if let Some(root) = asked.get(efs::AccessPoint::ROOT_DIRECTORY) {
            check_root(&root)?;
        }
        let slot = efs::AccessPoint::FILE_SYSTEM_ID.slot;
        if asked.old.is_none() && asked.beside(&[slot]) >= PER_SYSTEM {
            return Err(Refusal::quota("access points of a file system", PER_SYSTEM)
                .in_words_of(Some(&CODES)));
        }
        Ok(())
    }
}

fn check_root(root: &RootDirectoryArgs) -> Result<(), Refusal> {
    let refused = |message| Err(Refusal::invalid("root_directory", BAD, message));
    let path = &root.path;
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    let odd = |character: char| character.is_control() || "$#<>;`|&?{}^*".contains(character);
    let fits = |part: &&str| !part.is_empty() && !part.starts_with('.') && !part.contains(odd);
    let deep = parts.len() <= 4 && parts.iter().all(fits);
    if !path.starts_with('/') || path.len() > 100 || path != "/" && !deep {
        return refused(format!(
            "`root_directory.path` {path:?} must begin with a slash, be four directories deep and \
             100 characters long at most, such as \"/moodledata\""
        ));
    }
    let Some(creation) = &root.creation_info else { return Ok(()) };
    let permissions = &creation.permissions;
    let octal = permissions.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
    if !matches!(permissions.len(), 3 | 4) || !octal {
        return refused(format!(
            "`root_directory.creation_info.permissions` {permissions:?} must be three or four octal \
             digits, such as \"0750\""
        ));
    }
    Ok(())
}

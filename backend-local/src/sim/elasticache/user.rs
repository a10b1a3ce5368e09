//! What is special about a user of caches: what it may do, and how it shows who it is.

use infra_core::{
    aws::elasticache::{self, AuthenticationType as By, Engine},
    dsl::ResourceType,
    schema::TypeDef,
};

use super::engine::{COMBINATION, INVALID, check_name};
use crate::sim::{
    names::is_word,
    refusal::{Codes, Refusal},
    special::{Asked, Special, of},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&User];

const CODES: Codes = Codes {
    not_found: "UserNotFound",
    not_ready: "InvalidUserState",
    exists: "UserAlreadyExists",
    in_use: "InvalidUserState",
    quota: "UserQuotaExceeded",
};
/// The user that every account has, and the name that groups of Redis need.
pub(super) const DEFAULT: &str = "default";
const NAME: usize = 120;
const PASSWORDS: usize = 2;

struct User;

impl Special for User {
    fn ty(&self) -> &'static TypeDef {
        elasticache::User::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Users", adjustable.
        Some(1000)
    }

    fn is_always_there(&self, id: &str) -> bool {
        id == DEFAULT
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_name("user_id", asked.id)?;
        if asked.id == DEFAULT {
            let message = "`user_id` default is that of AWS's own user; a user of that name may \
                           have any other id";
            return refused("user_id", INVALID, message);
        }
        let name = asked.get(elasticache::User::USER_NAME).unwrap_or_default();
        if !is_word(&name, NAME, "._-@") {
            let message =
                format!("`user_name` {name:?} must have 1 to {NAME} letters, digits and ._-@");
            return refused("user_name", INVALID, message);
        }
        check_access(&asked.get(elasticache::User::ACCESS_STRING).unwrap_or_default())?;
        let was = asked.old.and_then(|old| of(old, elasticache::User::ENGINE));
        let engine = asked.get(elasticache::User::ENGINE);
        if was == Some(Engine::Valkey) && engine == Some(Engine::Redis) {
            let message = "`engine` goes from redis to valkey, and not back";
            return refused("engine", COMBINATION, message);
        }
        check_authentication(asked, &name, engine)
    }
}

fn refused(property: &str, code: &str, message: impl Into<String>) -> Result<(), Refusal> {
    Err(Refusal::invalid(property, code, message))
}

/// What AWS takes of the words of ACL SETUSER: all but what is about passwords.
fn check_access(access: &str) -> Result<(), Refusal> {
    const PROPERTY: &str = "access_string";
    let words = || access.split_ascii_whitespace();
    let secret = |word: &&str| {
        word.starts_with(['>', '<', '#', '!']) || ["nopass", "resetpass", "reset"].contains(word)
    };
    if words().any(|word| secret(&word)) {
        let message = format!(
            "`{PROPERTY}` speaks of passwords, which `authentication_mode` does; it says what the \
             user may do alone"
        );
        return refused(PROPERTY, INVALID, message);
    }
    if !words().any(|word| matches!(word, "on" | "off")) {
        let message = format!(
            "`{PROPERTY}` {access:?} has neither `on` nor `off`: without, a user is shut out"
        );
        return refused(PROPERTY, INVALID, message);
    }
    match words().find(|word| !is_rule(word.trim_matches(['(', ')']))) {
        Some(word) => {
            let message = format!(
                "`{PROPERTY}`: {word:?} is no rule; there are on, off, ~keys, &channels, +command, \
                 -command, +@category and -@category, as in `on ~moodle_* +@all -@admin`"
            );
            refused(PROPERTY, INVALID, message)
        }
        None => Ok(()),
    }
}

fn is_rule(word: &str) -> bool {
    const WORDS: [&str; 10] = [
        "on",
        "off",
        "allkeys",
        "resetkeys",
        "allchannels",
        "resetchannels",
        "allcommands",
        "nocommands",
        "clearselectors",
        "",
    ];
    let command = |name: &str| {
        let fits = |c: char| c.is_ascii_alphanumeric() || "-_|.".contains(c);
        !name.is_empty() && name.chars().all(fits)
    };
    let keys = ["~", "%R~", "%W~", "%RW~", "&"];
    WORDS.contains(&word)
        || keys.iter().any(|form| word.strip_prefix(form).is_some_and(|rest| !rest.is_empty()))
        || word
            .strip_prefix(['+', '-'])
            .is_some_and(|name| command(name.strip_prefix('@').unwrap_or(name)))
}

fn check_authentication(
    asked: &Asked<'_>,
    name: &str,
    engine: Option<Engine>,
) -> Result<(), Refusal> {
    const PROPERTY: &str = "authentication_mode";
    let Some(mode) = asked.get(elasticache::User::AUTHENTICATION_MODE) else { return Ok(()) };
    let passwords = mode.passwords.map_or(0, |passwords| passwords.len());
    match (mode.authentication_type, passwords) {
        (By::Password, 1..=PASSWORDS) | (By::Iam | By::NoPasswordRequired, 0) => {}
        (By::Password, count) => {
            let message =
                format!("`{PROPERTY}.passwords` has {count}; one or {PASSWORDS} are needed");
            return refused(PROPERTY, INVALID, message);
        }
        (by, _) => {
            let message = format!("`{PROPERTY}.passwords` go with the type password, not {by}");
            return refused(PROPERTY, COMBINATION, message);
        }
    }
    if mode.authentication_type == By::Iam && name != asked.id {
        let message = format!(
            "`user_name` {name} must be the same as `user_id` {} for a user of IAM",
            asked.id
        );
        return refused("user_name", INVALID, message);
    }
    if mode.authentication_type == By::NoPasswordRequired && engine == Some(Engine::Valkey) {
        let message = format!("`{PROPERTY}`: users of Valkey show who they are; give a password");
        return refused(PROPERTY, INVALID, message);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_those_of_acl_setuser() {
        for good in [
            "on ~* +@all",
            "off -@all",
            "on ~moodle_* &* -@all +get +set +config|get",
            "on %R~app:* (+@read ~shared:*)",
        ] {
            assert_eq!(check_access(good), Ok(()), "{good}");
        }
        let said = |access| check_access(access).unwrap_err().message;
        assert!(said("on ~* +@all >hunter2").contains("speaks of passwords"));
        assert!(said("~* +@all").contains("neither `on` nor `off`"));
        assert!(said("on * +@all").contains("\"*\" is no rule"));
        assert!(said("on ~* +").contains("\"+\" is no rule"));
    }
}

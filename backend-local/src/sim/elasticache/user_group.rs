//! What is special about a group of users: who must be in it, and who can't be together.

use infra_core::{
    aws::{
        CacheUserId,
        elasticache::{self, AuthenticationType, Engine},
    },
    dsl::ResourceType,
    schema::TypeDef,
};

use super::{
    engine::{COMBINATION, INVALID, check_name},
    user::DEFAULT,
};
use crate::sim::{
    World,
    object::Object,
    refusal::{Codes, Refusal},
    special::{Asked, Special, of},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&UserGroup];

const CODES: Codes = Codes {
    not_found: "UserGroupNotFound",
    not_ready: "InvalidUserGroupState",
    exists: "UserGroupAlreadyExists",
    in_use: "InvalidUserGroupState",
    quota: "UserGroupQuotaExceeded",
};
/// AWS: "Users per user group", adjustable.
const USERS: usize = 100;
const PROPERTY: &str = "user_ids";

struct UserGroup;

impl Special for UserGroup {
    fn ty(&self) -> &'static TypeDef {
        elasticache::UserGroup::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "User groups", adjustable.
        Some(100)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_name("user_group_id", asked.id)?;
        let was = asked.old.and_then(|old| of(old, elasticache::UserGroup::ENGINE));
        let engine = asked.get(elasticache::UserGroup::ENGINE).unwrap_or(Engine::Valkey);
        if was == Some(Engine::Valkey) && engine == Engine::Redis {
            let message = "`engine` goes from redis to valkey, and not back".to_owned();
            return Err(Refusal::invalid("engine", COMBINATION, message));
        }
        let ids = asked.get(elasticache::UserGroup::USER_IDS).unwrap_or_default();
        if ids.len() > USERS {
            return Err(Refusal::quota("users of a user group", USERS));
        }
        let users: Vec<Member<'_>> = ids.iter().filter_map(|id| member(asked, id)).collect();
        check_names(&users, engine)?;
        users.iter().try_for_each(|user| check_member(user, engine))
    }
}

fn refused(code: &str, message: String) -> Result<(), Refusal> {
    Err(Refusal::invalid(PROPERTY, code, message))
}

/// A user of a group.
struct Member<'a> {
    id: String,
    name: &'a str,
    engine: Engine,
    /// Whether it shows who it is.
    shows: bool,
}

fn member<'a>(asked: &Asked<'a>, id: &CacheUserId) -> Option<Member<'a>> {
    let own_id = id.as_str().to_owned();
    if own_id == DEFAULT {
        return Some(Member { id: own_id, name: DEFAULT, engine: Engine::Redis, shows: false });
    }
    let ty = elasticache::User::definition().name;
    let user = asked.world.get(ty, id.as_str(), asked.scope)?;
    let mode = of(user, elasticache::User::AUTHENTICATION_MODE);
    let open = mode.map(|mode| mode.authentication_type);
    Some(Member {
        id: own_id,
        name: user.text("user_name"),
        engine: of(user, elasticache::User::ENGINE)?,
        shows: open != Some(AuthenticationType::NoPasswordRequired),
    })
}

/// Names differ; a group of Redis has one named `default`.
fn check_names(users: &[Member<'_>], engine: Engine) -> Result<(), Refusal> {
    for (place, user) in users.iter().enumerate() {
        if let Some(other) = users[..place].iter().find(|other| other.name == user.name) {
            let message = format!(
                "`{PROPERTY}` {} and {} have both the name {}; one of a name can be in a group",
                other.id, user.id, user.name
            );
            return refused("DuplicateUserName", message);
        }
    }
    if engine == Engine::Redis && !users.iter().any(|user| user.name == DEFAULT) {
        let message = format!(
            "`{PROPERTY}` has no user named default, which a group of Redis needs: AWS's own \
             `default`, or better one of that `user_name` that is `off`"
        );
        return refused("DefaultUserRequired", message);
    }
    Ok(())
}

fn check_member(user: &Member<'_>, engine: Engine) -> Result<(), Refusal> {
    let id = &user.id;
    match engine {
        Engine::Redis if user.engine == Engine::Valkey => {
            refused(INVALID, format!("`{PROPERTY}` {id} is of Valkey, and the group of Redis"))
        }
        Engine::Valkey if !user.shows => refused(
            INVALID,
            format!(
                "`{PROPERTY}` {id} gets in without showing who it is, which a group of Valkey does \
                 not allow"
            ),
        ),
        _ => Ok(()),
    }
}

/// Whether users of a group log in with credentials of IAM.
pub(super) fn uses_iam(world: &World, group: &Object) -> bool {
    let ids = of(group, elasticache::UserGroup::USER_IDS).unwrap_or_default();
    let ty = elasticache::User::definition().name;
    ids.iter().filter_map(|id| world.get(ty, id.as_str(), &group.scope)).any(|user| {
        let mode = of(user, elasticache::User::AUTHENTICATION_MODE);
        mode.is_some_and(|mode| mode.authentication_type == AuthenticationType::Iam)
    })
}

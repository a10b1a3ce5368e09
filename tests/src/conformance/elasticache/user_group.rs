//! The cases of `aws:elasticache:UserGroup`: of Redis, and of Valkey.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::{
        CacheUserId,
        elasticache::{AuthenticationMode, AuthenticationType, Engine, User, UserGroup},
    },
    prelude::*,
};

use super::user::user;

fn group<const N: usize>(stack: &Stack, engine: Engine, users: [&User; N]) {
    UserGroup::named("subject").engine(engine).user_ids(users).create(stack);
}

/// A group of Valkey with one user.
pub(crate) fn user_group(stack: &Stack, name: &str) -> UserGroup {
    let user = user(&format!("user-of-{name}"), Engine::Valkey).create(stack);
    UserGroup::named(name).engine(Engine::Valkey).user_ids([&user]).create(stack)
}

/// A group of Redis with a user of IAM.
pub(crate) fn iam_group(stack: &Stack, name: &str) -> UserGroup {
    let moodle = user("moodle", Engine::Redis)
        .user_id("moodle")
        .authentication_mode(AuthenticationMode::iam())
        .create(stack);
    let default = CacheUserId::parse("default").unwrap();
    let users = inputs![&moodle, default];
    UserGroup::named(name).engine(Engine::Redis).user_ids(users).create(stack)
}

/// A group of Redis with AWS's own user alone.
pub(crate) fn open_group(stack: &Stack, name: &str) -> UserGroup {
    let default = CacheUserId::parse("default").unwrap();
    UserGroup::named(name).engine(Engine::Redis).user_ids([default]).create(stack)
}

pub(crate) const CASES: &[Case] = &[
    Case {
        ty: UserGroup::definition,
        build: |stack, v| {
            let [one, two] =
                ["moodle", "cron"].map(|name| user(name, Engine::Valkey).create(stack));
            UserGroup::named("subject")
                .engine(Engine::Valkey)
                .user_ids(v.pick("user_ids", vec![&one], vec![&one, &two]))
                .user_group_id(v.pick("user_group_id", "campus", "college"))
                .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
                .create(stack);
        },
        refused: &[
            Refused {
                property: "user_ids",
                build: |stack| {
                    let open = AuthenticationType::NoPasswordRequired;
                    let open = user("open", Engine::Redis)
                        .authentication_mode(AuthenticationMode::new(open))
                        .create(stack);
                    group(stack, Engine::Valkey, [&open]);
                },
                says: "gets in without showing who it is",
            },
            Refused {
                property: "user_ids",
                build: |stack| {
                    let one = user("one", Engine::Valkey).user_name("moodle").create(stack);
                    let two = user("two", Engine::Valkey).user_name("moodle").create(stack);
                    group(stack, Engine::Valkey, [&one, &two]);
                },
                says: "have both the name moodle",
            },
            Refused {
                property: "user_group_id",
                build: |stack| {
                    let user = user("moodle", Engine::Valkey).create(stack);
                    UserGroup::named("subject")
                        .engine(Engine::Valkey)
                        .user_ids([&user])
                        .user_group_id("8-campus")
                        .create(stack);
                },
                says: "must begin with a letter",
            },
        ],
        fixed: &[("engine", "the second case has it: from Redis to Valkey alone")],
        cfn: Cfn {
            name: "AWS::ElastiCache::UserGroup",
            differs: &[("Status", "left out: a group that is there is active")],
            renamed: &[],
        },
    },
    Case {
        ty: UserGroup::definition,
        build: |stack, v| {
            let nobody = user("nobody", Engine::Redis)
                .user_name("default")
                .access_string("off -@all")
                .create(stack);
            let moodle = user("moodle", Engine::Redis).create(stack);
            UserGroup::named("subject")
                .engine(v.pick("engine", Engine::Redis, Engine::Valkey))
                .user_ids([&nobody, &moodle])
                .create(stack);
        },
        refused: &[
            Refused {
                property: "user_ids",
                build: |stack| {
                    let moodle = user("moodle", Engine::Redis).create(stack);
                    group(stack, Engine::Redis, [&moodle]);
                },
                says: "has no user named default",
            },
            Refused {
                property: "user_ids",
                build: |stack| {
                    let newer = user("newer", Engine::Valkey).user_name("default").create(stack);
                    group(stack, Engine::Redis, [&newer]);
                },
                says: "is of Valkey, and the group of Redis",
            },
        ],
        fixed: &[("*", "the first case has second values of them")],
        // Compared above.
        cfn: Cfn { name: "", differs: &[], renamed: &[] },
    },
];

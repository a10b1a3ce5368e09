//! The cases of `aws:elasticache:User`: with passwords, and with credentials of IAM.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::elasticache::{AuthenticationMode, AuthenticationType, Engine, User, UserBuilder},
    dsl::Provided,
    prelude::*,
};

type Named = UserBuilder<Provided, Provided, Provided, Provided>;

const PASSWORD: &str = "correct-horse-battery";
const ACCESS: &str = "on ~moodle_* +@all -@admin";

/// A user that logs in with a password.
pub(super) fn user(name: &str, engine: Engine) -> Named {
    User::named(name)
        .user_name(name)
        .engine(engine)
        .access_string(ACCESS)
        .authentication_mode(AuthenticationMode::with(PASSWORD))
}

fn refused_access(stack: &Stack, access: &str) {
    User::named("subject")
        .user_name("moodle")
        .engine(Engine::Valkey)
        .access_string(access)
        .authentication_mode(AuthenticationMode::with(PASSWORD))
        .create(stack);
}

fn refused_mode(stack: &Stack, mode: AuthenticationMode) {
    User::named("subject")
        .user_id("moodle")
        .user_name("cron")
        .engine(Engine::Valkey)
        .access_string(ACCESS)
        .authentication_mode(mode)
        .create(stack);
}

pub(crate) const CASES: &[Case] = &[
    Case {
        ty: User::definition,
        build: |stack, v| {
            let [old, both] = [vec![PASSWORD], vec![PASSWORD, "another-horse-battery"]];
            let mode = AuthenticationMode::new(AuthenticationType::Password);
            User::named("subject")
                .user_name(v.pick("user_name", "moodle", "cron"))
                .engine(v.pick("engine", Engine::Redis, Engine::Valkey))
                .access_string(v.pick("access_string", ACCESS, "off -@all"))
                .authentication_mode(mode.passwords(v.pick("authentication_mode", old, both)))
                .user_id(v.pick("user_id", "campus", "college"))
                .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
                .create(stack);
        },
        refused: &[
            Refused {
                property: "access_string",
                build: |stack| refused_access(stack, "on ~* +@all >hunter2"),
                says: "speaks of passwords",
            },
            Refused {
                property: "access_string",
                build: |stack| refused_access(stack, "~* +@all"),
                says: "without, a user is shut out",
            },
            Refused {
                property: "access_string",
                build: |stack| refused_access(stack, "on moodle_* +@all"),
                says: "\"moodle_*\" is no rule",
            },
            Refused {
                property: "user_name",
                build: |stack| {
                    user("subject", Engine::Valkey).user_name("the teachers").create(stack);
                },
                says: "1 to 120 letters, digits and ._-@",
            },
            Refused {
                property: "user_id",
                build: |stack| {
                    user("subject", Engine::Valkey).user_id("default").create(stack);
                },
                says: "is that of AWS's own user",
            },
            Refused {
                property: "authentication_mode",
                build: |stack| refused_mode(stack, AuthenticationMode::with("hunter2")),
                says: "a password of 16 to 128 printable characters",
            },
            Refused {
                property: "authentication_mode",
                build: |stack| {
                    let mode = AuthenticationMode::new(AuthenticationType::Password);
                    refused_mode(stack, mode);
                },
                says: "has 0; one or 2 are needed",
            },
            Refused {
                property: "authentication_mode",
                build: |stack| {
                    refused_mode(stack, AuthenticationMode::iam().passwords([PASSWORD]));
                },
                says: "go with the type password, not iam",
            },
            Refused {
                property: "authentication_mode",
                build: |stack| {
                    let open = AuthenticationType::NoPasswordRequired;
                    refused_mode(stack, AuthenticationMode::new(open));
                },
                says: "users of Valkey show who they are",
            },
            Refused {
                property: "user_name",
                build: |stack| refused_mode(stack, AuthenticationMode::iam()),
                says: "must be the same as `user_id` moodle",
            },
        ],
        fixed: &[],
        cfn: Cfn {
            name: "AWS::ElastiCache::User",
            differs: &[
                ("AccessString", "required here, as by the API, which tells it"),
                ("AuthenticationMode", "required here: it says what two properties say there"),
                ("NoPasswordRequired", "left out: the authentication mode says it"),
                ("Passwords", "left out: the authentication mode has them"),
                ("Status", "left out: a user that is there is active"),
            ],
            renamed: &[("AuthenticationMode.Type", "authentication_type")],
        },
    },
    Case {
        ty: User::definition,
        build: |stack, v| {
            let (iam, password) = (AuthenticationMode::iam(), AuthenticationMode::with(PASSWORD));
            User::named("subject")
                .user_id("moodle")
                .user_name("moodle")
                .engine(Engine::Valkey)
                .access_string(ACCESS)
                .authentication_mode(v.pick("authentication_mode", iam, password))
                .create(stack);
        },
        refused: &[Refused {
            property: "user_id",
            build: |stack| {
                for name in ["one", "subject"] {
                    user(name, Engine::Valkey).user_id("moodle").create(stack);
                }
            },
            says: "the same",
        }],
        fixed: &[("*", "the first case has second values of them")],
        // Compared above.
        cfn: Cfn { name: "", differs: &[], renamed: &[] },
    },
];

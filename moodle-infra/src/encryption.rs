//! [`Encryption`] and [`SiteKey`]: with whose key a site's data is encrypted.

use infra_core::{
    aws::{
        ec2::AvailabilityZones,
        iam::{PolicyDocument, Principal, Statement},
        kms::{Alias, Key},
        sts::CallerIdentity,
    },
    prelude::*,
};

/// With whose key a site's data is encrypted. Nothing is ever not encrypted.
///
/// It is said when a site is made: to change it replaces database, caches and files by empty ones,
/// which the plan asks about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encryption {
    /// With keys that AWS keeps for the account: they cost nothing, and cannot be taken away.
    #[default]
    AwsOwned,
    /// With one of the site's own, whose use is written down and can be shut off for all of its data
    /// at once. Without it nothing of the site can be read, backups included.
    CustomerKey,
}

/// The key of a site: of database, caches, files, buckets, logs, secrets, disks and backups. None
/// where AWS's own keys are used.
///
/// Its policy lets the account say by its roles who uses and who manages it, so that nobody is
/// locked out, and lets in what has no role of the account's making: the logs of this account, and
/// Auto Scaling, which starts instances whose disks have it.
#[derive(Clone, Copy, Debug, Default)]
pub struct SiteKey(Option<Key>);

impl PartialEq for SiteKey {
    fn eq(&self, other: &Self) -> bool {
        let node = |key: &Self| key.0.map(|key| key.node().index());
        node(self) == node(other)
    }
}

impl Eq for SiteKey {}

/// What uses a key for what it keeps.
const USE: [&str; 5] =
    ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"];

/// The role by which Auto Scaling starts instances, of whichever account. AWS makes it for the first
/// group of an account: as the principal of a policy it would have to be there.
const SCALING_ROLE: &str =
    "arn:aws:iam::*:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling";

impl SiteKey {
    /// The key of a site in a component of its own, if it is to have one: people find it by the
    /// alias `alias/<project>-<stack>-<site>`.
    #[track_caller]
    pub fn create(stack: &Stack, name: &str, site: &str, encryption: Encryption) -> Self {
        if encryption == Encryption::AwsOwned {
            return Self(None);
        }
        let stack = &stack.component(name);
        let key = key(stack);
        let alias = format!("alias/{}-{}-{site}", stack.project(), stack.name());
        Alias::named("data").alias_name(alias).target_key_id(&key).create(stack);
        Self(Some(key))
    }

    /// Another one for what is kept in the region of a stack, where there is one.
    #[track_caller]
    pub(crate) fn also_in(self, stack: &Stack) -> Self {
        Self(self.0.map(|_| key(stack)))
    }

    /// The key, if there is one.
    #[must_use]
    pub fn get(&self) -> Option<&Key> {
        self.0.as_ref()
    }

    /// What a role has to be allowed to read, and to write if it does, what a service keeps with the
    /// key.
    pub(crate) fn statement(
        &self,
        region: &Output<String>,
        service: &str,
        actions: &[&str],
    ) -> Option<Statement> {
        let key = self.0?;
        let statement = Statement::allow()
            .actions(actions.to_vec())
            .resources([interpolate!("{}", key.arn())])
            .conditions_push(
                "StringEquals",
                [("kms:ViaService", [interpolate!("{service}.{region}.amazonaws.com")])],
            );
        Some(statement)
    }
}

#[track_caller]
fn key(stack: &Stack) -> Key {
    Key::named("data")
        .description("Moodle's data: database, caches, files, logs, secrets and backups")
        .key_policy(policy(stack))
        .rotation_period_in_days(Days(365))
        .create(stack)
}

/// Who may do what with the key.
fn policy(stack: &Stack) -> PolicyDocument {
    let account = CallerIdentity::lookup("account").create(stack).account();
    let zones = AvailabilityZones::lookup("available").create(stack).zone_names();
    let region = zones.index(0).map(|zone| zone[..zone.len() - 1].to_owned());
    let here = |key: &'static str| [(key, [account.clone()])];
    let by_the_account = Statement::allow()
        .sid("ByTheAccount")
        .principals([Principal::aws(interpolate!("arn:aws:iam::{account}:root"))])
        .actions(["kms:*"])
        .resources(["*"]);
    let logs = Statement::allow()
        .sid("Logs")
        .principals([Principal::service(interpolate!("logs.{region}.amazonaws.com"))])
        .actions(USE)
        .resources(["*"])
        .conditions_push(
            "ArnLike",
            [(
                "kms:EncryptionContext:aws:logs:arn",
                [interpolate!("arn:aws:logs:{region}:{account}:log-group:*")],
            )],
        );
    let files = Statement::allow()
        .sid("LogsAsFiles")
        .principals([Principal::service("delivery.logs.amazonaws.com")])
        .actions(USE)
        .resources(["*"])
        .conditions_push("StringEquals", here("aws:SourceAccount"));
    let scaling = |sid: &str| {
        Statement::allow()
            .sid(sid)
            .principals([Principal::everyone()])
            .resources(["*"])
            .conditions_push("ArnLike", [("aws:PrincipalArn", [SCALING_ROLE])])
            .conditions_push("StringEquals", here("kms:CallerAccount"))
    };
    let disks = scaling("Disks").actions(USE);
    let attach = scaling("DisksAttached")
        .actions(["kms:CreateGrant"])
        .conditions_push("Bool", [("kms:GrantIsForAWSResource", ["true"])]);
    PolicyDocument::new([by_the_account, logs, files, disks, attach])
}

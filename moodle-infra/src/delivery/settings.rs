//! [`DeliverySettings`]: how the controller is to be.

use infra_core::{
    aws::{RoleArn, SecretArn, ecr::Repository},
    prelude::*,
};

use crate::{Domain, SettingsError, SiteKey};

/// How the controller is to be, and what it delivers.
#[derive(Clone, Debug)]
pub struct DeliverySettings {
    /// The name that it is reached by, one of those in the certificate of the site's balancer.
    pub domain: Domain,
    /// From where it is reached. The balancer sees the address of a proxy where there is one.
    pub reached_from: Vec<Ipv4Net>,
    /// Its image, made by `moodle-infra/delivery/controller`.
    pub image: Input<String>,
    /// What it builds.
    pub git: GitRepository,
    /// Where it pushes the image to. Default: to the site's own repository
    /// ([`Images`](crate::Images)), which it then has.
    pub repository: Option<ImageRepository>,
    /// The role that the infrastructure's program runs as; its trust policy must name
    /// [`Delivery::role`](crate::Delivery), or the account with a condition on it.
    pub deploy_role: Input<RoleArn>,
    /// The command of the infrastructure's program, with its options: `INFRA` of the stages.
    pub program: String,
    /// The secret with the passphrase of the stack's state. Default: none.
    pub passphrase: Option<Input<SecretArn>>,
    /// How many builds run at once on the controller's host, with its Docker. Whoever may change
    /// the repository is then as good as root there, and could reach the site by a delivery anyway.
    /// With none, builds run on agents labelled `delivery` that somebody attaches. Default: one.
    pub executors: u32,
    /// How much of a CPU it has, in 1024ths. Default: 1024.
    pub cpu: u32,
    /// How much memory it has. Default: 3 GiB.
    pub memory: MiB,
    /// The place of its first rule at the balancer's listener; the others follow. Default: 100.
    pub priority: u32,
    /// The key that encrypts its log and its administrator's password. Default: AWS's own.
    pub key: SiteKey,
}

/// A git repository that the controller reads.
#[derive(Clone, Debug)]
pub struct GitRepository {
    /// Its address, with HTTPS.
    pub url: String,
    /// The secret that holds `username` and `password` as JSON; without it everybody reads it.
    pub credentials: Option<Input<SecretArn>>,
}

impl GitRepository {
    /// One that everybody reads.
    pub fn public(url: impl Into<String>) -> Self {
        Self { url: url.into(), credentials: None }
    }

    /// One that is read with what a secret holds, `username` and `password` as JSON.
    pub fn private(url: impl Into<String>, credentials: impl IntoInput<SecretArn>) -> Self {
        Self { url: url.into(), credentials: Some(credentials.into_input()) }
    }
}

/// A repository of images.
#[derive(Clone, Debug)]
pub struct ImageRepository {
    /// Its address: `123456789012.dkr.ecr.eu-central-1.amazonaws.com/moodle`.
    pub uri: Input<String>,
    /// Its ARN.
    pub arn: Input<String>,
}

impl ImageRepository {
    /// The repository of an address and an ARN.
    pub fn new(uri: impl IntoInput<String>, arn: impl IntoInput<String>) -> Self {
        Self { uri: uri.into_input(), arn: arn.into_input() }
    }

    /// A repository of this program.
    #[must_use]
    pub fn of(repository: &Repository) -> Self {
        Self::new(repository.repository_uri(), interpolate!("{}", repository.arn()))
    }
}

impl DeliverySettings {
    /// A controller of one CPU that builds by itself, with the rest as the fields say.
    pub fn new(
        domain: Domain,
        reached_from: impl IntoIterator<Item = Ipv4Net>,
        image: impl IntoInput<String>,
        git: GitRepository,
        repository: impl Into<Option<ImageRepository>>,
        deploy_role: impl IntoInput<RoleArn>,
    ) -> Self {
        Self {
            domain,
            reached_from: reached_from.into_iter().collect(),
            image: image.into_input(),
            git,
            repository: repository.into(),
            deploy_role: deploy_role.into_input(),
            program: "site".to_owned(),
            passphrase: None,
            executors: 1,
            cpu: 1024,
            memory: MiB(3072),
            priority: 100,
            key: SiteKey::default(),
        }
    }

    pub(super) fn check(&self) -> Result<(), SettingsError> {
        let everybody = self.reached_from.iter().any(|range| range.prefix_len() == 0);
        if everybody || self.reached_from.is_empty() {
            return Err(SettingsError::DeliveryRanges { everybody });
        }
        if !self.git.url.starts_with("https://") {
            return Err(SettingsError::DeliveryGit { url: self.git.url.clone() });
        }
        Ok(())
    }
}

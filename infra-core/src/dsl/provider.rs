//! [`Provider`]: which cloud, account and region a resource goes to.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Which cloud, account and region a resource goes to. A plain value without credentials: those
/// come from the environment when the program runs, and never enter state.
///
/// It is inherited through components, can be set per resource, and is recorded with each
/// resource, so that deletion works when the program no longer mentions it. Changing it replaces.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Provider {
    /// The kind: the first part of the types that it serves (`aws`, `cloudflare`, `local`).
    pub kind: Arc<str>,
    /// The region, for clouds that have them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Arc<str>>,
    /// The account that it must be; checked before anything is touched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<Arc<str>>,
    /// The role to assume.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Arc<str>>,
}

impl Provider {
    /// AWS in a region, with the account that the credentials belong to.
    #[must_use]
    pub fn aws(region: &str) -> Self {
        Self { region: Some(region.into()), ..Self::of_kind("aws") }
    }

    /// A provider without a region.
    #[must_use]
    pub fn of_kind(kind: &str) -> Self {
        Self { kind: kind.into(), region: None, account: None, role: None }
    }

    /// Whether this is what [`of_kind`](Self::of_kind) makes.
    pub(crate) fn is_all_of_kind(&self, kind: &str) -> bool {
        let Self { kind: own, region, account, role } = self;
        **own == *kind && region.is_none() && account.is_none() && role.is_none()
    }

    /// The same, pinned to an account.
    #[must_use]
    pub fn account(mut self, account: &str) -> Self {
        self.account = Some(account.into());
        self
    }

    /// The same, assuming a role.
    #[must_use]
    pub fn role(mut self, role: &str) -> Self {
        self.role = Some(role.into());
        self
    }
}

impl std::fmt::Display for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.kind)?;
        for part in [&self.account, &self.region, &self.role].into_iter().flatten() {
            write!(f, "/{part}")?;
        }
        Ok(())
    }
}

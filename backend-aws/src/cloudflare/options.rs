//! [`CloudflareOptions`]: which Cloudflare, and how it is reached.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex},
};

use infra_core::dsl::Provider;

use super::Cloudflare;

/// The variable of the environment that the token is found in.
pub(crate) const VARIABLE: &str = "CLOUDFLARE_API_TOKEN";

/// Which Cloudflare, and how it is reached.
#[derive(Clone, Default)]
pub struct CloudflareOptions {
    /// The API token. Nothing of it is kept. Default: none, and a program that has Cloudflare's
    /// types is refused; a place takes that of the environment, `CLOUDFLARE_API_TOKEN`.
    pub token: Option<String>,
    /// Where the API is, instead of at Cloudflare: `http://localhost:8080/client/v4`.
    pub endpoint: Option<String>,
}

impl fmt::Debug for CloudflareOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CloudflareOptions")
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

impl CloudflareOptions {
    /// With the token of the environment, if there is none yet.
    pub(crate) fn with_environment(mut self) -> Self {
        #[expect(clippy::disallowed_methods, reason = "credentials come from the environment")]
        let given = || std::env::var(VARIABLE).ok();
        self.token = self.token.or_else(given).filter(|token| !token.trim().is_empty());
        self
    }
}

/// Makes what asks Cloudflare, once for each account.
#[derive(Debug)]
pub(crate) struct Factory {
    pub(super) options: CloudflareOptions,
    /// Whether another server stands in for AWS, and none for Cloudflare: then nothing is called, so
    /// that a trial changes nothing that is real.
    pub(super) withheld: bool,
    made: Mutex<BTreeMap<Option<Arc<str>>, Arc<Cloudflare>>>,
}

impl Factory {
    pub(crate) fn new(options: CloudflareOptions, withheld: bool) -> Self {
        Self { options, withheld, made: Mutex::default() }
    }

    /// What asks for the account of a provider.
    pub(crate) fn of(&self, provider: &Provider) -> Arc<Cloudflare> {
        let mut made = self.made.lock().expect("nobody panics with it");
        let account = provider.account.clone();
        let make = || Arc::new(Cloudflare::new(self, account.clone()));
        Arc::clone(made.entry(account.clone()).or_insert_with(make))
    }
}

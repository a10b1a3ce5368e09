//! [`LoadError`]: why a site can't be visited.

/// Why a site can't be visited at all. What goes wrong during visits is a [`Failure`], and in the
/// report.
///
/// [`Failure`]: crate::containers::drill::Failure
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The address is none.
    #[error("`{url}` is no address of a site: it is `https://host:port`")]
    Url {
        /// What was given.
        url: String,
    },
    /// Nobody vouches for the site's certificate.
    #[error("there is no certificate of an authority to check the site's with: give its PEM file")]
    Authority,
    /// There are no users, or no requests.
    #[error("{users} users with {accounts} accounts and {rate} requests a second are no load")]
    Nobody {
        /// How many users there are to be.
        users: u32,
        /// How many accounts there are.
        accounts: u32,
        /// How many requests a second.
        rate: f64,
    },
}

//! [`Plan`]: what is paid for a zone, and what that allows.

use crate::{
    cloudflare::rulesets::{Phase, RateField},
    prelude::*,
    props,
};

/// What is paid for a zone. It bounds how much may be uploaded at once, how many rules there are
/// and what they may do.
///
/// Figures are those of Cloudflare's documentation of 2026-08; what a contract adds to Enterprise
/// counts as had.
#[props(words = "lower")]
pub enum Plan {
    /// For nothing.
    Free,
    /// The smallest one that is paid.
    Pro,
    /// With rules about more than addresses.
    Business,
    /// By contract.
    Enterprise,
}

impl Plan {
    /// The largest body of a request. Larger ones are answered with 413 by Cloudflare itself.
    #[must_use]
    pub fn max_upload(self) -> MB {
        match self {
            Self::Free | Self::Pro => MB(100),
            Self::Business => MB(200),
            Self::Enterprise => MB(500),
        }
    }

    /// How many rules a phase may have; `None` where that is not counted.
    #[must_use]
    pub fn rules(self, phase: Phase) -> Option<usize> {
        let of_plans = match phase {
            Phase::HttpRequestFirewallCustom => [5, 20, 100, 1000],
            Phase::HttpRatelimit => [1, 2, 5, 100],
            Phase::HttpRequestCacheSettings => [10, 25, 50, 300],
            Phase::HttpRequestFirewallManaged => return None,
        };
        Some(of_plans[self as usize])
    }

    /// Whether rules about how often somebody may come can ask for a field of the request, such as
    /// `http.host`.
    #[must_use]
    pub fn limits_ask_for(self, field: &str) -> bool {
        let known = LIMITS_ASK_FOR.iter().find(|(known, _)| *known == field);
        let from = known.map_or(Self::Enterprise, |(_, plan)| *plan);
        self >= from
    }

    /// Over how long requests are counted at most.
    #[must_use]
    pub fn longest_period(self) -> Seconds {
        [Seconds(10), Seconds(60), Seconds(600), Seconds(65_535)][self as usize]
    }

    /// For how long a rate limit holds at most.
    #[must_use]
    pub fn longest_timeout(self) -> Seconds {
        [Seconds(10), Seconds(3600), Seconds(86_400), Seconds(86_400)][self as usize]
    }

    /// Whether requests can be counted by a figure of theirs.
    #[must_use]
    pub fn counts_by(self, field: RateField) -> bool {
        match field {
            RateField::Ip => true,
            RateField::IpWithNat => self >= Self::Business,
            _ => self == Self::Enterprise,
        }
    }
}

/// From which plan on limits can ask for a field; all others are for Enterprise. Source: "Rate
/// limiting rules", "Availability".
const LIMITS_ASK_FOR: [(&str, Plan); 9] = [
    ("http.request.uri.path", Plan::Free),
    ("cf.client.bot", Plan::Free),
    ("http.host", Plan::Pro),
    ("http.request.uri", Plan::Pro),
    ("http.request.full_uri", Plan::Pro),
    ("http.request.uri.query", Plan::Pro),
    ("http.request.method", Plan::Business),
    ("ip.src", Plan::Business),
    ("http.user_agent", Plan::Business),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dearer_plans_allow_no_less() {
        for (less, more) in Plan::ALL.into_iter().zip(Plan::ALL.into_iter().skip(1)) {
            assert!(less < more);
            assert!(less.max_upload() <= more.max_upload());
            assert!(less.longest_period() <= more.longest_period());
            assert!(less.longest_timeout() <= more.longest_timeout());
            for phase in Phase::ALL {
                assert!(less.rules(phase) <= more.rules(phase), "{phase}");
            }
            for field in RateField::ALL {
                assert!(!less.counts_by(field) || more.counts_by(field), "{field}");
            }
        }
    }
}

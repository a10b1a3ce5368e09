//! What Cloudflare challenges, limits, looks at and caches of a site.

use infra_core::{
    cloudflare::{
        Plan,
        rulesets::{
            Action, CacheSettings, Characteristic, EdgeTtl, EdgeTtlMode, Execute, ManagedRuleset,
            Phase, RateField, RateLimit, Rule, Skip,
        },
    },
    prelude::*,
};

use super::CloudflareSettings;
use crate::{
    Domain,
    edge::paths::{ADMINISTRATION, ASKS_FOR_MAIL, EDITORS, LOGIN, PUBLIC},
};

/// How often somebody may try a password in a minute.
const LOGINS: u32 = 30;

/// The rules of a site.
pub(super) struct Rules<'a> {
    pub(super) of: &'a CloudflareSettings,
    pub(super) domain: &'a Domain,
}

impl Rules<'_> {
    /// The site, and nothing else in its zone.
    fn site(&self) -> String {
        format!("http.host eq \"{}\"", self.domain)
    }

    /// What is not asked of the campus, and then who asks for accounts and mails, or for the
    /// administration, and might be a machine.
    pub(super) fn challenges(&self) -> Vec<Rule> {
        let asks = ASKS_FOR_MAIL.map(|path| format!("\"{path}\"")).join(" ");
        let expression = format!(
            "{} and (http.request.uri.path in {{{asks}}} or {})",
            self.site(),
            begins(ADMINISTRATION)
        );
        let what = "Machines that ask for accounts, mails or the administration";
        let challenge =
            Rule::managed_challenge(expression).description(what).reference("challenges");
        self.campus().into_iter().chain([challenge]).collect()
    }

    /// Limits can't ask on every plan where somebody is; rules of one's own can, and leave them out.
    fn campus(&self) -> Option<Rule> {
        if self.of.campus.is_empty() {
            return None;
        }
        let ranges: Vec<String> = self.of.campus.iter().map(ToString::to_string).collect();
        let expression = format!("{} and ip.src in {{{}}}", self.site(), ranges.join(" "));
        let rest = Skip::new().current_ruleset(true).phases([Phase::HttpRatelimit]);
        let rule = Rule::skip(expression, rest).log_skipped(false);
        Some(rule.description("The campus comes from few addresses").reference("campus"))
    }

    /// Who comes too often, or tries passwords, as far as the plan has room for rules. On Free they
    /// can ask for the path alone, on Pro for the host too, and from Business on for the method.
    /// Source: "Rate limiting rules", "Availability".
    pub(super) fn limits(&self) -> Vec<Rule> {
        let plan = self.of.plan;
        let site = if plan == Plan::Free { String::new() } else { format!("{} and ", self.site()) };
        let posted = match plan {
            Plan::Free | Plan::Pro => "",
            Plan::Business | Plan::Enterprise => "http.request.method eq \"POST\" and ",
        };
        let all = format!("{site}not ({})", any(PUBLIC.map(|(path, _)| path)));
        let login = format!("{site}{posted}http.request.uri.path eq \"{LOGIN}\"");
        let rules = [
            (all, self.of.requests_per_minute, "Too many requests", "requests"),
            (login, LOGINS, "Passwords that are tried", "logins"),
        ];
        let most = plan.rules(Phase::HttpRatelimit).unwrap_or(usize::MAX);
        let rule = |(expression, requests, what, name): (String, u32, &str, &str)| {
            Rule::new(expression, Action::Block)
                .description(what)
                .reference(name)
                .ratelimit(self.limit(requests))
        };
        rules.into_iter().take(most).map(rule).collect()
    }

    /// So many requests a minute, counted for as long as the plan does it.
    fn limit(&self, requests_per_minute: u32) -> RateLimit {
        const MINUTE: u32 = 60;
        let plan = self.of.plan;
        let period = plan.longest_period().0.min(MINUTE);
        let requests = requests_per_minute.saturating_mul(period).div_ceil(MINUTE).max(1);
        let by = match plan.counts_by(RateField::IpWithNat) {
            true => Characteristic::field(RateField::IpWithNat),
            false => Characteristic::ip(),
        };
        let timeout = plan.longest_timeout().0.min(MINUTE);
        RateLimit::new([by], Seconds(period), requests, Seconds(timeout))
    }

    /// What Cloudflare knows of attacks, all over the zone. By points it would take people for
    /// attackers who write pages and program code: those rules are left out for editors. On Free
    /// Cloudflare looks for the worst by itself.
    pub(super) fn attacks(&self) -> Vec<Rule> {
        if self.of.plan == Plan::Free {
            return vec![];
        }
        let written = format!(
            "{} and http.request.method in {{\"POST\" \"PUT\"}} and ({})",
            self.site(),
            any(EDITORS)
        );
        let all = |ruleset| Rule::execute("true", Execute::of(ruleset));
        vec![
            all(ManagedRuleset::Cloudflare).description("Known holes").reference("known"),
            Rule::skip(written, Skip::new().current_ruleset(true))
                .log_skipped(false)
                .description("What editors send looks like attacks")
                .reference("editors"),
            all(ManagedRuleset::Owasp)
                .description("SQL, scripts and other attacks, by points")
                .reference("points"),
        ]
    }

    /// What is everybody's is kept for as long as the site says; nothing else is, whatever its name
    /// ends with.
    pub(super) fn cache(&self) -> Vec<Rule> {
        let site = self.site();
        let public = format!("{site} and ({})", any(PUBLIC.map(|(path, _)| path)));
        let kept = CacheSettings::new(true).edge_ttl(EdgeTtl::new(EdgeTtlMode::BypassByDefault));
        vec![
            Rule::cache(site, CacheSettings::bypass())
                .description("Pages and files are somebody's")
                .reference("nothing"),
            Rule::cache(public, kept)
                .description("Styles, pictures and scripts are everybody's")
                .reference("public"),
        ]
    }
}

fn begins(path: &str) -> String {
    format!("starts_with(http.request.uri.path, \"{path}\")")
}

fn any<const N: usize>(paths: [&str; N]) -> String {
    paths.map(begins).join(" or ")
}

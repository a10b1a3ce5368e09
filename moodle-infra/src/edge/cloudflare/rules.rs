//! What Cloudflare challenges, limits, looks at and caches of a site.

use infra_core::{
    cloudflare::{
        Plan,
        rulesets::{
            Action, CacheSettings, Characteristic, EdgeTtl, EdgeTtlMode, Execute, ManagedRuleset,
            Phase, RateField, RateLimit, Rule,
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

    /// That somebody is not on the campus.
    fn elsewhere(&self) -> String {
        if self.of.campus.is_empty() {
            return String::new();
        }
        let ranges: Vec<String> = self.of.campus.iter().map(ToString::to_string).collect();
        format!(" and not ip.src in {{{}}}", ranges.join(" "))
    }

    /// Who asks for accounts and mails, or for the administration, and might be a machine.
    pub(super) fn challenges(&self) -> Vec<Rule> {
        let asks = ASKS_FOR_MAIL.map(|path| format!("\"{path}\"")).join(" ");
        let (site, elsewhere) = (self.site(), self.elsewhere());
        let expression = format!(
            "{site} and (http.request.uri.path in {{{asks}}} or {}){elsewhere}",
            begins(ADMINISTRATION)
        );
        let what = "Machines that ask for accounts, mails or the administration";
        vec![Rule::managed_challenge(expression).description(what).reference("challenges")]
    }

    /// Who comes too often, or tries passwords, as far as the plan has room for rules.
    pub(super) fn limits(&self) -> Vec<Rule> {
        let (site, elsewhere) = (self.site(), self.elsewhere());
        let all = format!("{site} and not ({}){elsewhere}", any(PUBLIC.map(|(path, _)| path)));
        let login = format!(
            "{site} and http.request.method eq \"POST\" and http.request.uri.path eq \
             \"{LOGIN}\"{elsewhere}"
        );
        let rules = [
            (all, self.of.requests_per_minute, "Too many requests", "requests"),
            (login, LOGINS, "Passwords that are tried", "logins"),
        ];
        let most = self.of.plan.rules(Phase::HttpRatelimit).unwrap_or(usize::MAX);
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

    /// What Cloudflare knows of attacks. By points alone it would take people for attackers who
    /// write pages and program code. On Free Cloudflare looks for the worst by itself.
    pub(super) fn attacks(&self) -> Vec<Rule> {
        if self.of.plan == Plan::Free {
            return vec![];
        }
        let site = self.site();
        let written = format!("http.request.method in {{\"POST\" \"PUT\"}} and ({})", any(EDITORS));
        vec![
            Rule::execute(site.clone(), Execute::of(ManagedRuleset::Cloudflare))
                .description("Known holes")
                .reference("known"),
            Rule::execute(
                format!("{site} and not ({written})"),
                Execute::of(ManagedRuleset::Owasp),
            )
            .description("SQL, scripts and other attacks, but for what editors send")
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

//! What is special about the settings of a zone: times and sizes in steps.

use infra_core::{
    cloudflare::zones,
    dsl::{Prop, ResourceType},
    schema::TypeDef,
    types::{MB, Seconds},
};

use crate::sim::{
    cloudflare::CODES,
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Settings];

type S = zones::Settings;

const INVALID: &str = "1007";

/// For how long a challenge may count, in seconds.
const CHALLENGES: [u32; 14] = [
    300, 900, 1800, 2700, 3600, 7200, 10_800, 14_400, 28_800, 57_600, 86_400, 604_800, 2_592_000,
    31_536_000,
];
/// For how long browsers may keep what is cached, in seconds.
const CACHED: [u32; 28] = [
    0, 30, 60, 120, 300, 1200, 1800, 3600, 7200, 10_800, 14_400, 18_000, 28_800, 43_200, 57_600,
    72_000, 86_400, 172_800, 259_200, 345_600, 432_000, 691_200, 1_382_400, 2_073_600, 2_678_400,
    5_356_800, 16_070_400, 31_536_000,
];

struct Settings;

impl Special for Settings {
    fn ty(&self) -> &'static TypeDef {
        S::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_step(asked, S::CHALLENGE_TTL, &CHALLENGES)?;
        check_step(asked, S::BROWSER_CACHE_TTL, &CACHED)?;
        if let Some(MB(size)) = asked.get(S::MAX_UPLOAD)
            && !((100..=500).contains(&size) && size.is_multiple_of(25))
        {
            return refused("max_upload", format!("{size} must be 100 to 500 in steps of 25"));
        }
        if let Some(Seconds(seconds)) = asked.get(S::PROXY_READ_TIMEOUT)
            && !(1..=6000).contains(&seconds)
        {
            return refused("proxy_read_timeout", format!("{seconds} must be between 1 and 6000"));
        }
        let strict = asked.get(S::SECURITY_HEADER);
        if strict.is_some_and(|strict| strict.enabled && strict.max_age == Seconds(0)) {
            let what = "is enabled for a `max_age` of 0 s, which takes it back".to_owned();
            return refused("security_header", what);
        }
        Ok(())
    }
}

fn refused(property: &str, what: String) -> Result<(), Refusal> {
    Err(Refusal::invalid(property, INVALID, format!("`{property}` {what}")))
}

fn check_step(asked: &Asked<'_>, prop: Prop<S, Seconds>, steps: &[u32]) -> Result<(), Refusal> {
    let Some(Seconds(seconds)) = asked.get(prop) else { return Ok(()) };
    if steps.contains(&seconds) {
        return Ok(());
    }
    let known: Vec<String> = steps.iter().map(ToString::to_string).collect();
    let what = format!("{seconds} is none of the steps {}", known.join(", "));
    refused(S::definition().prop(prop.slot).name, what)
}

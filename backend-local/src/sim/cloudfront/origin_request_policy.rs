//! What is special about an origin request policy: what it may let through.

use infra_core::{
    aws::cloudfront::{self, HeaderSelectionArgs, ManagedOriginRequestPolicy},
    dsl::ResourceType,
    schema::TypeDef,
};

use super::{
    behavior::{check_name, check_names, check_selection},
    distribution::INVALID,
};
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&OriginRequestPolicy];

const CODES: Codes = Codes {
    not_found: "NoSuchOriginRequestPolicy",
    not_ready: "PreconditionFailed",
    exists: "OriginRequestPolicyAlreadyExists",
    in_use: "OriginRequestPolicyInUse",
    quota: "TooManyOriginRequestPolicies",
};
/// What only a cache policy lets through, or all headers together.
const NOT_ALONE: [&str; 2] = ["authorization", "accept-encoding"];

struct OriginRequestPolicy;

type P = cloudfront::OriginRequestPolicy;

impl Special for OriginRequestPolicy {
    fn ty(&self) -> &'static TypeDef {
        P::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Origin request policies per AWS account", adjustable.
        Some(20)
    }

    fn is_always_there(&self, id: &str) -> bool {
        ManagedOriginRequestPolicy::ALL.iter().any(|policy| policy.id() == id)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        use HeaderSelectionArgs as H;
        check_name(&asked.get(P::NAME).unwrap_or_default(), 128)?;
        asked.check_text(P::COMMENT, 128, INVALID)?;
        check_selection("cookies", asked.get(P::COOKIES))?;
        check_selection("query_strings", asked.get(P::QUERY_STRINGS))?;
        let refused = |message: String| Err(Refusal::invalid("headers", INVALID, message));
        match asked.get(P::HEADERS) {
            None | Some(H::None(_) | H::AllViewer(_)) => Ok(()),
            Some(H::AllViewerExcept(names)) => check_names("headers", &names),
            Some(H::Only(names)) => {
                check_names("headers", &names)?;
                let alone = |name: &&String| NOT_ALONE.contains(&&*name.to_ascii_lowercase());
                match names.iter().find(alone) {
                    Some(name) => refused(format!(
                        "`headers` {name} can't be let through by itself; name it in the cache \
                         policy, or let all headers through"
                    )),
                    None => Ok(()),
                }
            }
            Some(H::AllViewerAndCloudFront(names)) => {
                check_names("headers", &names)?;
                let made = |name: &&String| !name.to_ascii_lowercase().starts_with("cloudfront-");
                match names.iter().find(made) {
                    Some(name) => refused(format!(
                        "`headers` {name} is not one that CloudFront makes: those begin with \
                         CloudFront-"
                    )),
                    None => Ok(()),
                }
            }
        }
    }
}

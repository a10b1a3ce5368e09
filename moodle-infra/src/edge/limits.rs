//! How large a request may be that passes an edge, and how long its answer may take.

use infra_core::{cloudflare::Plan, prelude::*};

use super::{CloudFrontSettings, Edge};
use crate::{SettingsError, WebSettings, balancer::IDLE, web::FORM};

/// How long Cloudflare waits for an answer where no contract says otherwise; then it answers 524.
/// Source: "Connection limits" of Cloudflare Fundamentals.
const CLOUDFLARE_WAITS: Seconds = Seconds(100);

/// What an edge lets pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bounds {
    /// The largest body of a request, in bytes.
    request: Option<u64>,
    /// How long an answer may take.
    answer: Seconds,
}

impl Bounds {
    fn of(edge: &Edge) -> Self {
        match edge {
            Edge::Direct { .. } => Self { request: None, answer: IDLE },
            Edge::Cloudflare(settings) => Self {
                request: Some(u64::from(settings.plan.max_upload().0) * 1_000_000),
                answer: match settings.plan {
                    Plan::Enterprise => IDLE,
                    _ => CLOUDFLARE_WAITS,
                },
            },
            // Requests of 20 GB pass CloudFront, far more than a task has room for.
            Edge::CloudFront(CloudFrontSettings { longest_answer, .. }) => {
                Self { request: None, answer: *longest_answer }
            }
        }
    }

    /// The largest upload that passes with the form around it.
    fn upload(self) -> Option<MiB> {
        let whole = self.request? / (1 << 20);
        let whole = u32::try_from(whole).unwrap_or(u32::MAX);
        Some(MiB(whole.saturating_sub(FORM)))
    }
}

impl Edge {
    fn name(&self) -> String {
        match self {
            Self::Direct { .. } => "the balancer".to_owned(),
            Self::Cloudflare(settings) => format!("Cloudflare on the plan {}", settings.plan),
            Self::CloudFront(_) => "CloudFront".to_owned(),
        }
    }

    /// What a request may be: as it was said, or the default as far as the edge goes along.
    ///
    /// # Errors
    /// If it was said, and the edge does not go along.
    pub(crate) fn web(&self, said: Option<&WebSettings>) -> Result<WebSettings, SettingsError> {
        let bounds = Bounds::of(self);
        let Some(web) = said else {
            let WebSettings { upload, longest_request, edge } = WebSettings::default();
            return Ok(WebSettings {
                upload: bounds.upload().map_or(upload, |most| upload.min(most)),
                longest_request: longest_request.min(bounds.answer),
                edge,
            });
        };
        if let Some(most) = bounds.upload().filter(|most| web.upload > *most) {
            let (edge, upload, most) = (self.name(), web.upload.0, most.0);
            return Err(SettingsError::EdgeUpload { edge, upload, form: FORM, most });
        }
        // The balancer's own bound is told by the settings themselves.
        if self.is_between() && web.longest_request > bounds.answer {
            let (edge, seconds) = (self.name(), web.longest_request.0);
            return Err(SettingsError::EdgeRequest { edge, seconds, most: bounds.answer.0 });
        }
        Ok(web.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CloudflareSettings;

    fn on(plan: Plan) -> Edge {
        Edge::Cloudflare(CloudflareSettings::new("example.edu".parse().unwrap(), plan))
    }

    fn web(upload: u32, seconds: u32) -> WebSettings {
        let longest_request = Seconds(seconds);
        WebSettings { upload: MiB(upload), longest_request, ..WebSettings::default() }
    }

    /// A plan counts by a million bytes, Moodle by 1,048,576, and the form comes on top.
    #[test]
    fn uploads_fit_through_with_their_form() {
        for (plan, most) in
            [(Plan::Free, 87), (Plan::Pro, 87), (Plan::Business, 182), (Plan::Enterprise, 468)]
        {
            let edge = on(plan);
            let bytes = u64::from(plan.max_upload().0) * 1_000_000;
            let passes = |upload: u32| u64::from(upload + FORM) * (1 << 20) <= bytes;
            assert!(passes(most) && !passes(most + 1), "{plan}");
            edge.web(Some(&web(most, 100))).unwrap();
            let error = edge.web(Some(&web(most + 1, 100))).unwrap_err().to_string();
            let wanted = format!(
                "an upload of {} MiB, with a form of 8 MiB around it: Cloudflare on the plan {plan} \
                 lets uploads of {most} MiB pass",
                most + 1
            );
            assert!(error.starts_with(&wanted), "{error}");
        }
    }

    #[test]
    fn defaults_follow_the_edge() {
        assert_eq!(Edge::default().web(None).unwrap(), WebSettings::default());
        assert_eq!(on(Plan::Pro).web(None).unwrap(), web(87, 100));
        assert_eq!(on(Plan::Business).web(None).unwrap(), web(100, 100));
        assert_eq!(on(Plan::Enterprise).web(None).unwrap(), web(100, 300));
    }

    #[test]
    fn answers_come_before_the_edge_gives_up() {
        let error = on(Plan::Pro).web(Some(&web(50, 101))).unwrap_err().to_string();
        assert!(
            error.starts_with("a request of 101 s: Cloudflare on the plan pro waits for 100 s")
        );
        on(Plan::Enterprise).web(Some(&web(50, 300))).unwrap();
    }
}

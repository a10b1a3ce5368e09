//! What AWS tells once, by events, and no figure shows: a deployment that failed, an instance that
//! did not start, a backup that was not made, a certificate that ends.

use infra_core::{
    aws::{
        CertificateArn,
        eventbridge::{InputTransformer, Rule, Target, TargetArn},
        sns::Topic,
    },
    prelude::*,
    types::Json,
};

use super::Watched;

/// Events that are told.
struct Told {
    name: &'static str,
    /// What is to be done.
    means: &'static str,
    pattern: Json,
    /// What operators read, with `<what>` and `<why>`.
    text: &'static str,
    /// Where an event has them.
    parts: [(&'static str, &'static str); 2],
}

/// Rules that tell what nobody is to miss.
#[track_caller]
pub(super) fn create(stack: &Stack, watched: &Watched<'_>, operators: &Topic) -> Vec<Rule> {
    let mut all = vec![deployments(watched), launches(watched)];
    all.extend(watched.certificate.map(certificates));
    if watched.backups.is_some() {
        all.extend(copies());
    }
    all.into_iter().map(|told| told.create(stack, operators)).collect()
}

impl Told {
    fn create(self, stack: &Stack, operators: &Topic) -> Rule {
        let rule = Rule::named(self.name)
            .description(self.means)
            .event_pattern(self.pattern)
            .create(stack);
        // A text in quotes; the parts of an event come without any.
        let text = format!("\"{} {}\"", self.text, self.means);
        Target::named(self.name)
            .rule(&rule)
            .arn(TargetArn::topic(operators))
            .input_transformer(InputTransformer::new(text).input_paths_map(self.parts))
            .create(stack);
        rule
    }
}

/// What comes from a service of AWS, of certain kinds, with further fields.
fn pattern(source: &str, kinds: &[&str], more: &[(&str, Json)]) -> Json {
    let of = [("source", words(&[source])), ("detail-type", words(kinds))];
    Json::object(of.into_iter().chain(more.iter().cloned()))
}

/// One of several words.
fn words(words: &[&str]) -> Json {
    Json::array(words.iter().map(|word| Json::text(*word)))
}

/// Tasks of the new kind did not come up: the old ones run, if the deployment is taken back by
/// itself.
fn deployments(watched: &Watched<'_>) -> Told {
    let app = watched.app;
    let services = [&app.service, &app.runners.cron, &app.runners.adhoc];
    let services = services.map(|service| Json::text(interpolate!("{}", service.service_arn())));
    let failed = Json::object([("eventName", words(&["SERVICE_DEPLOYMENT_FAILED"]))]);
    Told {
        name: "deployment-failed",
        means: "Look at the events of the service and at the log of its newest tasks.",
        pattern: pattern(
            "aws.ecs",
            &["ECS Deployment State Change"],
            &[("resources", Json::array(services)), ("detail", failed)],
        ),
        text: "A deployment of <what> failed: <why>.",
        parts: [("what", "$.resources[0]"), ("why", "$.detail.reason")],
    }
}

/// No room in a zone, a quota that is reached, a key that may not be used.
fn launches(watched: &Watched<'_>) -> Told {
    let group = interpolate!("{}", watched.hosts.group.auto_scaling_group_name());
    let named = Json::object([("AutoScalingGroupName", Json::array([Json::text(group)]))]);
    Told {
        name: "instance-not-launched",
        means: "Tasks wait for room: take another type or zone, or have the quota raised.",
        pattern: pattern(
            "aws.autoscaling",
            &["EC2 Instance Launch Unsuccessful"],
            &[("detail", named)],
        ),
        text: "An instance of <what> could not be launched: <why>.",
        parts: [("what", "$.detail.AutoScalingGroupName"), ("why", "$.detail.StatusMessage")],
    }
}

/// AWS renews what it can, 60 days before the end, and begins to tell at 45 of what it could not.
fn certificates(certificate: &Input<CertificateArn>) -> Told {
    let certificate = Json::array([Json::text(interpolate!("{}", certificate.clone()))]);
    Told {
        name: "certificate-ends",
        means: "Are its records in the zone still those that ACM asks for?",
        pattern: pattern(
            "aws.acm",
            &[
                "ACM Certificate Approaching Expiration",
                "ACM Certificate Expired",
                "ACM Certificate Renewal Action Required",
            ],
            &[("resources", certificate)],
        ),
        text: "The certificate <what> was not renewed: <why>.",
        parts: [("what", "$.resources[0]"), ("why", "$.detail-type")],
    }
}

/// Of all backups in the account and region: not all of these events say which vault they are about,
/// and one too many is better than one that nobody hears of.
fn copies() -> [Told; 2] {
    let ended = Json::object([("state", words(&["FAILED", "ABORTED", "EXPIRED"]))]);
    // Of a restore it is called otherwise.
    let not_restored = Json::object([("status", words(&["FAILED", "ABORTED"]))]);
    let parts = |why| [("what", "$.detail.resourceType"), ("why", why)];
    [
        Told {
            name: "backup-not-made",
            means: "The last good one gets older: see AWS Backup, Jobs.",
            pattern: pattern(
                "aws.backup",
                &["Backup Job State Change", "Copy Job State Change"],
                &[("detail", ended)],
            ),
            text: "A backup of <what>, or its copy in another region, was not made: <why>.",
            parts: parts("$.detail.state"),
        },
        Told {
            name: "restore-failed",
            means: "What can't be restored is no backup: see AWS Backup, Jobs, Restore jobs.",
            pattern: pattern(
                "aws.backup",
                &["Restore Job State Change"],
                &[("detail", not_restored)],
            ),
            text: "A restore of <what> did not come to its end: <why>.",
            parts: parts("$.detail.status"),
        },
    ]
}

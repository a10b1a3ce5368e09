//! The case of `aws:ses:ConfigurationSet`.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::ses::{
        ConfigurationSet, DeliveryOptions, HttpsPolicy, SuppressedReason, SuppressionOptions,
        TlsPolicy, TrackingOptions,
    },
    prelude::*,
};

pub(crate) const CASES: &[Case] = &[Case {
    ty: ConfigurationSet::definition,
    build: |stack, v| {
        let secure = DeliveryOptions::new()
            .tls_policy(TlsPolicy::Require)
            .max_delivery_seconds(Seconds(3600));
        let tracking = |domain: &str| TrackingOptions::new(domain);
        ConfigurationSet::named("subject")
            .name(v.pick("name", "moodle", "moodle_mail"))
            .delivery_options(v.pick("delivery_options", DeliveryOptions::new(), secure))
            .reputation_metrics_enabled(v.pick("reputation_metrics_enabled", true, false))
            .sending_enabled(v.pick("sending_enabled", true, false))
            .suppression_options(v.pick(
                "suppression_options",
                SuppressionOptions::new([SuppressedReason::Bounce, SuppressedReason::Complaint]),
                SuppressionOptions::new(Vec::<SuppressedReason>::new()),
            ))
            .tracking_options(v.pick(
                "tracking_options",
                tracking("links.campus.example.org"),
                tracking("links.campus.example.org").https_policy(HttpsPolicy::Require),
            ))
            .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
            .create(stack);
    },
    refused: &[
        Refused {
            property: "delivery_options.max_delivery_seconds",
            build: |stack| {
                let delivery = DeliveryOptions::new().max_delivery_seconds(Seconds(60));
                ConfigurationSet::named("subject").delivery_options(delivery).create(stack);
            },
            says: "60 must be between 300 and 50400",
        },
        Refused {
            property: "tracking_options.custom_redirect_domain",
            build: |stack| {
                let tracking = TrackingOptions::new("links");
                ConfigurationSet::named("subject").tracking_options(tracking).create(stack);
            },
            says: "\"links\" is no domain",
        },
    ],
    fixed: &[],
    cfn: Cfn {
        name: "AWS::SES::ConfigurationSet",
        differs: &[
            ("ArchivingOptions", "left out: it needs an archive of Mail Manager"),
            ("DeliveryOptions.SendingPoolName", "left out: addresses of one's own are not used"),
            (
                "SuppressionOptions.SuppressedReasons",
                "required here: an empty list and none at all mean something else",
            ),
            ("SuppressionOptions.ValidationOptions", "left out: it costs by the message"),
            (
                "TrackingOptions.CustomRedirectDomain",
                "required here: without it there is nothing to say",
            ),
            ("VdmOptions", "left out: it costs by the message"),
            ("arn", "made of the name; CloudFormation does not tell it"),
        ],
        renamed: &[("ReputationOptions", "*"), ("SendingOptions", "*")],
    },
}];

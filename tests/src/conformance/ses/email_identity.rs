//! The cases of `aws:ses:EmailIdentity`: a domain, and an address.

use crate::conformance::{Case, Cfn, Refused};
use infra_core::{
    aws::ses::{
        BehaviorOnMxFailure, ConfigurationSet, DkimKeyLength, EmailIdentity, MailFromAttributes,
    },
    prelude::*,
};

const DOMAIN: &str = "campus.example.org";

fn refused(stack: &Stack, identity: &str) {
    EmailIdentity::named("subject").email_identity(identity).create(stack);
}

pub(crate) const CASES: &[Case] = &[
    Case {
        ty: EmailIdentity::definition,
        build: |stack, v| {
            let sets = ["one", "other"].map(|name| ConfigurationSet::named(name).create(stack));
            let [one, other] = sets.map(|set| set.name());
            EmailIdentity::named("subject")
                .email_identity(DOMAIN)
                .dkim_signing_enabled(v.pick("dkim_signing_enabled", true, false))
                .next_signing_key_length(v.pick(
                    "next_signing_key_length",
                    DkimKeyLength::Rsa1024,
                    DkimKeyLength::Rsa2048,
                ))
                .mail_from_attributes(
                    v.pick(
                        "mail_from_attributes",
                        MailFromAttributes::new("bounces.campus.example.org"),
                        MailFromAttributes::new("mail.campus.example.org")
                            .behavior_on_mx_failure(BehaviorOnMxFailure::RejectMessage),
                    ),
                )
                .email_forwarding_enabled(v.pick("email_forwarding_enabled", true, false))
                .configuration_set_name(v.pick("configuration_set_name", one, other))
                .tags(v.pick("tags", [("a", "b")], [("a", "c")]))
                .create(stack);
        },
        refused: &[
            Refused {
                property: "email_identity",
                build: |stack| refused(stack, "campus"),
                says: "is neither a domain nor an address",
            },
            Refused {
                property: "email_identity",
                build: |stack| refused(stack, "no reply@campus.example.org"),
                says: "is neither a domain nor an address",
            },
            Refused {
                property: "mail_from_attributes.mail_from_domain",
                build: |stack| {
                    EmailIdentity::named("subject")
                        .email_identity(DOMAIN)
                        .mail_from_attributes(MailFromAttributes::new("bounces.example.org"))
                        .create(stack);
                },
                says: "is no domain below campus.example.org",
            },
            Refused {
                property: "configuration_set_name",
                build: |stack| {
                    EmailIdentity::named("subject")
                        .email_identity(DOMAIN)
                        .configuration_set_name("nowhere")
                        .create(stack);
                },
                says: "does not exist",
            },
        ],
        fixed: &[("email_identity", "the domain of the others; the other case has it")],
        cfn: Cfn {
            name: "AWS::SES::EmailIdentity",
            differs: &[
                (
                    "DkimSigningAttributes.DomainSigningPrivateKey",
                    "left out: AWS's own keys change by themselves",
                ),
                (
                    "DkimSigningAttributes.DomainSigningSelector",
                    "left out: AWS's own keys change by themselves",
                ),
                (
                    "MailFromAttributes.MailFromDomain",
                    "required here: without it there is nothing to say",
                ),
                ("arn", "made of the identity; CloudFormation does not tell it"),
            ],
            renamed: &[
                ("ConfigurationSetAttributes", "*"),
                ("DkimAttributes", "*"),
                ("DkimAttributes.SigningEnabled", "dkim_signing_enabled"),
                ("DkimSigningAttributes", "*"),
                ("FeedbackAttributes", "*"),
                ("DkimDNSTokenName1", "dkim_record_names"),
                ("DkimDNSTokenName2", "dkim_record_names"),
                ("DkimDNSTokenName3", "dkim_record_names"),
                ("DkimDNSTokenValue1", "dkim_record_values"),
                ("DkimDNSTokenValue2", "dkim_record_values"),
                ("DkimDNSTokenValue3", "dkim_record_values"),
            ],
        },
    },
    Case {
        ty: EmailIdentity::definition,
        build: |stack, v| {
            EmailIdentity::named("subject")
                .email_identity(v.pick(
                    "email_identity",
                    "noreply@campus.example.org",
                    "campus.example.org",
                ))
                .create(stack);
        },
        refused: &[Refused {
            property: "mail_from_attributes.mail_from_domain",
            build: |stack| {
                EmailIdentity::named("subject")
                    .email_identity("noreply@campus.example.org")
                    .mail_from_attributes(MailFromAttributes::new("campus.example.org"))
                    .create(stack);
            },
            says: "is no domain below campus.example.org",
        }],
        fixed: &[("*", "the first case has second values of them")],
        cfn: Cfn { name: "", differs: &[], renamed: &[] },
    },
];

//! AWS: sesv2 CreateEmailIdentity, PutEmailIdentityDkimAttributes,
//! PutEmailIdentityDkimSigningAttributes, PutEmailIdentityMailFromAttributes,
//! PutEmailIdentityFeedbackAttributes, PutEmailIdentityConfigurationSetAttributes, TagResource,
//! GetEmailIdentity, DeleteEmailIdentity.

use crate::{
    aws::{ConfigurationSetName, EmailIdentityName},
    prelude::*,
    props, resource,
};

/// A domain or an address that mail is sent from.
///
/// AWS sends nothing before it is verified: a domain by three records in the DNS, which
/// `dkim_record_names` and `dkim_record_values` tell at once; an address by a link in a mail to it.
/// The resource is ready before that, so that the records can be made of what it tells.
///
/// ```
/// use infra_core::{
///     aws::ses::{ConfigurationSet, DeliveryOptions, EmailIdentity, MailFromAttributes, TlsPolicy},
///     prelude::*,
/// };
///
/// # let stack = Stack::new("campus", "test", Config::default()).unwrap();
/// let rules = ConfigurationSet::named("moodle")
///     .delivery_options(DeliveryOptions::new().tls_policy(TlsPolicy::Require))
///     .create(&stack);
/// let identity = EmailIdentity::named("campus")
///     .email_identity("campus.example.org")
///     .mail_from_attributes(MailFromAttributes::new("bounces.campus.example.org"))
///     .configuration_set_name(rules.name())
///     .create(&stack);
/// let [first, second, third] = identity.dkim_record_names().take::<3>();
/// # let _ = (first, second, third);
/// # assert!(stack.finish().problems.is_empty());
/// ```
#[resource("aws:ses:EmailIdentity", create = "2s", update = "1s", delete = "1s")]
pub struct EmailIdentity {
    /// The domain, or the address. Changing it replaces the identity. AWS: `EmailIdentity`.
    #[prop(id, replace)]
    pub email_identity: EmailIdentityName,
    /// Whether what is sent from it is signed. Default: true. Changes in place. AWS:
    /// `DkimAttributes.SigningEnabled`.
    #[prop(default = true, separate)]
    pub dkim_signing_enabled: bool,
    /// The length of the next key that AWS signs with. Default: 2048 bits. Changes in place, once a
    /// day at most. AWS: `DkimSigningAttributes.NextSigningKeyLength`.
    #[prop(default = DkimKeyLength::Rsa2048)]
    pub next_signing_key_length: DkimKeyLength,
    /// Where mail that can't be delivered comes back to, a domain of its own below this one.
    /// Default: one of AWS's, so that SPF says nothing of this domain. Changes in place. AWS:
    /// `MailFromAttributes`.
    #[prop(separate)]
    pub mail_from_attributes: Option<MailFromAttributes>,
    /// Whether mail that can't be delivered, and complaints, are sent on to the sender. Default:
    /// true. Changes in place; false where an event destination tells them. AWS:
    /// `FeedbackAttributes.EmailForwardingEnabled`.
    #[prop(default = true, separate)]
    pub email_forwarding_enabled: bool,
    /// The rules about what is sent from it, where the sender names none. Default: none. Changes in
    /// place. AWS: `ConfigurationSetAttributes.ConfigurationSetName`.
    pub configuration_set_name: Option<ConfigurationSetName>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN, for the policies of who may send.
    #[output(arn = "arn:aws:ses:{region}:{account}:identity/{id}", at = exists)]
    pub arn: String,
    /// The names of the three `CNAME` records that verify a domain; absent of an address. AWS:
    /// `DkimAttributes.Tokens`.
    #[output(at = exists)]
    pub dkim_record_names: Vec<String>,
    /// What the three records say, in the same order; absent of an address. AWS:
    /// `DkimAttributes.Tokens`.
    #[output(at = exists)]
    pub dkim_record_values: Vec<String>,
}

/// The length of a key that mail is signed with.
#[props]
pub enum DkimKeyLength {
    /// 1024 bits, for servers of the DNS that take no longer text.
    #[prop("RSA_1024_BIT")]
    Rsa1024,
    /// 2048 bits.
    #[prop("RSA_2048_BIT")]
    Rsa2048,
}

/// Where mail that can't be delivered comes back to.
///
/// The domain needs an `MX` record to `feedback-smtp.<region>.amazonses.com` and a `TXT` record that
/// says `v=spf1 include:amazonses.com ~all`.
#[props]
pub struct MailFromAttributes {
    /// The domain, below the identity's, from which and to which no other mail goes. AWS:
    /// `MailFromDomain`.
    pub mail_from_domain: String,
    /// What is done while its `MX` record is not found. Default: AWS's own domain stands in. AWS:
    /// `BehaviorOnMxFailure`.
    #[prop(default = BehaviorOnMxFailure::UseDefaultValue)]
    pub behavior_on_mx_failure: BehaviorOnMxFailure,
}

/// What is done while an `MX` record is not found.
#[props(words = "UPPER")]
pub enum BehaviorOnMxFailure {
    /// AWS's own domain stands in.
    UseDefaultValue,
    /// Nothing is sent.
    RejectMessage,
}

//! AWS: sesv2 CreateConfigurationSet, PutConfigurationSetDeliveryOptions,
//! PutConfigurationSetReputationOptions, PutConfigurationSetSendingOptions,
//! PutConfigurationSetSuppressionOptions, PutConfigurationSetTrackingOptions, TagResource,
//! GetConfigurationSet, DeleteConfigurationSet.

use crate::{aws::ConfigurationSetName, prelude::*, props, resource};

/// Rules about mail that is sent: how it is delivered, to whom nothing is sent any more, who is
/// told what became of it.
#[resource("aws:ses:ConfigurationSet", create = "1s", update = "1s", delete = "1s")]
pub struct ConfigurationSet {
    /// The name, up to 64 letters, digits, `_` and `-`. Default: made up from project, stack and
    /// name. Changing it replaces the set. AWS: `Name`.
    #[prop(id, replace, name(64, word))]
    pub name: Option<ConfigurationSetName>,
    /// How mail is delivered. Default: as AWS has it. Changes in place. AWS: `DeliveryOptions`.
    pub delivery_options: Option<DeliveryOptions>,
    /// Whether bounces and complaints are counted in CloudWatch for this set alone. Default: false.
    /// Changes in place. AWS: `ReputationOptions.ReputationMetricsEnabled`.
    #[prop(default = false)]
    pub reputation_metrics_enabled: bool,
    /// Whether mail is sent at all. Default: true. Changes in place. AWS:
    /// `SendingOptions.SendingEnabled`.
    #[prop(default = true)]
    pub sending_enabled: bool,
    /// To whom nothing is sent any more. Default: as the account has it. Changes in place. AWS:
    /// `SuppressionOptions`.
    pub suppression_options: Option<SuppressionOptions>,
    /// The domain by which links and pictures tell that mail was read. Default: AWS's own, where an
    /// event destination asks for it. Changes in place. AWS: `TrackingOptions`.
    pub tracking_options: Option<TrackingOptions>,
    /// Tags. Default: none. Change in place. AWS: `Tags`.
    #[prop(default)]
    pub tags: Tags,
    /// The ARN, for the policies of who may send.
    #[output(arn = "arn:aws:ses:{region}:{account}:configuration-set/{id}", at = exists)]
    pub arn: String,
}

/// How mail is delivered.
#[props]
pub struct DeliveryOptions {
    /// Whether the other server must speak TLS. Default: it need not. AWS: `TlsPolicy`.
    #[prop(default = TlsPolicy::Optional)]
    pub tls_policy: TlsPolicy,
    /// How long AWS goes on trying, 300 to 50,400 s. Default: as AWS has it, 14 hours. AWS:
    /// `MaxDeliverySeconds`.
    pub max_delivery_seconds: Option<Seconds>,
}

/// Whether the other server must speak TLS.
#[props(words = "UPPER")]
pub enum TlsPolicy {
    /// It must, or nothing is delivered to it.
    Require,
    /// It need not; then mail crosses the internet in clear.
    Optional,
}

/// To whom nothing is sent any more.
#[props]
pub struct SuppressionOptions {
    /// Who gets on the list of the account; nobody if it is empty. AWS: `SuppressedReasons`.
    pub suppressed_reasons: Vec<SuppressedReason>,
}

/// Why nothing is sent to somebody any more.
#[props(words = "UPPER")]
pub enum SuppressedReason {
    /// There is no such address.
    Bounce,
    /// Somebody called the mail unwanted.
    Complaint,
}

/// The domain by which links and pictures tell that mail was read.
#[props]
pub struct TrackingOptions {
    /// The domain. AWS: `CustomRedirectDomain`.
    pub custom_redirect_domain: String,
    /// Whether links and pictures are by HTTPS. Default: where the link was. AWS: `HttpsPolicy`.
    #[prop(default = HttpsPolicy::Optional)]
    pub https_policy: HttpsPolicy,
}

/// Whether links and pictures are by HTTPS.
#[props(words = "UPPER")]
pub enum HttpsPolicy {
    /// All.
    Require,
    /// Pictures are, and links as they were.
    RequireOpenOnly,
    /// Links are as they were; pictures are not.
    Optional,
}

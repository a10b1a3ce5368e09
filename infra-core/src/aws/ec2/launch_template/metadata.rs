//! How instances learn about themselves.

use crate::props;

/// How instances learn about themselves, and get the credentials of their role.
///
/// The defaults are stricter than AWS's: a request needs a session token, and the answer does not
/// leave the machine, so that a web application that can be made to fetch an address does not hand
/// out the role's credentials.
#[props]
pub struct MetadataOptions {
    /// Whether a request needs a session token (IMDSv2). Default: required. AWS: `HttpTokens`.
    #[prop(default = HttpTokens::Required)]
    pub http_tokens: HttpTokens,
    /// How many network hops an answer survives, 1 to 64; containers on a bridge network need 2.
    /// Default: 1. AWS: `HttpPutResponseHopLimit`.
    #[prop(default = 1)]
    pub http_put_response_hop_limit: u32,
    /// Whether there is an answer at all. Default: enabled. AWS: `HttpEndpoint`.
    #[prop(default = MetadataState::Enabled)]
    pub http_endpoint: MetadataState,
    /// Whether the tags of the instance are answered; their keys may then hold no slash. Default:
    /// disabled. AWS: `InstanceMetadataTags`.
    #[prop(default = MetadataState::Disabled)]
    pub instance_metadata_tags: MetadataState,
}

/// Whether a request for metadata needs a session token.
#[props(words = "lower")]
pub enum HttpTokens {
    /// IMDSv2 alone.
    Required,
    /// IMDSv1 as well.
    Optional,
}

/// Whether something is answered.
#[props(words = "lower")]
pub enum MetadataState {
    /// It is.
    Enabled,
    /// It is not.
    Disabled,
}

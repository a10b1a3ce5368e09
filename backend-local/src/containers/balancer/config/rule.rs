//! [`Rule`]: what is done with which requests.

use std::time::Duration;

/// What is done with requests that meet all conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its place: lower ones are tried first. Unique in the listener.
    pub priority: u32,
    /// All must be met; one value of each is enough.
    pub conditions: Vec<Condition>,
    /// What is done.
    pub action: Action,
}

/// What a request must be. In patterns `*` stands for any text and `?` for any one character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Its path, as it is written, without the query.
    PathPattern(Vec<String>),
    /// The host it is for, in any case.
    HostHeader(Vec<String>),
    /// A header field, whose value may be in any case.
    HttpHeader {
        /// Its name.
        name: String,
        /// Patterns.
        values: Vec<String>,
    },
    /// Its method, exactly.
    HttpRequestMethod(Vec<String>),
    /// Parts of its query, in any case; `\*` and `\?` are those characters themselves.
    QueryString(Vec<QueryPattern>),
    /// The address it comes from, as CIDR ranges; `X-Forwarded-For` does not count.
    SourceIp(Vec<String>),
}

/// A part of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryPattern {
    /// A pattern for its key; `None`: any.
    pub key: Option<String>,
    /// A pattern for its value.
    pub value: String,
}

/// What is done with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// It goes to a target.
    Forward(Forward),
    /// The client is told to go elsewhere.
    Redirect(Redirect),
    /// The balancer answers.
    FixedResponse(FixedResponse),
}

impl Action {
    /// Everything goes to one group.
    #[must_use]
    pub fn forward(group: impl Into<String>) -> Self {
        let groups = vec![Weighted { group: group.into(), weight: 1 }];
        Self::Forward(Forward { groups, stickiness: None })
    }

    /// The balancer answers with a text.
    #[must_use]
    pub fn fixed(status: u16, body: impl Into<String>) -> Self {
        let content_type = Some("text/plain".to_owned());
        Self::FixedResponse(FixedResponse { status, content_type, body: body.into() })
    }
}

/// To whom requests go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forward {
    /// Groups, each with its share.
    pub groups: Vec<Weighted>,
    /// How long a client stays with its group, by the cookie `AWSALBTG`; `None`: it does not.
    pub stickiness: Option<Duration>,
}

/// A group and its share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weighted {
    /// The name of the group.
    pub group: String,
    /// Its share, 0 to 999.
    pub weight: u32,
}

/// Where clients are told to go. `#{protocol}`, `#{host}`, `#{port}`, `#{path}` (without its first
/// slash) and `#{query}` are those of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// `HTTP`, `HTTPS` or `#{protocol}`.
    pub protocol: String,
    /// The host.
    pub host: String,
    /// The port.
    pub port: String,
    /// The path, with its first slash.
    pub path: String,
    /// The query, without its question mark.
    pub query: String,
    /// Whether it is for ever (301), or not (302).
    pub permanent: bool,
}

impl Default for Redirect {
    fn default() -> Self {
        Self {
            protocol: "#{protocol}".to_owned(),
            host: "#{host}".to_owned(),
            port: "#{port}".to_owned(),
            path: "/#{path}".to_owned(),
            query: "#{query}".to_owned(),
            permanent: false,
        }
    }
}

/// What the balancer answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixedResponse {
    /// The code: 2XX, 4XX or 5XX.
    pub status: u16,
    /// What the text is.
    pub content_type: Option<String>,
    /// The text.
    pub body: String,
}

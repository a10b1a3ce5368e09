//! What is done with a request: rules, as requests are held against them.

mod condition;
mod redirect;
mod wildcard;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use hyper::{
    StatusCode, Uri,
    body::Bytes,
    header::{HeaderMap, HeaderValue},
    http::request::Parts,
};

use self::condition::Conditions;
pub(super) use self::redirect::location;
use super::{
    chance,
    config::{Action, Listener, Redirect},
    cookie,
    error::{ConfigError, Place},
    target::Group,
};

/// What the rules look at.
pub(super) struct Asked<'a> {
    pub(super) parts: &'a Parts,
    /// With its port, if it came with one.
    pub(super) host: &'a str,
    pub(super) peer: SocketAddr,
}

/// What a listener does with requests.
pub(super) struct Routes {
    rules: Vec<(Conditions, Deed)>,
    default: Deed,
}

/// An action, ready to be done.
pub(super) enum Deed {
    Forward(Shares),
    Redirect(Redirect),
    Fixed { status: StatusCode, content_type: Option<HeaderValue>, body: Bytes },
}

/// Groups, each with its share.
pub(super) struct Shares {
    groups: Vec<Share>,
    total: u64,
    pub(super) stickiness: Option<Duration>,
}

pub(super) struct Share {
    pub(super) group: Arc<Group>,
    weight: u64,
    /// What the cookie says.
    pub(super) token: String,
}

/// Where groups are found by name; the configuration was checked.
pub(super) type Groups = std::collections::BTreeMap<String, Arc<Group>>;

impl Routes {
    pub(super) fn new(listener: &Listener, groups: &Groups) -> Result<Self, ConfigError> {
        let place = Place::listener(&listener.name);
        let mut rules: Vec<_> = listener.rules.iter().collect();
        rules.sort_by_key(|rule| rule.priority);
        let compiled = rules.into_iter().map(|rule| {
            let conditions = Conditions::new(&rule.conditions, &place.rule(rule.priority))?;
            Ok((conditions, Deed::new(&rule.action, groups)))
        });
        Ok(Self {
            rules: compiled.collect::<Result<_, _>>()?,
            default: Deed::new(&listener.default, groups),
        })
    }

    /// What is to be done with a request.
    pub(super) fn choose(&self, asked: &Asked<'_>) -> &Deed {
        let met = self.rules.iter().find(|(conditions, _)| conditions.met(asked));
        met.map_or(&self.default, |(_, deed)| deed)
    }

    /// The names of the groups that requests may go to.
    pub(super) fn forwards(listener: &Listener) -> impl Iterator<Item = &str> {
        let actions = listener.rules.iter().map(|rule| &rule.action).chain([&listener.default]);
        let groups = actions.filter_map(|action| match action {
            Action::Forward(forward) => Some(forward.groups.iter()),
            Action::Redirect(_) | Action::FixedResponse(_) => None,
        });
        groups.flatten().map(|weighted| weighted.group.as_str())
    }
}

impl Deed {
    fn new(action: &Action, groups: &Groups) -> Self {
        match action {
            Action::Forward(forward) => {
                let share = |weighted: &super::config::Weighted| {
                    let group = Arc::clone(groups.get(&weighted.group)?);
                    let token = cookie::token(&["group", &weighted.group]);
                    Some(Share { group, weight: u64::from(weighted.weight), token })
                };
                let groups: Vec<_> = forward.groups.iter().filter_map(share).collect();
                let total = groups.iter().map(|share| share.weight).sum();
                Self::Forward(Shares { groups, total, stickiness: forward.stickiness })
            }
            Action::Redirect(redirect) => Self::Redirect(redirect.clone()),
            Action::FixedResponse(fixed) => Self::Fixed {
                status: StatusCode::from_u16(fixed.status).unwrap_or(StatusCode::OK),
                content_type: fixed
                    .content_type
                    .as_deref()
                    .and_then(|kind| HeaderValue::from_str(kind).ok()),
                body: Bytes::from(fixed.body.clone()),
            },
        }
    }
}

impl Shares {
    /// The group of a client that has been here before, else one by chance; and whether it is the
    /// one that the client had.
    pub(super) fn choose(&self, headers: &HeaderMap) -> Option<&Share> {
        if self.stickiness.is_some()
            && let Some(token) = cookie::read(headers, cookie::GROUP)
            && let Some(share) = self.groups.iter().find(|share| share.token == token)
            && share.weight > 0
        {
            return Some(share);
        }
        if let [share] = self.groups.as_slice() {
            return Some(share);
        }
        let mut left = chance::below(self.total.max(1));
        self.groups.iter().find(|share| match left.checked_sub(share.weight) {
            Some(rest) => {
                left = rest;
                false
            }
            None => true,
        })
    }

    /// Whether clients have to be told which group they have.
    pub(super) fn sticky(&self) -> Option<Duration> {
        self.stickiness.filter(|_| self.groups.len() > 1)
    }
}

/// The host that a request is for, with its port if it came with one.
pub(super) fn host<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> &'a str {
    let written = headers.get(hyper::header::HOST).and_then(|host| host.to_str().ok());
    uri.authority().map(|authority| authority.as_str()).or(written).unwrap_or_default()
}

//! A request, from its head to the end of its answer.
//!
//! [`answer`] holds it against the rules; `forward` finds a target that answers it. `head` is what
//! becomes of header fields on the way there and back, `body` what streams back, `upgrade` what becomes of a
//! connection that speaks another protocol from then on.

mod body;
mod forward;
mod head;
mod page;
mod upgrade;

use std::sync::Arc;

use hyper::{
    Request, Response, StatusCode, Version,
    body::Incoming,
    header::{CONNECTION, CONTENT_TYPE, HeaderValue, LOCATION},
    http::request::Parts,
};

use self::{
    body::Body,
    page::{Refusal, page},
};
use super::{
    client::Client,
    cookie,
    listener::Manner,
    metrics::Metric,
    routing::{Asked, Deed, Shares, host, location},
};

/// Answers a request.
pub(super) async fn answer(client: &Arc<Client>, request: Request<Incoming>) -> Response<Body> {
    let mut unanswered = Unanswered { client, armed: true };
    let running = client.activity.begin();
    let manner = client.open.manner.get();
    let (parts, body) = request.into_parts();
    let asks_again = parts.version < Version::HTTP_2;
    let answered = match head::check(&parts) {
        Ok(()) => act(client, &manner, parts, body).await,
        Err(refusal) => Err(refusal),
    };
    let mut response = answered.unwrap_or_else(|refusal| {
        refusal.count(client);
        page(refusal)
    });
    response.body_mut().keep(running);
    if asks_again && client.since.elapsed() >= manner.attributes.client_keep_alive {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    unanswered.armed = false;
    response
}

/// Counts a request whose client went away before it was answered (460).
struct Unanswered<'a> {
    client: &'a Client,
    armed: bool,
}

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        if self.armed {
            self.client.shared.count(Metric::Elb4xx);
        }
    }
}

async fn act(
    client: &Arc<Client>,
    manner: &Manner,
    parts: Parts,
    body: Incoming,
) -> Result<Response<Body>, Refusal> {
    let host = host(&parts.uri, &parts.headers);
    let asked = Asked { parts: &parts, host, peer: client.peer };
    match manner.routes.choose(&asked) {
        Deed::Forward(shares) => to_group(client, manner, shares, parts, body).await,
        Deed::Redirect(redirect) => {
            let port = client.open.address.port();
            let location = location(redirect, &asked, client.secure, port);
            let location = HeaderValue::try_from(location).map_err(|_| Refusal::BAD_REQUEST)?;
            client.shared.count(Metric::Elb3xx);
            let status = match redirect.permanent {
                true => StatusCode::MOVED_PERMANENTLY,
                false => StatusCode::FOUND,
            };
            let mut response = page(Refusal(status));
            response.headers_mut().insert(LOCATION, location);
            Ok(response)
        }
        Deed::Fixed { status, content_type, body } => {
            Refusal(*status).count(client);
            let mut response = Response::new(Body::full(body.clone()));
            *response.status_mut() = *status;
            if let Some(content_type) = content_type {
                response.headers_mut().insert(CONTENT_TYPE, content_type.clone());
            }
            Ok(response)
        }
    }
}

async fn to_group(
    client: &Arc<Client>,
    manner: &Manner,
    shares: &Shares,
    parts: Parts,
    body: Incoming,
) -> Result<Response<Body>, Refusal> {
    // No share is zero in all: the configuration was checked.
    let share = shares.choose(&parts.headers).ok_or(Refusal::NO_TARGET)?;
    let attributes = &manner.attributes;
    let mut response = forward::forward(client, attributes, &share.group, parts, body).await?;
    if let Some(duration) = shares.sticky() {
        let ends = client.shared.clock.unix_seconds() + duration.as_secs();
        cookie::tell(response.headers_mut(), cookie::GROUP, &share.token, ends);
    }
    Ok(response)
}

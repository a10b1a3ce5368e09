//! Connections that speak another protocol from some point on, such as WebSocket.

use std::{sync::Arc, time::Duration};

use hyper::{
    HeaderMap, Version,
    header::{CONNECTION, HeaderValue, UPGRADE},
    http::request::Parts,
    upgrade::OnUpgrade,
};
use hyper_util::rt::TokioIo;
use tokio::{io::copy_bidirectional, time::sleep};

use super::{Client, body::Lease};
use crate::containers::balancer::connections::{Activity, Watched};

/// What a client wants to speak from then on.
pub(super) struct Wish {
    protocol: HeaderValue,
    client: OnUpgrade,
}

impl Wish {
    /// What a request asks for, if it does.
    pub(super) fn of(parts: &mut Parts) -> Option<Self> {
        if parts.version != Version::HTTP_11 {
            return None;
        }
        let connections = parts.headers.get_all(CONNECTION).iter();
        let mut named = connections.filter_map(|it| it.to_str().ok()).flat_map(|it| it.split(','));
        if !named.any(|name| name.trim().eq_ignore_ascii_case("upgrade")) {
            return None;
        }
        let protocol = parts.headers.get(UPGRADE)?.clone();
        let client = parts.extensions.remove::<OnUpgrade>()?;
        Some(Self { protocol, client })
    }

    /// Asks the next hop for it.
    pub(super) fn ask(&self, headers: &mut HeaderMap) {
        headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(UPGRADE, self.protocol.clone());
    }

    /// Carries bytes both ways, as soon as both sides have changed over, until one of them ends, nothing
    /// moves for too long or the target is ended.
    pub(super) fn grant(
        self,
        target: OnUpgrade,
        lease: Lease,
        client: &Arc<Client>,
        patience: Duration,
    ) {
        let (clock, token) = (client.shared.clock, client.token());
        let holder = Arc::clone(lease.outstanding.target());
        holder.tasks.run(async move {
            let (_token, _lease) = (token, lease);
            let Ok((client, target)) = tokio::try_join!(self.client, target) else { return };
            let activity = Activity::new(clock);
            let mut client = Watched::new(TokioIo::new(client), Arc::clone(&activity));
            let mut target = TokioIo::new(target);
            tokio::select! {
                // Who ends it, and how, is theirs alone.
                _ = copy_bidirectional(&mut client, &mut target) => {}
                () = stillness(&activity, patience) => {}
            }
        });
    }
}

/// Ends when nothing has moved for so long.
async fn stillness(activity: &Activity, patience: Duration) {
    loop {
        let still = Duration::from_millis(activity.still());
        match patience.checked_sub(still) {
            Some(left) if !left.is_zero() => sleep(left).await,
            _ => return,
        }
    }
}

//! [`Leased`]: a call that changes something, bounded by the lease.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use futures_util::future::BoxFuture;

use crate::state::store::{Lease, StateStore, StoreError};

/// The lease under which calls are made.
#[derive(Clone)]
pub(super) struct Leave {
    pub(super) store: Arc<dyn StateStore>,
    pub(super) lease: Lease,
}

impl Leave {
    fn is_good(&self) -> bool {
        self.store.may_call(&self.lease)
    }

    /// The lease is made good again, if it can be.
    fn renew(&self) -> BoxFuture<'static, Result<(), StoreError>> {
        let Self { store, lease } = self.clone();
        Box::pin(async move {
            store.hold(&lease).await?;
            if store.may_call(&lease) { Ok(()) } else { Err(StoreError::Expired) }
        })
    }

    /// Makes a call under the lease.
    pub(super) fn over<F: Future + Unpin>(self, call: F) -> Leased<F> {
        Leased { call, leave: self, renewing: None }
    }
}

/// A call that goes on only while the lease is good.
///
/// An operation of a handler may ask the cloud several times, and the process may be frozen between
/// any two of them. Whatever it asks begins while it is polled; so the lease is looked at before
/// each poll, and nothing begins after it has run out. If somebody took over, the call is given up
/// where it stands, as by a crash: its intent is in the journal, and whoever took over settles it.
pub(super) struct Leased<F> {
    call: F,
    leave: Leave,
    renewing: Option<BoxFuture<'static, Result<(), StoreError>>>,
}

impl<F: Future + Unpin> Future for Leased<F> {
    type Output = Result<F::Output, StoreError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        while this.renewing.is_some() || !this.leave.is_good() {
            let leave = &this.leave;
            let renewing = this.renewing.get_or_insert_with(|| leave.renew());
            let renewed = ready!(renewing.as_mut().poll(context));
            this.renewing = None;
            if let Err(error) = renewed {
                return Poll::Ready(Err(error));
            }
        }
        Pin::new(&mut this.call).poll(context).map(Ok)
    }
}

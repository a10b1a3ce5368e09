//! [`Open`]: a listener that listens.

use std::{io, net::SocketAddr, sync::Arc};

use hyper::header::HeaderValue;
use rustls::ServerConfig;
use tokio::sync::watch;

use super::{
    config::{Attributes, Listener},
    lock::Current,
    routing::Routes,
};

/// What a listener does, as it is now.
pub(super) struct Manner {
    pub(super) routes: Routes,
    pub(super) tls: Option<Arc<ServerConfig>>,
    pub(super) attributes: Attributes,
}

/// A listener that listens. It stops when it is closed; its connections end with what they are at.
pub(super) struct Open {
    /// As it was asked for; port 0 if the system was to choose.
    pub(super) asked: SocketAddr,
    pub(super) name: String,
    pub(super) address: SocketAddr,
    /// Its port, as it is forwarded.
    pub(super) port: HeaderValue,
    pub(super) manner: Current<Manner>,
    /// Whether it closes. Each connection holds a receiver until it ends.
    pub(super) closing: watch::Sender<bool>,
}

/// Listens, but accepts nothing yet. Said in the words of the standard library: no runtime has it.
pub(super) fn bind(address: SocketAddr) -> io::Result<std::net::TcpListener> {
    // The standard library lets an address be used again that connections were left at.
    let listener = std::net::TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

impl Open {
    pub(super) fn new(listener: &Listener, address: SocketAddr, manner: Manner) -> Arc<Self> {
        Arc::new(Self {
            asked: listener.address,
            name: listener.name.clone(),
            address,
            port: HeaderValue::from(address.port()),
            manner: Current::new(manner),
            closing: watch::Sender::new(false),
        })
    }

    /// Whether a configuration means this one.
    pub(super) fn is(&self, listener: &Listener) -> bool {
        let named = listener.address.port() != 0 || self.name == listener.name;
        self.asked == listener.address && named
    }
}

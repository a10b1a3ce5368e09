//! Who listens, and what Ctrl-C does.

use std::sync::Arc;

use infra_core::{event::Listener, handler::Cancel};

use crate::{
    exit,
    render::{json::JsonLines, live::Live},
    ui::Ui,
};

/// The listener that the command line asks for.
pub(super) fn listener(ui: &Ui) -> Arc<dyn Listener> {
    if ui.json { Arc::new(JsonLines) } else { Arc::new(Live::new(ui)) }
}

/// Ctrl-C or SIGTERM asks the run to stop; a second one ends the process, and recovery does the
/// rest.
pub(super) fn cancel_on_signals() -> Cancel {
    let cancel = Cancel::default();
    let asked = cancel.clone();
    tokio::spawn(async move {
        signal().await;
        asked.cancel();
        signal().await;
        std::process::exit(i32::from(exit::INTERRUPTED));
    });
    cancel
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        result = tokio::signal::ctrl_c() => if result.is_err() { std::future::pending().await },
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn signal() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}

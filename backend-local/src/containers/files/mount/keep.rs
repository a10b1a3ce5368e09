//! [`KeptMount`]: a mount that is looked at again and again, and made anew when it is dead.

use tokio::{sync::watch, time::sleep};

use super::{Ensured, Mount, Source};
use crate::containers::files::status::Watching;

/// How a mount that is kept fares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MountStatus {
    /// Whether tasks can have it.
    pub mounted: bool,
    /// How many times it was found dead here and made anew. Who had the dead one still has it.
    pub renewed: u64,
    /// Why it can't be had, if it can't.
    pub message: Option<String>,
}

/// A mount that is made anew when it is dead, as long as this lives.
#[derive(Debug)]
pub struct KeptMount {
    mount: Mount,
    status: watch::Receiver<MountStatus>,
    stop: watch::Sender<()>,
    watching: Watching,
}

impl Mount {
    /// Keeps it mounted.
    #[must_use]
    pub fn keep(self, source: Source) -> KeptMount {
        let (tell, status) = watch::channel(MountStatus::default());
        let (stop, stopped) = watch::channel(());
        let watching = Watching::new(watch(self.clone(), source, tell, stopped));
        KeptMount { mount: self, status, stop, watching }
    }
}

async fn watch(
    mount: Mount,
    source: Source,
    tell: watch::Sender<MountStatus>,
    mut stopped: watch::Receiver<()>,
) {
    loop {
        let mut status = tell.borrow().clone();
        match mount.ensure(&source).await {
            Ok(ensured) => {
                status.renewed += u64::from(ensured == Ensured::Renewed);
                (status.mounted, status.message) = (true, None);
            }
            Err(error) => (status.mounted, status.message) = (false, Some(error.in_full())),
        }
        tell.send_if_modified(|now| {
            let changed = *now != status;
            *now = status;
            changed
        });
        tokio::select! {
            // A look is a process in the instance.
            () = sleep(mount.timing.thorough) => {}
            // Nothing is ever sent: whoever could is gone.
            _ = stopped.changed() => return,
        }
    }
}

impl KeptMount {
    /// How it fares.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<MountStatus> {
        self.status.clone()
    }

    /// Unmounts it.
    ///
    /// # Errors
    /// If it stays mounted; says what to do.
    pub async fn remove(self) -> Result<(), super::FilesError> {
        let Self { mount, stop, watching, .. } = self;
        drop(stop);
        watching.end().await;
        mount.remove().await
    }
}

//! One at a time: who pulls or builds an image is alone with it, also among processes.

use std::{
    fs::{File, TryLockError},
    path::Path,
    time::Duration,
};

use super::ImageError;

/// How often is looked whether the other one is done.
const LOOK: Duration = Duration::from_millis(100);

/// Who has it is alone, until it is dropped or the process ends.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

/// Waits until nobody else is at an image; tells if somebody is.
pub(super) async fn lock(
    folder: &Path,
    image: &str,
    waiting: impl FnOnce(),
) -> Result<Lock, ImageError> {
    let legal = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
    let name: String = image.chars().map(legal).collect();
    let path = folder.join(format!("{name}.lock"));
    let failed = |source| ImageError::File {
        image: image.to_owned(),
        path: path.clone(),
        used: "locked",
        source,
    };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let open = File::options().create(true).truncate(false).write(true).open(&path);
    let file = open.map_err(failed)?;
    let mut waiting = Some(waiting);
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Lock { _file: file }),
            // A thread that waits for the file would outlive a caller that gives up.
            Err(TryLockError::WouldBlock) => {
                if let Some(waiting) = waiting.take() {
                    waiting();
                }
                tokio::time::sleep(LOOK).await;
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
    }
}

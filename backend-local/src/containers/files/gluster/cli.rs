//! Commands of `gluster` on a server, none of which waits for ever.

use std::time::Duration;

use super::super::FilesError;
use crate::containers::docker::{Docker, Executed};

/// What `timeout` ends with when time is up, and when it had to kill.
pub(in crate::containers::files) const TIME_IS_UP: [i64; 2] = [124, 137];

/// A server that takes commands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cli<'a> {
    pub(super) docker: &'a Docker,
    /// The files that it is a server of.
    pub(super) id: &'a str,
    /// Its container.
    pub(super) container: &'a str,
}

impl Cli<'_> {
    /// Runs a command, which must succeed; returns what it printed.
    pub(super) async fn run(
        self,
        command: &[&str],
        patience: Duration,
    ) -> Result<String, FilesError> {
        let done = self.attempt(command, patience).await?;
        let said = format!("{}{}", done.text(), String::from_utf8_lossy(&done.stderr));
        if done.code == 0 {
            return Ok(said);
        }
        let (node, command) = (self.container.to_owned(), command.join(" "));
        Err(FilesError::Gluster { node, command, said: said.trim().to_owned() })
    }

    /// Runs a command; that it fails is no error, that it does not end is one.
    pub(super) async fn attempt(
        self,
        command: &[&str],
        patience: Duration,
    ) -> Result<Executed, FilesError> {
        let seconds = patience.as_secs().max(1);
        let limit = seconds.to_string();
        let mut words = vec!["timeout", "-k", "1", &*limit, "gluster", "--mode=script"];
        words.extend(command);
        let executed = self.docker.try_exec(self.container, &words, b"");
        let slow = || {
            let (node, command) =
                (self.container.to_owned(), format!("gluster {}", command.join(" ")));
            FilesError::Slow { node, command, seconds }
        };
        // A container that is frozen meanwhile does not even end its own patience.
        let executed = tokio::time::timeout(patience + Duration::from_secs(3), executed).await;
        let done = executed
            .map_err(|_| slow())?
            .map_err(FilesError::docker(self.id, "asking a server"))?;
        if TIME_IS_UP.contains(&done.code) { Err(slow()) } else { Ok(done) }
    }
}

//! [`Upgrading`]: an upgrade that fails, as a drill, and the way back. Only whoever has the program
//! deploys it: both are commands of the shell.

use std::{
    process::{ExitStatus, Stdio},
    sync::atomic::{AtomicBool, Ordering},
};

use infra_core::handler::{DrillListener, Upgrade};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, BufReader},
    process::Command,
};

/// Why it is no drill.
#[derive(Debug, thiserror::Error)]
pub(super) enum UpgradeError {
    #[error(
        "this drill takes an upgrade that fails and the way back: say --upgrade and --way-back"
    )]
    Missing,
    #[error("`{command}` can't be run")]
    Run { command: String, source: std::io::Error },
    #[error("the upgrade did not fail: `{command}` ended with code 0")]
    Worked { command: String },
    #[error("the way back failed ({status}): `{command}`; the site may still be closed")]
    NoWayBack { command: String, status: ExitStatus },
}

/// An upgrade, and whether there is something to take back.
pub(super) struct Upgrading<'a> {
    wanted: Option<&'a Upgrade>,
    begun: AtomicBool,
    listener: DrillListener<'a>,
}

impl<'a> Upgrading<'a> {
    pub(super) fn new(wanted: Option<&'a Upgrade>, listener: DrillListener<'a>) -> Self {
        Self { wanted, begun: AtomicBool::new(false), listener }
    }

    /// Begins it, and waits until it has failed. Says what was done.
    pub(super) async fn begin(&self) -> Result<String, UpgradeError> {
        let command = &self.wanted.ok_or(UpgradeError::Missing)?.begin;
        self.begun.store(true, Ordering::SeqCst);
        let status = self.run(command).await?;
        if status.success() {
            return Err(UpgradeError::Worked { command: command.clone() });
        }
        Ok(format!("the upgrade `{command}`, which failed ({status})"))
    }

    /// Takes it back, once, if it was begun.
    pub(super) async fn back(&self) -> Result<(), UpgradeError> {
        let Some(wanted) = self.wanted.filter(|_| self.begun.swap(false, Ordering::SeqCst)) else {
            return Ok(());
        };
        let command = wanted.back.clone();
        match self.run(&command).await? {
            status if status.success() => Ok(()),
            status => Err(UpgradeError::NoWayBack { command, status }),
        }
    }

    /// Runs a command, and passes on what it says.
    async fn run(&self, command: &str) -> Result<ExitStatus, UpgradeError> {
        let failed = |source| UpgradeError::Run { command: command.to_owned(), source };
        let mut child = Command::new("/bin/sh")
            .args(["-c", command])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let out = self.pass_on(child.stdout.take());
        let err = self.pass_on(child.stderr.take());
        let (out, err, status) = tokio::join!(out, err, child.wait());
        out.and(err).map_err(failed)?;
        status.map_err(failed)
    }

    async fn pass_on(&self, said: Option<impl AsyncRead + Unpin>) -> std::io::Result<()> {
        let Some(said) = said else { return Ok(()) };
        let mut lines = BufReader::new(said).lines();
        while let Some(line) = lines.next_line().await? {
            if !line.is_empty() {
                (self.listener)(&format!("| {line}"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    fn upgrade(begin: &str, back: &str) -> Upgrade {
        Upgrade { begin: begin.to_owned(), back: back.to_owned() }
    }

    #[tokio::test]
    async fn it_fails_and_is_taken_back_once() {
        let said = Mutex::new(vec![]);
        let listener = |words: &str| said.lock().unwrap().push(words.to_owned());
        let wanted = upgrade("echo begins; exit 3", "echo back >&2");
        let upgrading = Upgrading::new(Some(&wanted), &listener);
        upgrading.back().await.unwrap();
        let hit = upgrading.begin().await.unwrap();
        assert_eq!(hit, "the upgrade `echo begins; exit 3`, which failed (exit status: 3)");
        upgrading.back().await.unwrap();
        upgrading.back().await.unwrap();
        assert_eq!(*said.lock().unwrap(), ["| begins", "| back"]);
    }

    #[tokio::test]
    async fn one_that_works_is_none_and_is_taken_back_all_the_same() {
        let wanted = upgrade("true", "exit 4");
        let upgrading = Upgrading::new(Some(&wanted), &|_| {});
        let error = upgrading.begin().await.unwrap_err();
        assert!(matches!(error, UpgradeError::Worked { .. }), "{error}");
        let error = upgrading.back().await.unwrap_err();
        assert!(error.to_string().contains("exit status: 4"), "{error}");
    }

    #[tokio::test]
    async fn without_one_there_is_no_drill() {
        let error = Upgrading::new(None, &|_| {}).begin().await.unwrap_err();
        assert!(error.to_string().contains("--upgrade and --way-back"), "{error}");
    }
}

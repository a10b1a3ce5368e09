//! Commands within a container.

use futures_util::StreamExt as _;
use tokio::io::AsyncWriteExt as _;

use super::{
    Docker, DockerError,
    bollard::{
        container::LogOutput, exec::StartExecResults, models::ExecConfig,
        query_parameters::LogsOptionsBuilder,
    },
};

/// What a command came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Executed {
    /// What it ended with.
    pub code: i64,
    /// What it wrote to standard output.
    pub stdout: Vec<u8>,
    /// What it wrote to standard error.
    pub stderr: Vec<u8>,
}

impl Executed {
    /// Its standard output as text, without spaces around it.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).trim().to_owned()
    }
}

impl Docker {
    /// Runs a command in a container, with something on its standard input, and returns what it came
    /// to: a code other than 0 is no error.
    ///
    /// # Errors
    /// If it can't be started.
    pub async fn try_exec(
        &self,
        container: &str,
        command: &[&str],
        input: &[u8],
    ) -> Result<Executed, DockerError> {
        let failed = |source| DockerError::api("run a command in", container, source);
        let words = command.iter().map(|word| (*word).to_owned()).collect();
        let (exec, started) = self.begin(container, words, !input.is_empty()).await?;
        let mut done = Executed::default();
        if let StartExecResults::Attached { mut output, input: mut stdin } = started {
            if !input.is_empty() {
                let written = stdin.write_all(input).await;
                written.map_err(|error| failed(error.into()))?;
                stdin.shutdown().await.map_err(|error| failed(error.into()))?;
            }
            while let Some(part) = output.next().await {
                match part.map_err(failed)? {
                    LogOutput::StdErr { message } => done.stderr.extend(message),
                    LogOutput::StdOut { message } | LogOutput::Console { message } => {
                        done.stdout.extend(message);
                    }
                    LogOutput::StdIn { .. } => {}
                }
            }
        }
        let ended = self.api().inspect_exec(&exec).await.map_err(failed)?;
        // It is known once the output has ended; a container that was killed tells none.
        done.code = ended.exit_code.unwrap_or(137);
        Ok(done)
    }

    /// Begins a command in a container; what it writes is heard, and it may be written to. Returns its
    /// id, too.
    pub(super) async fn begin(
        &self,
        container: &str,
        command: Vec<String>,
        reads: bool,
    ) -> Result<(String, StartExecResults), DockerError> {
        let failed = |source| DockerError::api("run a command in", container, source);
        let config = ExecConfig {
            cmd: Some(command),
            attach_stdin: Some(reads),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            ..ExecConfig::default()
        };
        let exec = self.api().create_exec(container, config).await.map_err(failed)?.id;
        let started = self.api().start_exec(&exec, None).await.map_err(failed)?;
        Ok((exec, started))
    }

    /// Runs a command in a container, which must succeed.
    ///
    /// # Errors
    /// If it can't be started, or fails.
    pub async fn exec(
        &self,
        container: &str,
        command: &[&str],
        input: &[u8],
    ) -> Result<Executed, DockerError> {
        let done = self.try_exec(container, command, input).await?;
        if done.code == 0 {
            return Ok(done);
        }
        let said = if done.stderr.is_empty() { &done.stdout } else { &done.stderr };
        let said = String::from_utf8_lossy(said).trim().to_owned();
        let last: Vec<&str> = said.lines().rev().take(5).collect();
        Err(DockerError::Command {
            container: container.to_owned(),
            command: command.first().copied().unwrap_or_default().to_owned(),
            code: done.code,
            said: last.into_iter().rev().collect::<Vec<_>>().join("\n"),
        })
    }
}

impl Docker {
    /// The last lines that a container wrote.
    ///
    /// # Errors
    /// If Docker refuses.
    pub async fn last_words(&self, container: &str, lines: u32) -> Result<String, DockerError> {
        let options = LogsOptionsBuilder::new().stdout(true).stderr(true);
        let mut parts = self.api().logs(container, Some(options.tail(&lines.to_string()).build()));
        let mut said = vec![];
        while let Some(part) = parts.next().await {
            let part =
                part.map_err(|source| DockerError::api("read the log of", container, source));
            said.extend(part?.into_bytes());
        }
        Ok(String::from_utf8_lossy(&said).into_owned())
    }
}

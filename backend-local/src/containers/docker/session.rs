//! [`Session`]: a command in a container that is run again and again.

use std::{pin::Pin, time::Duration};

use futures_util::{FutureExt as _, Stream, StreamExt as _};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use super::{
    Docker, DockerError, Executed,
    bollard::{container::LogOutput, errors::Error as ApiError, exec::StartExecResults},
};

/// How long a command may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs a command for each input, which is text: its length on a line, then it. Answers with what the
/// command said and came to, on a line. All of it is read first: a command may end before it has.
const EACH: &str = r#"while IFS= read -r length; do
    input="$(head -c "$length"; echo .)"
    { printf %s "${input%.}" 2>/dev/null | "$@" 2>&1; echo "$?"; } | tr '\n' '\t'
    echo
done"#;

/// A command in a container that is run for each input that it is given.
///
/// Docker needs a twentieth of a second of the processor to start a process in a container; a shell
/// that is there needs a few milliseconds. It ends with this, or with the container.
pub struct Session {
    container: String,
    command: String,
    input: Pin<Box<dyn AsyncWrite + Send>>,
    output: Pin<Box<dyn Stream<Item = Result<LogOutput, ApiError>> + Send>>,
    read: Vec<u8>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("container", &self.container).finish_non_exhaustive()
    }
}

impl Docker {
    /// Makes a command ready to be run in a container, which has a shell.
    ///
    /// # Errors
    /// If Docker refuses.
    pub async fn session(&self, container: &str, command: &[&str]) -> Result<Session, DockerError> {
        let words = ["sh", "-c", EACH, "sh"].iter().chain(command);
        let words = words.map(|word| (*word).to_owned()).collect();
        match self.begin(container, words, true).await?.1 {
            StartExecResults::Attached { output, input } => Ok(Session {
                container: container.to_owned(),
                command: command.first().copied().unwrap_or_default().to_owned(),
                input,
                output,
                read: vec![],
            }),
            StartExecResults::Detached => unreachable!("it was to be attached"),
        }
    }
}

impl Session {
    /// Runs the command with an input, and returns what it came to: a code other than 0 is no error.
    /// What it said is its standard output, whatever it wrote it to, with tabs for line ends.
    ///
    /// # Errors
    /// If the container or Docker has ended, or nothing comes back. It is of no more use then.
    pub async fn ask(&mut self, input: &[u8]) -> Result<Executed, DockerError> {
        match tokio::time::timeout(PATIENCE, self.answer(input)).await {
            Ok(answer) => answer,
            Err(_) => Err(DockerError::Silent { seconds: PATIENCE.as_secs() }),
        }
    }

    /// Whether it has ended, with its container or by itself. Docker may not have said so yet.
    pub fn is_over(&mut self) -> bool {
        while let Some(part) = self.output.next().now_or_never() {
            match part {
                Some(Ok(LogOutput::StdOut { message })) => self.read.extend(message),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return true,
            }
        }
        false
    }

    async fn answer(&mut self, input: &[u8]) -> Result<Executed, DockerError> {
        let container = self.container.clone();
        let failed = move |source: ApiError| {
            DockerError::api("run a command in", container.as_str(), source)
        };
        let asked = [format!("{}\n", input.len()).as_bytes(), input].concat();
        self.input.write_all(&asked).await.map_err(|error| failed(error.into()))?;
        self.input.flush().await.map_err(|error| failed(error.into()))?;
        loop {
            if let Some(end) = self.read.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.read.drain(..=end).collect();
                return self.understood(&line);
            }
            match self.output.next().await {
                Some(part) => {
                    if let LogOutput::StdOut { message } = part.map_err(&failed)? {
                        self.read.extend(message);
                    }
                }
                None => return Err(self.broken("its shell has ended")),
            }
        }
    }

    /// `said\t0\t\n`
    fn understood(&self, line: &[u8]) -> Result<Executed, DockerError> {
        let text = String::from_utf8_lossy(line);
        let text = text.trim_end();
        let (said, code) = text.rsplit_once('\t').unwrap_or(("", text));
        let code = code.parse().map_err(|_| self.broken(text))?;
        Ok(Executed { code, stdout: said.as_bytes().to_vec(), stderr: vec![] })
    }

    /// Runs the command with an input, which must succeed.
    ///
    /// # Errors
    /// If it fails, or as [`ask`](Self::ask).
    pub async fn run(&mut self, input: &[u8]) -> Result<(), DockerError> {
        let done = self.ask(input).await?;
        if done.code == 0 {
            return Ok(());
        }
        Err(self.failed(done.code, &done.text().replace('\t', "\n")))
    }

    /// As a command of which nobody can tell how it ended.
    fn broken(&self, said: &str) -> DockerError {
        self.failed(137, said)
    }

    fn failed(&self, code: i64, said: &str) -> DockerError {
        DockerError::Command {
            container: self.container.clone(),
            command: self.command.clone(),
            code,
            said: said.to_owned(),
        }
    }
}

//! [`Session`]: a command in a container that is run again and again.

use std::{
    pin::Pin,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use futures_util::{FutureExt as _, Stream, StreamExt as _};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use super::{
    Docker, DockerError, Executed,
    bollard::{
        container::{AttachContainerResults, LogOutput},
        errors::Error as ApiError,
        exec::StartExecResults,
        query_parameters::AttachContainerOptionsBuilder,
    },
};

/// How long a command may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a shell that has nothing to do may take to say so.
const GREETING: Duration = Duration::from_secs(2);

/// A shell that does what it is told, line by line. Its arguments are the command.
const SHELL: [&str; 3] = ["sh", "-s", "--"];

/// What it is told for an input, which is text: it hands that over, up to a line, and answers with what the
/// command said and came to, on a line. Of processes it needs none but the command's own.
fn told(input: &str) -> String {
    let mut end = "end".to_owned();
    while input.lines().any(|line| line == end) {
        end.push('_');
    }
    let new_line = if input.ends_with('\n') { "" } else { "\n" };
    format!(
        "\"$@\" <<'{end}' >/tmp/said.$$ 2>&1\n{input}{new_line}{end}\n\
         code=$?; while IFS= read -r line || [ -n \"$line\" ]; do printf '%s\\t' \"$line\"; done \
         </tmp/said.$$; echo \"$code\"\n"
    )
}

/// A command in a container that is run for each input that it is given.
///
/// Docker needs a twentieth of a second of the processor to start a process in a container; a shell
/// that is there needs a few milliseconds. It ends with this, or with the container; one that is what the
/// container runs waits for the next one who asks.
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
        let words = SHELL.iter().chain(command);
        let words = words.map(|word| (*word).to_owned()).collect();
        match self.begin(container, words, true).await?.1 {
            StartExecResults::Attached { output, input } => {
                Ok(Session::new(container, command, input, output))
            }
            StartExecResults::Detached => unreachable!("it was to be attached"),
        }
    }

    /// Makes a command ready where it is what the container itself runs ([`Spec::serves`](super::Spec::serves)): that
    /// starts nothing. `None` if nobody there answers: somebody who was killed has left it in the middle of an
    /// input, which comes to nothing, or the container runs something else.
    ///
    /// # Errors
    /// If Docker refuses.
    pub async fn served_session(
        &self,
        container: &str,
        command: &[&str],
    ) -> Result<Option<Session>, DockerError> {
        let options = AttachContainerOptionsBuilder::new();
        let options = options.stream(true).stdin(true).stdout(true).build();
        let attached = self.api().attach_container(container, Some(options)).await;
        let AttachContainerResults { output, input } =
            attached.map_err(|source| DockerError::api("talk to", container, source))?;
        let mut session = Session::new(container, command, input, output);
        let greeted = tokio::time::timeout(GREETING, session.greet()).await;
        Ok(matches!(greeted, Ok(Ok(()))).then_some(session))
    }
}

/// What a container runs that serves a command, after another script.
pub(super) fn serving(first: &str) -> String {
    // Who shares its network needs it, whatever becomes of its input.
    format!("{first}\n{} \"$@\"\nexec sleep infinity", SHELL.join(" "))
}

impl Session {
    fn new(
        container: &str,
        command: &[&str],
        input: Pin<Box<dyn AsyncWrite + Send>>,
        output: Pin<Box<dyn Stream<Item = Result<LogOutput, ApiError>> + Send>>,
    ) -> Self {
        let command = command.first().copied().unwrap_or_default().to_owned();
        Self { container: container.to_owned(), command, input, output, read: vec![] }
    }

    /// Says something that comes back. What was said to others may come before.
    async fn greet(&mut self) -> Result<(), DockerError> {
        static GREETINGS: AtomicU64 = AtomicU64::new(0);
        let number = GREETINGS.fetch_add(1, Ordering::Relaxed);
        let greeting = format!("hello-{}-{number}\n", std::process::id());
        self.say(format!("echo {greeting}").as_bytes()).await?;
        while self.hear().await? != greeting.as_bytes() {}
        Ok(())
    }

    /// Runs the command with an input, and returns what it came to: a code other than 0 is no error.
    /// What it said is its standard output, whatever it wrote it to, with tabs for line ends.
    ///
    /// # Errors
    /// If the container or Docker has ended, or nothing comes back. It is of no more use then.
    pub async fn ask(&mut self, input: &str) -> Result<Executed, DockerError> {
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

    async fn answer(&mut self, input: &str) -> Result<Executed, DockerError> {
        self.say(told(input).as_bytes()).await?;
        let line = self.hear().await?;
        self.understood(&line)
    }

    async fn say(&mut self, words: &[u8]) -> Result<(), DockerError> {
        let written = async {
            self.input.write_all(words).await?;
            self.input.flush().await
        };
        written.await.map_err(|error: std::io::Error| failed_in(&self.container, error.into()))
    }

    /// The next line, with its end.
    async fn hear(&mut self) -> Result<Vec<u8>, DockerError> {
        loop {
            if let Some(end) = self.read.iter().position(|byte| *byte == b'\n') {
                return Ok(self.read.drain(..=end).collect());
            }
            match self.output.next().await {
                Some(part) => {
                    let part = part.map_err(|source| failed_in(&self.container, source))?;
                    if let LogOutput::StdOut { message } = part {
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
    pub async fn run(&mut self, input: &str) -> Result<(), DockerError> {
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

fn failed_in(container: &str, source: ApiError) -> DockerError {
    DockerError::api("run a command in", container, source)
}

//! Images from a Dockerfile, by the builder that every version of Docker has.

use std::collections::{HashMap, VecDeque};

use futures_util::StreamExt as _;

use super::{
    DIGEST_LABEL, ImageError, ImageEvent, Images, Progress, archive::archive, context::Context,
    label,
};
use crate::containers::docker::{
    DockerError,
    bollard::{
        body_try_stream, errors::Error as ApiError, query_parameters::BuildImageOptionsBuilder,
    },
};

/// So many lines of what was said last are part of an error.
const LAST: usize = 12;

/// What to do, by what apt-get says.
const FIXES: [(&str, &str); 3] = [
    (
        " is expired",
        "; the mirror is behind: wait, or let apt-get take it as it is, by the option \
         `-o Acquire::Check-Valid-Until=false`",
    ),
    (
        " is not valid yet",
        "; the mirror is ahead of this machine's clock: set that, or let apt-get take it as it is, by \
         the option `-o Acquire::Check-Date=false`",
    ),
    ("Failed to fetch", "; look whether containers can reach the mirror"),
];

/// An image that is to be built.
pub(super) struct Build<'a> {
    pub(super) image: &'a str,
    pub(super) context: Context,
    pub(super) arguments: HashMap<String, String>,
    pub(super) digest: String,
}

impl Images {
    /// Builds an image of files.
    pub(super) async fn build(
        &self,
        build: Build<'_>,
        progress: &Progress<'_>,
    ) -> Result<(), ImageError> {
        let Build { image, context, arguments, digest } = build;
        let labels = HashMap::from([(DIGEST_LABEL, label(image, &digest))]);
        let options = BuildImageOptionsBuilder::new()
            .dockerfile("Dockerfile")
            .t(image)
            .buildargs(&arguments)
            .labels(&labels)
            .rm(true)
            .forcerm(true)
            .build();
        let files = body_try_stream(archive(context));
        let mut messages = self.docker.api().build_image(options, None, Some(files));
        let mut told = Told::new(image, progress);
        let patience = self.options.patience.build;
        // Whoever stops listening ends the build.
        loop {
            let Ok(message) = tokio::time::timeout(patience, messages.next()).await else {
                let (image, step) = (image.to_owned(), told.step);
                return Err(ImageError::Silent { image, step, seconds: patience.as_secs() });
            };
            match message {
                None => break,
                Some(Ok(message)) => told.hear(&message.stream.unwrap_or_default()),
                Some(Err(ApiError::DockerStreamError { error })) => return Err(told.failed(&error)),
                Some(Err(source)) => {
                    return Err(DockerError::api("build the image", image, source).into());
                }
            }
        }
        Ok(())
    }
}

/// What a build says: steps, and lines of what they run.
struct Told<'a, 'b> {
    image: &'a str,
    progress: &'a Progress<'b>,
    /// The line that has no end yet.
    line: String,
    /// The step that it is at.
    step: String,
    last: VecDeque<String>,
}

impl<'a, 'b> Told<'a, 'b> {
    fn new(image: &'a str, progress: &'a Progress<'b>) -> Self {
        let step = "the files are sent".to_owned();
        Self { image, progress, line: String::new(), step, last: VecDeque::new() }
    }

    fn hear(&mut self, part: &str) {
        for letter in part.chars() {
            match letter {
                '\n' | '\r' => {
                    let line = plain(&std::mem::take(&mut self.line));
                    self.tell(line.trim_end());
                }
                letter => self.line.push(letter),
            }
        }
    }

    fn tell(&mut self, line: &str) {
        // Beside the lines of what runs there are ids of layers and containers.
        if line.is_empty()
            || line.starts_with(" ---> ")
            || line.starts_with("Removing intermediate")
        {
            return;
        }
        let image = self.image.to_owned();
        if let Some((step, steps, instruction)) = step(line) {
            instruction.clone_into(&mut self.step);
            self.last.clear();
            let instruction = instruction.to_owned();
            (self.progress)(ImageEvent::Building { image, step, steps, instruction });
            return;
        }
        if self.last.len() == LAST {
            self.last.pop_front();
        }
        self.last.push_back(line.to_owned());
        (self.progress)(ImageEvent::Said { image, line: line.to_owned() });
    }

    /// A failure, with what was said last.
    fn failed(mut self, error: &str) -> ImageError {
        let rest = plain(&std::mem::take(&mut self.line));
        self.tell(rest.trim_end());
        // Docker repeats the step.
        let code = error.rsplit_once("returned a non-zero code: ");
        self.last.push_back(
            code.map_or_else(|| error.to_owned(), |(_, code)| format!("it ended with {code}")),
        );
        let said = self.last.into_iter().collect::<Vec<_>>().join("\n");
        let fix = FIXES.iter().find(|(words, _)| said.contains(words)).map_or("", |(_, fix)| fix);
        ImageError::Build { image: self.image.to_owned(), step: self.step, said, fix }
    }
}

/// Without the colour that the builder gives to what goes to standard error.
fn plain(line: &str) -> String {
    let mut parts = line.split("\x1b[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    // Each part begins with the numbers of a colour, which end with a letter.
    for part in parts {
        plain += part.split_once('m').map_or(part, |(_, text)| text);
    }
    plain
}

/// `Step 2/7 : RUN true`.
fn step(line: &str) -> Option<(u32, u32, &str)> {
    let (numbers, instruction) = line.strip_prefix("Step ")?.split_once(" : ")?;
    let (step, steps) = numbers.split_once('/')?;
    Some((step.parse().ok()?, steps.parse().ok()?, instruction))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn a_build_is_told_by_steps_and_lines_however_they_are_cut() {
        let events = Mutex::new(vec![]);
        let progress = |event| events.lock().unwrap().push(event);
        let mut told = Told::new("a:1", &progress);
        for part in [
            "Step 1/2 : FR",
            "OM b",
            "\n",
            " ---> 1234\n",
            "Step 2/2 : RUN x\n\x1b[91mone\n\x1b[0mtw",
        ] {
            told.hear(part);
        }
        let error = told.failed("The command 'x' returned a non-zero code: 1").to_string();
        assert_eq!(error, "the image a:1 can't be built: `RUN x` failed: one\ntw\nit ended with 1");
        let image = || "a:1".to_owned();
        let building = |step, instruction: &str| {
            let instruction = instruction.to_owned();
            ImageEvent::Building { image: image(), step, steps: 2, instruction }
        };
        let said = |line: &str| ImageEvent::Said { image: image(), line: line.to_owned() };
        let expected = [building(1, "FROM b"), building(2, "RUN x"), said("one"), said("tw")];
        assert_eq!(*events.lock().unwrap(), expected);
    }
}

//! LocalStack in a container that all tests share: it takes long to come up, and longer to answer
//! EC2 for the first time. Each test has accounts of its own in it.
//!
//! Whoever uses it holds a lock, which processes share; whoever lets go of it last takes the container
//! away. What a killed run left behind is found by its label, and used.

use std::{
    env::temp_dir,
    fs::File,
    thread::sleep,
    time::{Duration, Instant},
};

use super::docker::{docker, is_there, succeeded, text, try_docker};

/// The image: the last version that asks nobody for a licence.
const IMAGE: &str = "localstack/localstack:4.14";

/// By what its container is found again.
const LABEL: &str = "moodle-infra.test=localstack";

/// It comes up in ten seconds on an idle machine.
const LONGEST: Duration = Duration::from_secs(180);

/// A share in the one that runs.
pub(crate) struct Localstack {
    pub(crate) url: String,
    lock: File,
}

impl Localstack {
    /// The one that runs, or a new one; `None` where there is no Docker, which the test says.
    pub(crate) fn share() -> Option<Self> {
        if !is_there() {
            return None;
        }
        let path = temp_dir().join("moodle-infra-localstack-users.lock");
        let lock = File::options().create(true).append(true).open(path).unwrap();
        loop {
            lock.lock_shared().unwrap();
            if let Some(id) = answering() {
                return Some(Self { url: url(&id), lock });
            }
            // Nobody may take it away while it is looked for; so somebody else may have been faster.
            lock.unlock().unwrap();
            lock.lock().unwrap();
            if answering().is_none() {
                remove();
                start();
            }
            lock.unlock().unwrap();
        }
    }
}

impl Drop for Localstack {
    fn drop(&mut self) {
        // Where somebody else has it, that is who takes it away.
        if self.lock.unlock().is_ok() && self.lock.try_lock().is_ok() {
            remove();
        }
    }
}

/// All containers of the label that are in a state.
fn labelled(options: &[&str]) -> Vec<String> {
    let filter = format!("label={LABEL}");
    let all = ["ps", "--quiet", "--filter", &filter];
    docker(all.iter().chain(options)).lines().map(str::to_owned).collect()
}

/// The one that answers.
fn answering() -> Option<String> {
    labelled(&[]).into_iter().find(|id| answers(id))
}

fn answers(id: &str) -> bool {
    let asked = ["curl", "-fsS", "--max-time", "5", "http://127.0.0.1:4566/_localstack/health"];
    try_docker(["exec", id].iter().chain(&asked)).status.success()
}

fn url(id: &str) -> String {
    let format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
    format!("http://{}:4566", docker(["inspect", "--format", format, id]))
}

/// Takes away whatever there is.
fn remove() {
    for id in labelled(&["--all"]) {
        try_docker(["rm", "--force", "--volumes", &id]);
    }
}

macro_rules! names {
    ($($service:ident)*) => { [$(stringify!($service)),*] };
}

fn start() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/aws/localstack/image.sh");
    succeeded(&std::process::Command::new(script).arg(IMAGE).output().unwrap());
    // The image of the registry is to ask nobody outside either.
    let services = crate::of_localstack_services!(names);
    let services = services.map(|it| if it == "eventbridge" { "events" } else { it });
    let services = format!("SERVICES={}", services.join(","));
    let settings = [
        "DISABLE_EVENTS=1",
        "SKIP_SSL_CERT_DOWNLOAD=1",
        "DNS_ADDRESS=0",
        // One after the other: many tests ask for the first time at the same time, and what it loads
        // then waits for each other, for good.
        "EAGER_SERVICE_LOADING=1",
        "STRICT_SERVICE_LOADING=0",
        &services,
        // Certificates are issued a minute after they were asked for if it is not told otherwise.
        "MOTO_ACM_VALIDATION_WAIT=1",
    ];
    let mut command = vec!["run", "--detach", "--label", LABEL];
    for variable in settings {
        command.extend(["--env", variable]);
    }
    command.push(IMAGE);
    let id = docker(command);
    let begun = Instant::now();
    while !answers(&id) {
        if begun.elapsed() > LONGEST {
            let said = try_docker(["logs", &id]);
            remove();
            panic!("LocalStack does not answer:\n{}\n{}", text(&said.stdout), text(&said.stderr));
        }
        sleep(Duration::from_millis(500));
    }
}

//! A server that speaks AWS's API.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    env,
    hash::{BuildHasher, Hasher, RandomState},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};

use infra_tests::{
    http::{post, signed_by},
    tools::{PYTHON, skipped},
};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{given, localstack::container::Localstack};

/// Which one it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Moto,
    Ministack,
    Localstack,
}

/// Services by the names of their SDK crates.
pub(crate) type Services = &'static [&'static str];

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Moto => "moto",
            Self::Ministack => "ministack",
            Self::Localstack => "localstack",
        }
    }

    /// The services of which the other server knows more than this one, so that the cases of other
    /// services find them there; and that other server.
    fn beside(self) -> (Services, Self) {
        match self {
            // It speaks CloudWatch's older protocol alone, and its S3 has answers in words of its own.
            Self::Moto => (&["cloudwatch", "s3"], Self::Ministack),
            Self::Ministack => (&["efs"], Self::Moto),
            // What runs containers and machines is not in it without a licence, and it fails to say an
            // alarm in the protocol that the SDK speaks.
            Self::Localstack => {
                (&["autoscaling", "cloudwatch", "ecs", "elasticloadbalancingv2"], Self::Ministack)
            }
        }
    }

    /// A key of an account in which there is nothing.
    fn key(self) -> String {
        match self {
            Self::Moto | Self::Ministack => "testing".to_owned(),
            // Many tests share one: a key of twelve digits is the number of an account.
            Self::Localstack => {
                let random = RandomState::new().build_hasher().finish();
                (100_000_000_000 + random % 900_000_000_000).to_string()
            }
        }
    }

    /// Where one is that somebody else has started.
    fn given(self) -> Option<String> {
        env::var(format!("INFRA_{}_URL", self.name().to_uppercase())).ok()
    }
}

/// What a whole site needs of moto beyond what single types do: policies of AWS, which it takes seconds
/// to forget, and tasks enough for each service.
const OF_A_SITE: [(&str, &str); 2] =
    [("MOTO_IAM_LOAD_MANAGED_POLICIES", "true"), ("MOTO_ECS_SERVICE_RUNNING", "64")];

/// What starts a program: of the virtual environment that is named, or of the machine.
fn command(program: &str) -> Command {
    let folder = env::var_os("INFRA_AWS_SERVERS").map(PathBuf::from);
    Command::new(folder.map_or(program.into(), |folder| folder.join("bin").join(program)))
}

/// What runs a server, and ends with this.
enum Runs {
    /// Somebody else has started it.
    Elsewhere,
    Process(Child),
    Container(#[expect(dead_code, reason = "it is let go of")] Localstack),
}

impl Drop for Runs {
    fn drop(&mut self) {
        if let Self::Process(child) = self {
            // One that has ended already can't be ended.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A server that runs, and ends with this if it was started here.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) kind: Kind,
    /// The other one, and the services that go there.
    other: Option<(Services, Box<Self>)>,
    /// Of whoever asks: where many tests share a server, it says the account.
    key: RefCell<String>,
    _runs: Runs,
}

impl Server {
    /// One with nothing in it, and the other beside it; `None` where there is none, which the test
    /// says.
    pub(crate) fn with_other(kind: Kind) -> Option<Self> {
        let (services, other) = kind.beside();
        Some(Self { other: Some((services, Box::new(Self::start(other)?))), ..Self::start(kind)? })
    }

    /// The same with what a whole site needs, and some services at the other.
    pub(crate) fn of_a_site(kind: Kind, services: Services, other: Kind) -> Option<Self> {
        let server = Self::start_with(kind, &OF_A_SITE)?;
        Some(Self { other: Some((services, Box::new(Self::start(other)?))), ..server })
    }

    /// The other one, if it was started with this.
    pub(crate) fn other(&self) -> Option<&Self> {
        self.other.as_ref().map(|(_, other)| &**other)
    }

    /// Where the services are that are not asked of this one, in tests about a service.
    pub(crate) fn endpoints(&self, tested: &str) -> BTreeMap<String, String> {
        let Some((services, other)) = &self.other else { return BTreeMap::new() };
        let services = services.iter().filter(|service| **service != tested);
        services.map(|service| ((*service).to_owned(), other.url.clone())).collect()
    }

    /// One with nothing in it; `None` where there is none, which the test says.
    pub(crate) fn start(kind: Kind) -> Option<Self> {
        Self::start_with(kind, &[])
    }

    fn start_with(kind: Kind, settings: &[(&str, &str)]) -> Option<Self> {
        let (url, runs) = match kind.given() {
            Some(url) => (url, Runs::Elsewhere),
            None => run(kind, settings)?,
        };
        let has_it_all = kind != Kind::Localstack && matches!(runs, Runs::Elsewhere);
        let key = RefCell::new(kind.key());
        let server = Self { url, kind, other: None, key, _runs: runs };
        if !has_it_all {
            given::make(&server);
        }
        Some(server)
    }

    /// Its host and port.
    pub(crate) fn place(&self) -> &str {
        self.url.trim_start_matches("http://").trim_end_matches('/')
    }

    /// The host and port that a service is at.
    pub(crate) fn place_of(&self, service: &str) -> &str {
        match &self.other {
            Some((services, other)) if services.contains(&service) => other.place(),
            _ => self.place(),
        }
    }

    /// The key of whoever asks, with which any secret goes.
    pub(crate) fn key(&self) -> String {
        self.key.borrow().clone()
    }

    /// A header by which it knows the service and the account.
    pub(crate) fn signed(&self, service: &str) -> (&'static str, String) {
        signed_by(&self.key.borrow(), service)
    }

    /// Takes everything away, also what AWS keeps for days: the names of deleted secrets, say. Where
    /// others are at the server as well, another account has nothing of it.
    pub(crate) fn reset(&self) {
        let path = match self.kind {
            Kind::Moto => Some("/moto-api/reset"),
            Kind::Ministack => Some("/_ministack/reset"),
            Kind::Localstack => None,
        };
        if let Some(path) = path {
            post(self.place(), path, &[], "");
        }
        self.key.replace(self.kind.key());
        given::make(self);
        if let Some((_, other)) = &self.other {
            other.reset();
        }
    }

    /// Makes a user with a policy, and returns a key and its secret.
    pub(crate) fn user(&self, name: &str, policy: &str) -> (String, String) {
        let form = ("content-type", "application/x-www-form-urlencoded".to_owned());
        let ask = |action: &str, more: &[(&str, &str)]| {
            let mut body = format!("Action={action}&Version=2010-05-08&UserName={name}");
            for (key, value) in more {
                let value = utf8_percent_encode(value, NON_ALPHANUMERIC);
                body.push_str(&format!("&{key}={value}"));
            }
            post(self.place(), "/", &[self.signed("iam"), form.clone()], &body)
        };
        ask("CreateUser", &[]);
        ask("PutUserPolicy", &[("PolicyName", "all"), ("PolicyDocument", policy)]);
        let told = ask("CreateAccessKey", &[]);
        let part = |tag: &str| {
            let (_, rest) = told.split_once(&format!("<{tag}>")).unwrap();
            rest.split_once('<').unwrap().0.to_owned()
        };
        (part("AccessKeyId"), part("SecretAccessKey"))
    }

    /// Whether it asks for permission from now on, which moto alone can.
    pub(crate) fn enforce(&self, is_asked: bool) {
        let after = if is_asked { "0" } else { "inf" };
        post(self.place(), "/moto-api/reset-auth", &[], after);
    }
}

/// Starts one, and says where it answers; `None` where there is none, which the test says.
fn run(kind: Kind, settings: &[(&str, &str)]) -> Option<(String, Runs)> {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut command = match kind {
        Kind::Moto => command("moto_server"),
        Kind::Ministack => command("ministack"),
        Kind::Localstack => {
            let shared = Localstack::share()?;
            return Some((shared.url.clone(), Runs::Container(shared)));
        }
    };
    if kind == Kind::Moto {
        command
            .args(["--host", "127.0.0.1", "--port", &port.to_string()])
            // Certificates are issued a minute after they were asked for if it is not told otherwise.
            .env("MOTO_ACM_VALIDATION_WAIT", "1")
            // So many tasks of a service run; else no deployment comes to its end.
            .env("MOTO_ECS_SERVICE_RUNNING", "4");
    } else {
        // With a socket of Docker it would start and end containers of its own.
        command.env("GATEWAY_PORT", port.to_string()).env("DOCKER_HOST", "unix:///nonexistent");
    }
    command.envs(settings.iter().copied());
    let started = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let Ok(child) = started else {
        let name = kind.name();
        let missing = format!(
            "no {name} (pip install 'moto[server]' ministack cbor2, and name the virtual \
             environment in INFRA_AWS_SERVERS)"
        );
        skipped(&missing, PYTHON);
        return None;
    };
    let runs = Runs::Process(child);
    for _ in 0..300 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Some((format!("http://127.0.0.1:{port}"), runs));
        }
        sleep(Duration::from_millis(100));
    }
    panic!("{} did not answer within 30 s", kind.name());
}

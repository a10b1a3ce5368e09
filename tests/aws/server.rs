//! A server that speaks AWS's API.

use std::{
    collections::BTreeMap,
    env,
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};

use infra_tests::{
    http::{post, signed},
    tools::{PYTHON, skipped},
};

use crate::given;

/// Which one it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Moto,
    Ministack,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Moto => "moto",
            Self::Ministack => "ministack",
        }
    }

    /// The services of which the other server knows more than this one, so that the cases of other
    /// services find them there; and that other server.
    fn beside(self) -> (&'static [&'static str], Self) {
        match self {
            // It speaks CloudWatch's older protocol alone, and its S3 has answers in words of its own.
            Self::Moto => (&["cloudwatch", "s3"], Self::Ministack),
            Self::Ministack => (&["efs"], Self::Moto),
        }
    }

    /// Where one is that somebody else has started.
    fn given(self) -> Option<String> {
        env::var(format!("INFRA_{}_URL", self.name().to_uppercase())).ok()
    }

    /// What starts one: of the virtual environment that is named, or of the machine.
    fn command(self) -> Command {
        let program = match self {
            Self::Moto => "moto_server",
            Self::Ministack => "ministack",
        };
        let folder = env::var_os("INFRA_AWS_SERVERS").map(PathBuf::from);
        let folder = folder.map(|folder| folder.join("bin"));
        Command::new(folder.map_or(program.into(), |folder| folder.join(program)))
    }
}

/// A server that runs, and ends with this if it was started here.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) kind: Kind,
    /// The other one, to which some services go ([`Kind::beside`]).
    other: Option<Box<Self>>,
    child: Option<Child>,
}

impl Server {
    /// One with nothing in it, and the other beside it; `None` where there is none, which the test
    /// says.
    pub(crate) fn with_other(kind: Kind) -> Option<Self> {
        let mut server = Self::start(kind)?;
        server.other = Some(Box::new(Self::start(kind.beside().1)?));
        Some(server)
    }

    /// The other one, if it was started with this.
    pub(crate) fn other(&self) -> Option<&Self> {
        self.other.as_deref()
    }

    /// Where the services are that are not asked of this one, in tests about a service.
    pub(crate) fn endpoints(&self, tested: &str) -> BTreeMap<String, String> {
        let Some(other) = &self.other else { return BTreeMap::new() };
        let (services, _) = self.kind.beside();
        let services = services.iter().filter(|service| **service != tested);
        services.map(|service| ((*service).to_owned(), other.url.clone())).collect()
    }

    /// One with nothing in it; `None` where there is none, which the test says.
    pub(crate) fn start(kind: Kind) -> Option<Self> {
        if let Some(url) = kind.given() {
            return Some(Self { url, kind, other: None, child: None });
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = kind.command();
        match kind {
            // Certificates are issued a minute after they were asked for if it is not told otherwise.
            Kind::Moto => command
                .args(["--host", "127.0.0.1", "--port", &port.to_string()])
                .env("MOTO_ACM_VALIDATION_WAIT", "1")
                // So many tasks of a service run; else no deployment comes to its end.
                .env("MOTO_ECS_SERVICE_RUNNING", "4"),
            // With a socket of Docker it would start and end containers of its own.
            Kind::Ministack => command
                .env("GATEWAY_PORT", port.to_string())
                .env("DOCKER_HOST", "unix:///nonexistent"),
        };
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
        let url = format!("http://127.0.0.1:{port}");
        let server = Self { url, kind, other: None, child: Some(child) };
        for _ in 0..300 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                given::make(&format!("127.0.0.1:{port}"), kind);
                return Some(server);
            }
            sleep(Duration::from_millis(100));
        }
        panic!("{} did not answer within 30 s", kind.name());
    }

    /// Its host and port.
    pub(crate) fn place(&self) -> &str {
        self.url.trim_start_matches("http://").trim_end_matches('/')
    }

    /// Takes everything away, also what AWS keeps for days: the names of deleted secrets, say.
    pub(crate) fn reset(&self) {
        let path = match self.kind {
            Kind::Moto => "/moto-api/reset",
            Kind::Ministack => "/_ministack/reset",
        };
        let place = self.place();
        post(place, path, &[], "");
        given::make(place, self.kind);
        if let Some(other) = &self.other {
            other.reset();
        }
    }

    /// Makes a user with a policy, and returns a key and its secret.
    pub(crate) fn user(&self, name: &str, policy: &str) -> (String, String) {
        let form = ("content-type", "application/x-www-form-urlencoded".to_owned());
        let ask = |action: &str, more: &[(&str, &str)]| {
            let mut body = format!("Action={action}&Version=2010-05-08&UserName={name}");
            for (key, value) in more {
                body.push_str(&format!("&{key}={}", escaped(value)));
            }
            post(self.place(), "/", &[signed("iam"), form.clone()], &body)
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

/// A value in a form.
fn escaped(text: &str) -> String {
    let is_plain = |it: &u8| it.is_ascii_alphanumeric();
    let byte = |it: u8| if is_plain(&it) { (it as char).to_string() } else { format!("%{it:02X}") };
    text.bytes().map(byte).collect()
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // One that has ended already can't be ended.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

//! Secrets Manager and ECS, as far as a rotation asks them: an account with one secret and a few
//! services, in this process.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread::spawn,
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::{Value as Json, json};

use crate::{docker::try_docker, site::Site};

/// A request over HTTP: its first line, its headers, and its body as JSON.
pub(crate) struct Request {
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Json,
}

impl Request {
    /// A header, by its name in small letters.
    #[track_caller]
    fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(other, _)| other == name);
        &found.unwrap_or_else(|| panic!("no {name} in {:?}", self.headers)).1
    }
}

/// Reads a request.
pub(crate) fn read(connection: &mut TcpStream) -> Request {
    let mut reader = BufReader::new(connection);
    let mut lines = vec![];
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let headers = lines[1..].iter().map(|line| {
        let (name, value) = line.split_once(": ").unwrap_or((line, ""));
        (name.to_lowercase(), value.to_owned())
    });
    let headers: Vec<(String, String)> = headers.collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let mut body = vec![0; length.map_or(0, |(_, length)| length.parse().unwrap())];
    reader.read_exact(&mut body).unwrap();
    let body = serde_json::from_slice(&body).unwrap_or_default();
    Request { line: lines.remove(0), headers, body }
}

/// Answers one.
pub(crate) fn answer(connection: &mut TcpStream, status: u16, body: &Json) {
    let body = body.to_string();
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status} -\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    // Whoever was killed meanwhile does not listen.
    let _ = connection.write_all(format!("{head}{body}").as_bytes());
}

/// A user of the database and a password.
pub(crate) type Login = (String, String);

/// A task of a service, and what it was given at its start.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    arn: String,
    service: &'static str,
    created: f64,
    pub(crate) login: Login,
    /// How often it is still seen before it is gone; `None` while it shall run.
    ends_in: Option<u32>,
}

/// Whether a call had happened when whoever made it died.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    Before,
    After,
}

/// What there is in the account.
pub(crate) struct Account {
    pub(crate) secret: Login,
    since: f64,
    tasks: Vec<Task>,
    /// The calls that change something, in order.
    pub(crate) changes: Vec<String>,
    /// Whether tasks that are told to end do not.
    pub(crate) stuck: bool,
    /// At which of them a container dies.
    pub(crate) dies: Option<(usize, Moment, String)>,
}

pub(crate) const SERVICES: [&str; 2] = ["moodle", "cron"];
pub(crate) const SECRET: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:it-a1b2c3";

#[expect(clippy::disallowed_methods, reason = "an account has a clock of its own, as AWS has")]
fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64()
}

impl Account {
    /// The tasks that have not ended.
    pub(crate) fn tasks(&self) -> Vec<Task> {
        self.tasks.iter().filter(|task| task.ends_in != Some(0)).cloned().collect()
    }

    fn start(&mut self, service: &'static str) {
        let arn = format!("arn:aws:ecs:eu-central-1:123456789012:task/web/{}", self.tasks.len());
        let login = self.secret.clone();
        self.tasks.push(Task { arn, service, created: now(), login, ends_in: None });
    }

    fn call(&mut self, action: &str, body: &Json) -> Json {
        match action {
            "GetSecretValue" => {
                assert_eq!(body["SecretId"], SECRET);
                let (username, password) = &self.secret;
                let value = json!({ "username": username, "password": password }).to_string();
                json!({ "SecretString": value, "CreatedDate": self.since })
            }
            "PutSecretValue" => {
                assert_eq!(body["SecretId"], SECRET);
                assert!(body["ClientRequestToken"].as_str().unwrap().len() >= 32, "{body}");
                let value: Json =
                    serde_json::from_str(body["SecretString"].as_str().unwrap()).unwrap();
                let text = |name: &str| value[name].as_str().unwrap().to_owned();
                (self.secret, self.since) = ((text("username"), text("password")), now());
                json!({ "ARN": SECRET })
            }
            "ListTasks" => {
                let running = body["desiredStatus"] == "RUNNING";
                let tasks = self.tasks.iter().filter(|task| {
                    body["serviceName"] == task.service && task.ends_in.is_none() == running
                });
                json!({ "taskArns": tasks.map(|task| &task.arn).collect::<Vec<_>>() })
            }
            "DescribeTasks" => {
                let asked: Vec<&str> =
                    body["tasks"].as_array().unwrap().iter().filter_map(Json::as_str).collect();
                let told = self.tasks.iter_mut().filter(|task| asked.contains(&&*task.arn));
                let told = told.map(|task| {
                    if !self.stuck {
                        task.ends_in = task.ends_in.map(|left| left.saturating_sub(1));
                    }
                    let status = match task.ends_in {
                        None => "RUNNING",
                        Some(0) => "STOPPED",
                        Some(_) => "DEACTIVATING",
                    };
                    json!({ "taskArn": task.arn, "lastStatus": status, "createdAt": task.created })
                });
                json!({ "tasks": told.collect::<Vec<_>>() })
            }
            "UpdateService" => {
                assert_eq!(
                    (&body["cluster"], &body["forceNewDeployment"]),
                    (&"web".into(), &true.into())
                );
                let service = SERVICES.into_iter().find(|it| body["service"] == *it).unwrap();
                for task in self.tasks.iter_mut().filter(|task| task.service == service) {
                    task.ends_in = task.ends_in.or(Some(2));
                }
                self.start(service);
                json!({})
            }
            other => panic!("{other} is nothing that a rotation asks for"),
        }
    }

    /// Calls, and lets whoever called die if it is time; then there is no answer.
    fn serve(&mut self, action: &str, body: &Json) -> Option<Json> {
        if !matches!(action, "PutSecretValue" | "UpdateService") {
            return Some(self.call(action, body));
        }
        let number = self.changes.len();
        let dies = self.dies.take_if(|(at, ..)| *at == number);
        if let Some((_, Moment::Before, container)) = &dies {
            try_docker(["kill", container]);
            return None;
        }
        self.changes.push(action.to_owned());
        let answer = self.call(action, body);
        let Some((.., container)) = dies else { return Some(answer) };
        try_docker(["kill", &container]);
        None
    }
}

/// The account, and how containers reach it.
pub(crate) struct Aws {
    pub(crate) account: Arc<Mutex<Account>>,
    variables: Vec<String>,
}

impl Aws {
    /// An account whose secret holds a login, which the tasks of all services were given.
    pub(crate) fn new(site: &Site, secret: Login) -> Self {
        let mut account = Account {
            secret,
            since: now() - 600.0,
            tasks: vec![],
            changes: vec![],
            stuck: false,
            dies: None,
        };
        for service in SERVICES {
            account.start(service);
        }
        let account = Arc::new(Mutex::new(account));
        let listener = TcpListener::bind("0.0.0.0:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let at = format!("http://{}:{port}", site.gateway());
        let served = Arc::clone(&account);
        spawn(move || {
            for connection in listener.incoming() {
                serve(&mut connection.unwrap(), &served);
            }
        });
        let variables = vec![
            format!("AWS_ENDPOINT_URL_SECRETS_MANAGER={at}/"),
            format!("AWS_ENDPOINT_URL_ECS={at}/"),
            format!("AWS_CONTAINER_CREDENTIALS_FULL_URI={at}/credentials"),
            "AWS_REGION=eu-central-1".to_owned(),
            format!("DB_SECRET_ARN={SECRET}"),
            "ROLL_CLUSTER=web".to_owned(),
            format!("ROLL_SERVICES={}", SERVICES.join(" ")),
            "ROTATE_PACE=1".to_owned(),
        ];
        Self { account, variables }
    }

    /// The variables by which a container reaches it, as arguments of `docker run`.
    pub(crate) fn arguments(&self) -> Vec<&str> {
        self.variables.iter().flat_map(|variable| ["--env", variable]).collect()
    }
}

fn serve(connection: &mut TcpStream, account: &Mutex<Account>) {
    let request = read(connection);
    if request.line.starts_with("GET /credentials ") {
        let role =
            json!({ "AccessKeyId": "id", "SecretAccessKey": "key", "Token": "token/of+role=" });
        return answer(connection, 200, &role);
    }
    let target = request.header("x-amz-target");
    let (prefix, action) = target.split_once('.').unwrap();
    let service = if prefix == "secretsmanager" { prefix } else { "ecs" };
    assert!(prefix == service || prefix == "AmazonEC2ContainerServiceV20141113", "{target}");
    let signature = request.header("authorization");
    assert!(signature.starts_with("AWS4-HMAC-SHA256 Credential=id/"), "{signature}");
    let scope = format!("/eu-central-1/{service}/aws4_request, SignedHeaders=");
    assert!(signature.contains(&scope), "{signature}");
    for signed in ["host", "x-amz-date", "x-amz-security-token", "x-amz-target"] {
        let (_, all) = signature.split_once("SignedHeaders=").unwrap();
        assert!(all.split([';', ',']).any(|header| header == signed), "{signed}: {signature}");
    }
    assert_eq!(request.header("x-amz-security-token"), "token/of+role=");
    assert_eq!(request.header("content-type"), "application/x-amz-json-1.1");
    let answered = account.lock().unwrap().serve(action, &request.body);
    if let Some(body) = answered {
        answer(connection, 200, &body);
    }
}

//! The files that Redis and Sentinel read. No I/O.

use std::{fmt::Write as _, net::Ipv4Addr};

use super::{
    parameters,
    spec::{AGENT, Auth, CacheSpec, NAME, Place, SENTINEL_PORT, Tls},
};

/// Where the files are: a folder in memory.
pub(super) const FOLDER: &str = "/run/cache";

/// The settings of Redis or Sentinel.
pub(super) const SETTINGS: &str = "settings.conf";

/// What users of AWS's service may not do: it looks after that itself. As it does, a user who is given
/// `+@all` is not given these.
const WITHHELD: &str = "-acl|deluser -acl|load -acl|save -acl|setuser -bgrewriteaof -bgsave -config \
                        -debug -failover -migrate -module -psync -replicaof -replconf -save -shutdown \
                        -slaveof -sync";

/// A file in the folder: its name and what it holds.
pub(super) type File = (String, String);

/// The files of a node.
pub(super) fn node(spec: &CacheSpec, node: &Place, of: Option<&Place>) -> Vec<File> {
    let mut text = Text::default();
    text.put("bind", &["0.0.0.0"]);
    text.put("protected-mode", &["no"]);
    text.put("dir", &["/data"]);
    text.put("dbfilename", &["dump.rdb"]);
    // As on AWS: what nobody holds in memory any more is lost, unless there is a snapshot.
    text.put("save", &[""]);
    text.put("appendonly", &["no"]);
    text.put("repl-diskless-sync", &["yes"]);
    text.put("repl-diskless-sync-delay", &["0"]);
    text.put("repl-diskless-load", &["on-empty-db"]);
    text.put("repl-backlog-size", &["8mb"]);
    text.put("repl-ping-replica-period", &["1"]);
    text.put("repl-timeout", &["10"]);
    text.put("replica-announce-ip", &[&node.address.to_string()]);
    text.put("replica-announce-port", &[&spec.port.to_string()]);
    text.put("acl-pubsub-default", &["resetchannels"]);
    text.put("masteruser", &[AGENT]);
    text.put("masterauth", &[spec.administration.expose()]);
    for (name, value) in parameters::told(&spec.parameters, spec.memory) {
        text.put(&name, &[&value]);
    }
    for (name, rules) in users(spec) {
        let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
        text.put("user", &[&[name.as_str()], &rules[..]].concat());
    }
    if let Some(primary) = of {
        text.put("replicaof", &[&primary.address.to_string(), &spec.port.to_string()]);
    }
    with_tls(text, spec, spec.port)
}

/// The files of a sentinel.
pub(super) fn sentinel(spec: &CacheSpec, place: &Place, primary: Ipv4Addr) -> Vec<File> {
    let mut text = Text::default();
    let password = spec.administration.expose();
    text.put("bind", &["0.0.0.0"]);
    text.put("protected-mode", &["no"]);
    text.put("dir", &[FOLDER]);
    text.put("requirepass", &[password]);
    text.put("sentinel", &["sentinel-pass", password]);
    text.put("sentinel", &["announce-ip", &place.address.to_string()]);
    text.put("sentinel", &["announce-port", &SENTINEL_PORT.to_string()]);
    let (primary, port) = (primary.to_string(), spec.port.to_string());
    text.put("sentinel", &["monitor", NAME, &primary, &port, &spec.quorum().to_string()]);
    for (name, value) in watched(spec) {
        text.put("sentinel", &[name, NAME, &value]);
    }
    with_tls(text, spec, SENTINEL_PORT)
}

/// How a sentinel watches the group.
pub(super) fn watched(spec: &CacheSpec) -> [(&'static str, String); 5] {
    [
        ("auth-user", AGENT.to_owned()),
        ("auth-pass", spec.administration.expose().clone()),
        ("down-after-milliseconds", spec.timing.down_after.as_millis().to_string()),
        // After twice as long they try again.
        ("failover-timeout", "5000".to_owned()),
        ("parallel-syncs", "5".to_owned()),
    ]
}

/// The users that a node has, with all that they may.
pub(super) fn users(spec: &CacheSpec) -> Vec<(String, Vec<String>)> {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let agent = format!(">{}", spec.administration.expose());
    let mut users =
        vec![(AGENT.to_owned(), [words("reset on"), vec![agent], words("~* &* +@all")].concat())];
    let mut add = |name: &str, passwords: &[infra_core::Secret<String>], access: &str| {
        let mut rules = words("reset");
        if passwords.is_empty() {
            rules.push("nopass".to_owned());
        }
        rules.extend(passwords.iter().map(|password| format!(">{}", password.expose())));
        rules.extend(words(access));
        rules.extend(words(WITHHELD));
        users.push((name.to_owned(), rules));
    };
    match &spec.auth {
        Auth::Open => add("default", &[], "on ~* &* +@all"),
        Auth::Tokens(tokens) => add("default", tokens, "on ~* &* +@all"),
        Auth::Users(users) => {
            users.iter().for_each(|user| add(&user.name, &user.passwords, &user.access));
        }
    }
    users
}

/// The settings of TLS, and where their files are: a new certificate is another file.
pub(super) fn tls(tls: &Tls) -> ([(&'static str, String); 3], Vec<File>) {
    let named = |what: &str, text: &str| {
        (format!("{what}-{:08x}.pem", crc32fast::hash(text.as_bytes())), text.to_owned())
    };
    // Key and certificate change together: the same number tells them apart from earlier ones.
    let pair = format!("{}{}", tls.certificate, tls.key.expose());
    let number = crc32fast::hash(pair.as_bytes());
    let files = vec![
        (format!("certificate-{number:08x}.pem"), tls.certificate.clone()),
        (format!("key-{number:08x}.pem"), tls.key.expose().clone()),
        named("authority", &tls.authority),
    ];
    let path = |at: usize| format!("{FOLDER}/{}", files[at].0);
    let settings =
        [("tls-cert-file", path(0)), ("tls-key-file", path(1)), ("tls-ca-cert-file", path(2))];
    (settings, files)
}

/// Puts in where it listens, and how.
fn with_tls(mut text: Text, spec: &CacheSpec, port: u16) -> Vec<File> {
    let mut files = vec![];
    match &spec.tls {
        None => text.put("port", &[&port.to_string()]),
        Some(wanted) => {
            text.put("port", &["0"]);
            text.put("tls-port", &[&port.to_string()]);
            text.put("tls-auth-clients", &["no"]);
            text.put("tls-replication", &["yes"]);
            let (settings, of_tls) = tls(wanted);
            settings.iter().for_each(|(name, value)| text.put(name, &[value]));
            files.extend(of_tls);
        }
    }
    files.push((SETTINGS.to_owned(), text.0));
    files
}

/// Text of settings, a line each.
#[derive(Default)]
struct Text(String);

impl Text {
    fn put(&mut self, name: &str, values: &[&str]) {
        self.0.push_str(name);
        for value in values {
            self.0.push(' ');
            self.0.push_str(&quoted(value));
        }
        self.0.push('\n');
    }
}

/// A value as Redis reads it back, whatever it is.
fn quoted(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/~&*+@|>".contains(&byte);
    if !value.is_empty() && value.bytes().all(plain) {
        return value.to_owned();
    }
    let mut text = String::from("\"");
    for byte in value.bytes() {
        if plain(byte) || byte == b' ' {
            text.push(byte.into());
        } else {
            write!(text, "\\x{byte:02x}").expect("a string takes what is written to it");
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use infra_core::Secret;

    use super::*;
    use crate::containers::cache::{Timing, User};

    fn place(id: &str, last: u8) -> Place {
        let address = Ipv4Addr::new(10, 0, 1, last);
        Place { id: id.to_owned(), interface: format!("eni-{id}"), address }
    }

    fn spec() -> CacheSpec {
        CacheSpec {
            account: "a".to_owned(),
            id: "sessions".to_owned(),
            image: "redis:7".to_owned(),
            nodes: vec![place("001", 4), place("002", 5)],
            sentinels: [6, 7, 8].map(|last| place(&format!("sentinel-{last}"), last)).into(),
            primary: place("primary", 9),
            reader: place("reader", 10),
            port: 6379,
            memory: 64 << 20,
            parameters: BTreeMap::new(),
            tls: None,
            auth: Auth::Tokens(vec![Secret::new("a \"token\"\n#".to_owned())]),
            administration: Secret::new("of-the-agent".to_owned()),
            restore: None,
            timing: Timing::default(),
        }
    }

    #[test]
    fn whatever_a_token_holds_stays_one_word_of_one_line() {
        let spec = spec();
        let files = node(&spec, &spec.nodes[1], Some(&spec.nodes[0]));
        let (name, text) = &files[0];
        assert_eq!((name.as_str(), files.len()), (SETTINGS, 1));
        let user = text.lines().find(|line| line.starts_with("user default")).unwrap();
        let start =
            "user default reset \">a \\x22token\\x22\\x0a\\x23\" on ~* &* +@all -acl|deluser ";
        assert!(user.starts_with(start), "{user}");
        assert!(text.contains("\nreplicaof 10.0.1.4 6379\n"));
        assert!(text.contains("\nsave \"\"\n"));
        assert!(!node(&spec, &spec.nodes[0], None)[0].1.contains("replicaof 1"));
    }

    #[test]
    fn with_tls_there_is_no_other_port() {
        let mut spec = spec();
        spec.tls = Some(Tls {
            certificate: "C".to_owned(),
            key: Secret::new("K".to_owned()),
            authority: "A".to_owned(),
            name: "cache.example".to_owned(),
        });
        for files in [
            node(&spec, &spec.nodes[0], None),
            sentinel(&spec, &spec.sentinels[0], spec.nodes[0].address),
        ] {
            assert_eq!(files.len(), 4);
            let text = &files[3].1;
            assert!(
                text.contains("\nport 0\n") && text.contains("tls-replication yes\n"),
                "{text}"
            );
        }
        let (before, _) = tls(spec.tls.as_ref().unwrap());
        spec.tls.as_mut().unwrap().key = Secret::new("K2".to_owned());
        let (after, _) = tls(spec.tls.as_ref().unwrap());
        assert_ne!(before[0], after[0], "another key is another pair of files");
        assert_eq!(before[2], after[2]);
    }

    #[test]
    fn a_spec_that_can_not_be_says_why() {
        spec().check().unwrap();
        let refused = |change: &dyn Fn(&mut CacheSpec)| {
            let mut spec = spec();
            change(&mut spec);
            spec.check().unwrap_err().to_string()
        };
        let error = refused(&|spec| spec.sentinels.truncate(2));
        assert!(
            error.ends_with("it needs three or five sentinels, so that most of them can agree")
        );
        let error = refused(&|spec| spec.nodes[1].id = "001".to_owned());
        assert!(error.ends_with("001 is the name of two of its parts"), "{error}");
        let user = |access: &str| User {
            name: "default".to_owned(),
            access: access.to_owned(),
            passwords: vec![],
        };
        let error = refused(&|spec| spec.auth = Auth::Users(vec![user("on >secret")]));
        assert!(error.ends_with("has passwords: give them apart"), "{error}");
    }
}

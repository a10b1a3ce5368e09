//! The command line with its state in S3: the account is the simulator.

use std::{
    path::Path,
    process::{Command, Output, Stdio},
};

use infra_cli::exit;
use infra_core::state::store::StateStore;
use tempfile::TempDir;

use super::{BUCKET, aws, key::make_key, keys, server, somebody};
use crate::server::Server;
use backend_aws::{S3Options, S3Store};

/// A folder for the simulated account, and the command line with its state in S3.
struct Team<'a> {
    server: &'a Server,
    folder: TempDir,
    state: String,
    variables: Vec<(&'static str, String)>,
}

/// What a run came to.
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl<'a> Team<'a> {
    fn new(server: &'a Server) -> Self {
        let state = format!("s3://{BUCKET}/team?region=eu-central-1");
        Self { server, folder: tempfile::tempdir().unwrap(), state, variables: vec![] }
    }

    fn run(&self, words: &str) -> Ran {
        let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_campus"))
            .env_clear()
            .env("CAMPUS", "network")
            .env("XDG_CONFIG_HOME", self.folder.path().join("config"))
            .env("AWS_ACCESS_KEY_ID", "testing")
            .env("AWS_SECRET_ACCESS_KEY", "testing")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("INFRA_STATE", &self.state)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
            .args(["--endpoint-url", &self.server.url, "--state-dir"])
            .arg(self.folder.path().join("state"))
            .args(words.split_whitespace())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: status.code(), out: text(stdout), err: text(stderr) }
    }

    #[track_caller]
    fn ok(&self, words: &str) -> Ran {
        let ran = self.run(words);
        assert_eq!(ran.code, Some(0), "{words}\n{}\n{}", ran.out, ran.err);
        ran
    }

    /// A command that is refused with a code, and what it says.
    #[track_caller]
    fn refused(&self, words: &str, code: u8) -> String {
        let ran = self.run(words);
        assert_eq!(ran.code, Some(code.into()), "{words}\n{}\n{}", ran.out, ran.err);
        ran.err
    }

    fn keys(&self) -> Vec<String> {
        keys(self.server, "team/campus/dev/sim")
    }
}

#[track_caller]
fn says(text: &str, words: &str) {
    assert!(text.contains(words), "`{words}` is not said:\n{text}");
}

#[tokio::test]
async fn a_stack_lives_from_its_first_deployment_to_its_end() {
    let Some(server) = server() else { return };
    let team = Team::new(&server);
    team.ok("up");
    let first = team.keys();
    assert_eq!(first.len(), 2, "a checkpoint and the head: {first:?}");
    assert!(!team.folder.path().join("state/campus/dev/sim/checkpoint.json").exists());
    team.ok("up");
    assert_eq!(team.keys(), first, "nothing is to be done");
    assert_eq!(team.run("preview --exit-code").code, Some(0));
    says(&team.ok("state list").out, "aws:ec2:Vpc");

    // Somebody else is at work on another machine.
    let options = S3Options::new(BUCKET, "team/campus/dev/sim");
    let other = S3Store::new(aws(&server.url), &options);
    other.acquire(somebody("ada on moon")).await.unwrap();
    let said = team.refused("up --refresh --replace */main --delete-data --yes", exit::LOCKED);
    says(&said, "the stack is locked by ada on moon");
    says(&said, "`state unlock`");
    says(&team.ok("state unlock").err, "The lock of ada on moon is gone");
    says(&team.ok("state unlock").err, "The stack is not locked");

    team.ok("destroy --delete-data");
    assert_eq!(team.ok("state list").out.trim(), "");
    let history = team.ok("state history").out;
    says(&history, &format!("s3://{BUCKET}/team/campus/dev/sim/checkpoints/0000000001-"));
}

/// `kill -9` of the process: its lease is unlocked by hand, and the next run ends what it began.
#[tokio::test]
async fn a_killed_deployment_is_finished_by_the_next() {
    let Some(server) = server() else { return };
    for moment in ["journal:1", "journal:3", "journal:5"] {
        let mut team = Team::new(&server);
        team.state = format!("s3://{BUCKET}/{}", moment.replace(':', "-"));
        team.variables.push(("AWS_REGION", "eu-central-1".to_owned()));
        team.variables.push(("CAMPUS_DIES_AT", moment.to_owned()));
        assert_eq!(team.run("up").code, None, "{moment}: it kills itself");
        team.variables.pop();
        says(&team.refused("up", exit::LOCKED), "the stack is locked by someone");
        team.ok("state unlock");
        team.ok("up");
        assert_eq!(team.run("preview --exit-code").code, Some(0), "{moment}");
    }
}

#[tokio::test]
async fn secrets_are_sealed_by_a_key_of_kms() {
    let Some(server) = server() else { return };
    make_key(&server);
    let mut team = Team::new(&server);
    let url = "awskms://alias/state?region=eu-central-1";
    team.variables.push(("CAMPUS", "vault".to_owned()));
    team.variables.push(("INFRA_SECRETS_KEY", url.to_owned()));
    team.ok("up");
    let exported = team.ok("state export").out;
    says(&exported, "\"method\":\"aws_kms\"");
    team.ok("output --show-secrets");
    team.variables.pop();
    team.variables.push(("INFRA_PASSPHRASE", "correct horse".to_owned()));
    let said = team.refused("output --show-secrets", exit::STATE);
    says(&said, "sealed with a key of AWS KMS, and a passphrase is at hand");
    says(&said, "--secrets-key awskms://");
}

#[tokio::test]
async fn what_is_wrong_with_a_url_is_told_with_the_fix() {
    let Some(server) = server() else { return };
    let mut team = Team::new(&server);
    for (url, said, fix) in [
        ("gs://state", "`--state gs://state`: this binary knows no such URL", "--state s3://"),
        ("state", "`--state state`: this binary knows no such URL", "--state s3://"),
        ("s3://state?zone=a", "there is no setting `zone`", "write it as `s3://bucket"),
        (
            "s3://nowhere?region=eu-central-1",
            "`s3://nowhere/campus/dev/sim/head.json` can't be read",
            "aws s3 mb s3://nowhere",
        ),
    ] {
        team.state = url.to_owned();
        let told = team.refused("up", exit::PLACE);
        says(&told, said);
        says(&told, fix);
    }
}

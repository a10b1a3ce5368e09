//! The first `up` of the production example in containers, beside `docker-compose up` of the same
//! images: `cargo bench -p infra-tests --features place --bench compose`.
//!
//! Both in turn, for several rounds (an argument says how many), each from nothing but the images, until all
//! of it is ready. What counts is the ratio within a round, since machines are noisy. Compose gets less to
//! do ([`stack`]). Needs Docker and `docker-compose` (1.29 or newer) on the path.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]
#![allow(clippy::disallowed_methods, reason = "a benchmark goes by real time and arguments")]

mod stack;

use std::{
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use backend_local::containers::{
    docker::Docker,
    images::{FolderBuild, Images, Options},
};

use self::stack::Stack;

/// The site's image: the application that stands in for Moodle.
const IMAGE: &str = "moodle-infra-test/standin:1";

fn main() {
    let rounds = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(3);
    image();
    let folder = tempfile::tempdir().unwrap();
    let stack = Stack::write(folder.path(), IMAGE);
    println!(
        "{:>6} {:>24} {:>24} {:>7}",
        "round", "docker-compose up, down", "ours: up, destroy", "up"
    );
    let mut ratios = vec![];
    for round in 1..=rounds {
        let theirs = (stack.up(), stack.down());
        let place = tempfile::tempdir().unwrap();
        let ours = (
            ours(place.path(), &["up", "--yes"]),
            ours(place.path(), &["destroy", "--yes", "--delete-data"]),
        );
        run(place.path(), &["agent", "stop"]);
        let ratio = ours.0.as_secs_f64() / theirs.0.as_secs_f64();
        ratios.push(ratio);
        let both = |(up, down): (Duration, Duration)| {
            format!("{:.1} s, {:.1} s", up.as_secs_f64(), down.as_secs_f64())
        };
        println!("{round:>6} {:>24} {:>24} {ratio:>7.2}", both(theirs), both(ours));
    }
    ratios.sort_by(f64::total_cmp);
    println!("median of the ratios: {:.2}", ratios[ratios.len() / 2]);
}

/// The image is there before the first round.
fn image() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../moodle-infra/image");
    let build = FolderBuild::new(IMAGE, &sources)
        .with("context/moodle", sources.join("standin"))
        .argument("BASE", "debian:trixie-slim")
        .base("debian:trixie-slim");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let images =
            Images::new(Docker::connect().await.unwrap(), Options::of_environment().unwrap());
        images.build_folder(&build, &|_| {}).await.unwrap();
    });
}

fn ours(folder: &Path, words: &[&str]) -> Duration {
    let began = Instant::now();
    run(folder, words);
    began.elapsed()
}

fn run(folder: &Path, words: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_production"))
        .env("XDG_CONFIG_HOME", folder.join("config"))
        .env("INFRA_PASSPHRASE", "of this benchmark")
        .current_dir(folder)
        .args(["--backend", "containers", "--config", &format!("image={IMAGE}"), "--state-dir"])
        .arg(folder.join("state"))
        .args(words)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{words:?}: {output:?}");
}

//! How time and memory grow with the number of resources: `cargo bench --bench scale`.
//!
//! Program, engine, durable state and the simulated account in one process, against Terraform's
//! `terraform_data` in the same shapes in the same run, where `terraform` is on the path. Sizes
//! are given as arguments (`cargo bench --bench scale -- 100 1000 10000 1000000`).
//!
//! Every measurement is a process of its own, so that its peak memory is its own.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]
#![allow(clippy::disallowed_methods, reason = "a benchmark measures real time")]

mod terraform;

use std::{
    path::Path,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use backend_local::sim::{Sim, SimOptions};
use infra_core::{
    Config, Stack,
    engine::{Engine, UpOptions},
    graph::Program,
    prelude::*,
    resource,
    state::store::LocalStore,
};

infra_core::ids! {
    /// The id of a [`Null`].
    NullId: hex "null-" => "bench:t:Null";
}

/// A resource that is nothing: four scalars, references, tags.
#[resource("bench:t:Null", unique(label))]
pub struct Null {
    /// Its key.
    #[prop(replace)]
    pub label: String,
    /// A number.
    pub size: i64,
    /// Another.
    pub weight: i64,
    /// A text.
    pub text: String,
    /// What it refers to.
    #[prop(default)]
    pub uses: Vec<NullId>,
    /// Tags.
    #[prop(default)]
    pub tags: Tags,
    /// The id.
    #[output(id = "null-", at = exists)]
    pub null_id: NullId,
}

/// One measurement.
#[derive(Clone, Copy, Debug, Default)]
pub struct Measured {
    pub wall: Duration,
    pub cpu: Duration,
    pub peak_mib: u64,
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    if let [mode, shape, count, folder] = args.as_slice()
        && matches!(mode.as_str(), "up" | "preview" | "again")
    {
        one(mode, shape == "layered", count.parse().unwrap(), Path::new(folder));
        return;
    }
    let sizes: Vec<usize> = args.iter().filter_map(|arg| arg.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![100, 1_000, 10_000, 100_000] } else { sizes };
    println!("shape    resources  run                 wall s      cpu s   peak MiB");
    for shape in ["flat", "layered"] {
        for count in &sizes {
            ours(shape, *count);
            terraform::theirs(shape, *count);
        }
    }
}

/// Prints a row of the table.
pub fn row(shape: &str, count: usize, run: &str, measured: Option<Measured>) {
    match measured {
        Some(Measured { wall, cpu, peak_mib }) => println!(
            "{shape:<8} {count:>9}  {run:<18} {:>8.3}   {:>8.3}   {peak_mib:>8}",
            wall.as_secs_f64(),
            cpu.as_secs_f64()
        ),
        None => println!("{shape:<8} {count:>9}  {run:<18}  not done in time"),
    }
}

fn ours(shape: &str, count: usize) {
    let folder = tempfile::tempdir().unwrap();
    for mode in ["up", "again", "preview"] {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args([mode, shape, &count.to_string()]).arg(folder.path());
        row(shape, count, mode, measure(command, Duration::from_secs(600)));
    }
}

/// Runs a command and measures the whole process. `None` if it takes too long.
pub fn measure(mut command: Command, limit: Duration) -> Option<Measured> {
    let began = Instant::now();
    let mut child = command.stdout(std::process::Stdio::null()).spawn().unwrap();
    let mut peak = 0;
    let mut cpu = Duration::ZERO;
    loop {
        let (now, used) = usage(child.id());
        (peak, cpu) = (peak.max(now), cpu.max(used));
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "{command:?}");
            return Some(Measured { wall: began.elapsed(), cpu, peak_mib: peak });
        }
        if began.elapsed() > limit {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        std::thread::sleep(Duration::from_millis(if began.elapsed().as_millis() < 500 {
            1
        } else {
            10
        }));
    }
}

/// Peak memory in MiB and CPU time of a process, as Linux tells them.
fn usage(process: u32) -> (u64, Duration) {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.and_then(|text| text.split_whitespace().next()?.parse::<u64>().ok());
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let fields: Vec<u64> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|text| text.parse().ok())
        .collect();
    // Linux counts in hundredths of a second.
    let cpu = Duration::from_millis(10 * fields.iter().sum::<u64>());
    (peak.unwrap_or(0) / 1024, cpu)
}

/// The program: flat, or ten layers of which each resource refers to three of the layer above.
fn program(count: usize, layered: bool) -> Program {
    let stack = Stack::new("bench", "test", Config::default()).unwrap();
    let width = (count / 10).max(1);
    let mut all: Vec<Null> = Vec::with_capacity(count);
    for number in 0..count {
        let mut builder = Null::named(format!("n{number:07}"))
            .label(format!("label-{number:07}"))
            .size(number as i64)
            .weight(7_i64)
            .text("a text")
            .tags([("env", "bench"), ("team", "ours")]);
        if layered && number >= width {
            let (layer, column) = (number / width - 1, number % width);
            let above = (0..3).map(|step| {
                let at = layer * width + (column + step * (width / 3).max(1)) % width;
                all[at].null_id()
            });
            builder = builder.uses(above.collect::<Vec<_>>());
        }
        all.push(builder.create(&stack));
    }
    stack.finish()
}

fn one(mode: &str, layered: bool, count: usize, folder: &Path) {
    let trace = std::env::var_os("TRACE").is_some();
    let began = Instant::now();
    let note = |what: &str| {
        if trace {
            eprintln!("{what:<10} {:>8.3} s", began.elapsed().as_secs_f64());
        }
    };
    let program = program(count, layered);
    note("built");
    let account = Some(folder.join("account.log"));
    let preview = mode == "preview";
    let sim = Sim::open(SimOptions {
        account: if preview { None } else { account },
        types: vec![Null::definition()],
        ..SimOptions::default()
    })
    .unwrap();
    note("account");
    let store = LocalStore::new(folder.join("state"));
    let engine = Engine::new(Arc::new(sim), Arc::new(store));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.unwrap();
    runtime.block_on(async {
        let options = UpOptions::default();
        if preview {
            let preview = engine.preview(&program, &options).await.unwrap();
            assert!(preview.is_empty());
        } else {
            let outcome = engine.up(&program, &options).await.unwrap();
            assert!(outcome.is_success());
            assert_eq!(outcome.done, if mode == "up" { count } else { 0 });
        }
    });
    note("done");
    // What the operating system takes back by itself is not given back piece by piece.
    std::process::exit(0);
}

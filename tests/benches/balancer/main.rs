//! The load balancer against nginx and HAProxy: `cargo bench --features containers --bench balancer`.
//!
//! All three stand before the same backend (an nginx of its own), each in processes of its own, with
//! connections kept alive on both sides, and get the same load from `wrk`, in turn, for several rounds;
//! then the same with TLS. The proxy has half of the processors, load and backend the other half. What
//! counts is the ratio within a round, and the processor time a request, since machines are noisy. Needs
//! `nginx`, `haproxy`, `wrk` and `taskset` on the path.
//!
//! Rounds, seconds for each measurement and connections may be given as arguments:
//! `cargo bench --features containers --bench balancer -- 5 4 64`.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]
#![allow(clippy::disallowed_methods, reason = "a benchmark chooses what it runs by its arguments")]

mod load;
mod others;
mod places;

use std::{net::SocketAddr, path::Path, process::Command, time::Duration};

use backend_local::containers::balancer::{
    Action, Attributes, Balancer, BalancerConfig, Certificate, HealthCheck, Listener,
    LoadBalancer as _, Protocol, TargetGroup, Tls, TlsVersion,
};
use infra_core::types::Secret;

use self::{
    load::{Measured, measure},
    others::{Child, haproxy, nginx, nginx_backend, wait_for},
    places::Places,
};

/// Where a proxy listens: HTTP, HTTPS.
type Ports = (u16, u16);

const BACKEND: u16 = 18080;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    if let [serve, folder] = arguments.as_slice()
        && serve == "serve"
    {
        return serve_ours(Path::new(folder));
    }
    let missing = ["nginx", "haproxy", "wrk", "taskset"]
        .into_iter()
        .filter(|tool| Command::new(tool).arg("--version").output().is_err())
        .collect::<Vec<_>>();
    if !missing.is_empty() {
        println!("skipped: {} is missing", missing.join(", "));
        return;
    }
    let number = |at: usize, default| arguments.get(at).map_or(default, |it| it.parse().unwrap());
    let (rounds, seconds, connections) = (number(0, 5), number(1, 4), number(2, 64));
    let load = (seconds, connections);
    let folder = tempfile::tempdir().unwrap();
    certify(folder.path());
    let places = Places::new();
    let _backend = nginx_backend(&places, folder.path(), BACKEND);
    let own = std::env::current_exe().unwrap();
    let mut ours = places.proxy(own.to_str().unwrap());
    let (n, h) = ((18081, 18441), (18082, 18442));
    let proxies: [(&str, Ports, Child); 3] = [
        ("nginx", n, nginx(&places, folder.path(), n, BACKEND)),
        ("haproxy", h, haproxy(&places, folder.path(), h, BACKEND)),
        ("ours", OURS, Child(ours.arg("serve").arg(folder.path()).spawn().unwrap())),
    ];
    proxies.iter().for_each(|(_, (http, https), _)| {
        wait_for(*http);
        wait_for(*https);
    });
    println!(
        "{rounds} rounds of {seconds} s, {connections} connections, answers of 1 KiB; {}",
        places.words()
    );
    for (scheme, secure) in [("http", false), ("https", true)] {
        let mut measured = vec![Vec::new(); proxies.len()];
        for _ in 0..rounds {
            for (proxy, (_, (http, https), child)) in proxies.iter().enumerate() {
                let port = if secure { https } else { http };
                let url = format!("{scheme}://127.0.0.1:{port}/");
                measured[proxy].push(measure(&places, child, &url, load));
            }
        }
        report(scheme, &proxies.each_ref().map(|(name, ..)| *name), &measured);
    }
}

const OURS: Ports = (18083, 18443);

/// Prints the medians, and the median of the ratios within the rounds.
fn report(scheme: &str, names: &[&str; 3], measured: &[Vec<Measured>]) {
    println!("\n{scheme:<8} requests/s      p50        p99  processor     failed");
    for (name, rounds) in names.iter().zip(measured) {
        let of = |value: fn(&Measured) -> f64| median(rounds.iter().map(value).collect());
        println!(
            "{name:<8} {:>10.0} {:>7.2} ms {:>7.2} ms {:>7.1} us {:>10}",
            of(|it| it.rate),
            of(|it| it.p50),
            of(|it| it.p99),
            of(|it| it.cost),
            rounds.iter().map(|it| it.failed).sum::<u64>(),
        );
    }
    let rounds = || measured[0].iter().zip(&measured[1]).zip(&measured[2]);
    let rates = rounds().map(|((nginx, haproxy), ours)| ours.rate / nginx.rate.max(haproxy.rate));
    let tails = rounds().map(|((nginx, haproxy), ours)| ours.p99 / nginx.p99.min(haproxy.p99));
    let costs = rounds().map(|((nginx, haproxy), ours)| ours.cost / nginx.cost.min(haproxy.cost));
    println!(
        "ours against the better of them, median of rounds: {:.2} of its requests/s, {:.2} times \
         its p99, {:.2} times its processor time a request",
        median(rates.collect()),
        median(tails.collect()),
        median(costs.collect()),
    );
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A certificate for all of them.
fn certify(folder: &Path) {
    let signed = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (chain, key) = (signed.cert.pem(), signed.signing_key.serialize_pem());
    std::fs::write(folder.join("chain.pem"), &chain).unwrap();
    std::fs::write(folder.join("key.pem"), &key).unwrap();
    std::fs::write(folder.join("both.pem"), chain + &key).unwrap();
}

/// Ours, in a process of its own, until it is killed.
fn serve_ours(folder: &Path) {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let certificate = Certificate { chain: read("chain.pem"), key: Secret::new(read("key.pem")) };
    let tls =
        Tls { certificates: vec![certificate], min_version: TlsVersion::V1_2, trust_store: None };
    let listener = |name: &str, port, protocol| Listener {
        name: name.to_owned(),
        address: SocketAddr::from(([127, 0, 0, 1], port)),
        protocol,
        rules: Vec::new(),
        default: Action::forward("backend"),
    };
    let mut group = TargetGroup::new("backend", [SocketAddr::from(([127, 0, 0, 1], BACKEND))]);
    group.health = HealthCheck { interval: Duration::from_secs(10), ..HealthCheck::default() };
    let config = BalancerConfig {
        listeners: vec![
            listener("http", OURS.0, Protocol::Http),
            listener("https", OURS.1, Protocol::Https(tls)),
        ],
        groups: vec![group],
        attributes: Attributes::default(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let balancer = Balancer::start(config).await.unwrap();
        let _status = balancer.status();
        std::future::pending::<()>().await;
    });
}

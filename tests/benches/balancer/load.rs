//! Load by `wrk`, and what it measured.

use super::{others::Child, places::Places};

/// What was measured: requests a second, milliseconds, microseconds of processor time a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    pub(crate) rate: f64,
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    pub(crate) cost: f64,
    pub(crate) failed: u64,
}

/// Loads an address for some seconds.
pub(crate) fn measure(
    places: &Places,
    proxy: &Child,
    url: &str,
    (seconds, connections): (u64, u64),
) -> Measured {
    let before = proxy.processor();
    let output = places
        .beside("wrk")
        .args([
            "-t",
            &places.beside.to_string(),
            "-c",
            &connections.to_string(),
            "-d",
            &format!("{seconds}s"),
        ])
        .args(["--latency", url])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    let after = |label: &str| {
        let line = said.lines().find_map(|line| line.trim().strip_prefix(label));
        line.map(|rest| rest.trim().to_owned())
    };
    let errors = after("Socket errors:").into_iter().flat_map(|line| {
        let numbers = line.split(|it: char| !it.is_ascii_digit()).filter_map(|it| it.parse().ok());
        numbers.collect::<Vec<u64>>()
    });
    let bad = after("Non-2xx or 3xx responses:").and_then(|count| count.parse::<u64>().ok());
    let took = proxy.processor() - before;
    let requests = said.lines().find(|line| line.contains(" requests in "));
    let requests = requests.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    Measured {
        cost: took * 1e6 / requests.unwrap(),
        rate: after("Requests/sec:").unwrap().parse().unwrap(),
        p50: milliseconds(&after("50%").unwrap()),
        p99: milliseconds(&after("99%").unwrap()),
        failed: errors.sum::<u64>() + bad.unwrap_or_default(),
    }
}

fn milliseconds(text: &str) -> f64 {
    let digits = text.trim_end_matches(|it: char| it.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "us" => 0.001,
        "ms" => 1.0,
        "s" => 1000.0,
        unit => panic!("wrk speaks of {unit}"),
    };
    digits.parse::<f64>().unwrap() * unit
}

//! What is told of what balancers count: to Prometheus, and to the charts of the status page.
//!
//! | name | labels | is |
//! |---|---|---|
//! | `infra_balancer_requests_total` | `balancer` | requests for which a target was chosen |
//! | `infra_balancer_responses_total` | `balancer`, `by`, `code` | answers, by whom they were given |
//! | `infra_balancer_connection_errors_total` | `balancer` | connections to targets that failed |
//! | `infra_balancer_connections` | `balancer` | connections that there are |
//! | `infra_balancer_response_seconds_sum` | `balancer` | how long targets took to begin their answers |
//! | `infra_balancer_response_seconds_count` | `balancer` | how many answers these are |
//! | `infra_target_group_requests_total` | `balancer`, `group` | requests of a target group |
//! | `infra_target_group_hosts` | `balancer`, `group`, `state` | its targets |

use super::{
    figures::{BALANCER, Figures, INSIGHTS, INSTANCES, SETTLED, balancer_name, group_name},
    targets::Targets,
};
use crate::containers::{
    agent::{Family, Sample, Series},
    balancer::{Metric, Point},
    scheduler::{Moment, alarm::Statistic},
};

const REQUESTS: Family = Family::counter(
    "infra_balancer_requests_total",
    "Requests for which a balancer chose a target.",
);
const RESPONSES: Family = Family::counter(
    "infra_balancer_responses_total",
    "Answers of targets, and of a balancer itself.",
);
const ERRORS: Family = Family::counter(
    "infra_balancer_connection_errors_total",
    "Connections to targets that failed.",
);
const CONNECTIONS: Family = Family::gauge(
    "infra_balancer_connections",
    "Connections of clients and to targets that there are.",
);
const TIMES: Family = Family::counter(
    "infra_balancer_response_seconds_sum",
    "How long targets took to begin their answers, all together.",
);
const TIMED: Family = Family::counter(
    "infra_balancer_response_seconds_count",
    "How many answers it was measured of.",
);
const GROUP_REQUESTS: Family =
    Family::counter("infra_target_group_requests_total", "Requests of a target group.");
const HOSTS: Family = Family::gauge("infra_target_group_hosts", "Targets of a target group.");

/// Answers by whom, and of which kind.
const CODES: [(Metric, &str, &str); 7] = [
    (Metric::Target2xx, "target", "2xx"),
    (Metric::Target3xx, "target", "3xx"),
    (Metric::Target4xx, "target", "4xx"),
    (Metric::Target5xx, "target", "5xx"),
    (Metric::Elb3xx, "balancer", "3xx"),
    (Metric::Elb4xx, "balancer", "4xx"),
    (Metric::Elb5xx, "balancer", "5xx"),
];

/// What balancers counted since they began.
pub(super) fn samples(targets: &Targets) -> Vec<Sample> {
    let mut all = vec![];
    for (arn, metrics) in targets.metrics() {
        let (total, balancer) = (metrics.total(), balancer_name(&arn));
        of_balancer(&mut all, balancer, &total.balancer);
        for (group, point) in &total.groups {
            let of = [("balancer", balancer), ("group", group_name(group))];
            all.push(GROUP_REQUESTS.of(&of, point.value(Metric::RequestCount)));
            for (state, hosts) in
                [("healthy", Metric::HealthyHosts), ("unhealthy", Metric::UnhealthyHosts)]
            {
                let of = [of[0], of[1], ("state", state)];
                all.push(HOSTS.of(&of, point.value(hosts)));
            }
        }
    }
    all
}

fn of_balancer(all: &mut Vec<Sample>, balancer: &str, point: &Point) {
    let of = [("balancer", balancer)];
    let count = point.response_time.count as f64;
    all.extend([
        REQUESTS.of(&of, point.value(Metric::RequestCount)),
        ERRORS.of(&of, point.value(Metric::TargetConnectionErrors)),
        CONNECTIONS.of(&of, point.value(Metric::ActiveConnections)),
        TIMES.of(&of, point.response_time.average * count),
        TIMED.of(&of, count),
    ]);
    for (metric, by, code) in CODES {
        let of = [("balancer", balancer), ("by", by), ("code", code)];
        all.push(RESPONSES.of(&of, point.value(metric)));
    }
}

/// How many seconds charts show.
const SECONDS: usize = 120;

/// What was counted in the last seconds.
pub(super) fn series(figures: &Figures, now: Moment) -> Series {
    let line = |namespace: &str, names: &[&str], of: &[&str], statistic: &Statistic| {
        figures.together(namespace, names, of, statistic, SECONDS, now)
    };
    let of_balancers = ["LoadBalancer"];
    let services = ["ClusterName", "ServiceName"];
    let mut errors = line(
        BALANCER,
        &[Metric::Target5xx.name(), Metric::Elb5xx.name()],
        &of_balancers,
        &Statistic::Sum,
    );
    let requests = line(BALANCER, &[Metric::RequestCount.name()], &of_balancers, &Statistic::Sum);
    for (error, requests) in errors.iter_mut().zip(&requests) {
        // Where requests are counted, no figure of errors means that there were none.
        *error = error.or(requests.map(|_| 0.0));
    }
    let p95 = format!("{}.p95", Metric::TargetResponseTime.name());
    let lines = [
        ("p95", line(BALANCER, &[&p95], &of_balancers, &Statistic::Maximum)),
        ("tasks", line(INSIGHTS, &["RunningTaskCount"], &services, &Statistic::Sum)),
        (
            "instances",
            line(
                INSTANCES,
                &["GroupInServiceInstances"],
                &["AutoScalingGroupName"],
                &Statistic::Sum,
            ),
        ),
        ("errors", errors),
        ("requests", requests),
    ];
    let end = now.minus(SETTLED).0 / 1000 * 1000;
    Series { end, lines: lines.into_iter().collect() }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::containers::parts::figures::metric;

    #[tokio::test]
    async fn charts_add_up_what_there_are_several_of() {
        let targets = Arc::new(Targets::default());
        let figures = Figures::new(&targets);
        let now = Moment(infra_core::clock::Clock::now(&infra_core::clock::SystemClock));
        let at = Moment(now.0 / 1000 * 1000 - 10_000);
        for (balancer, requests) in [("app/a/1", 5.0), ("app/b/2", 7.0)] {
            let of = [("LoadBalancer", balancer)];
            figures.put(&metric(BALANCER, "RequestCount", &of), at, requests);
            let of = [("LoadBalancer", balancer), ("TargetGroup", "targetgroup/g/1")];
            figures.put(&metric(BALANCER, "RequestCount", &of), at, requests);
        }
        let elb = metric(BALANCER, "HTTPCode_ELB_5XX_Count", &[("LoadBalancer", "app/a/1")]);
        figures.put(&elb, Moment(at.0 + 1000), 2.0);
        let series = series(&figures, now);
        let known =
            |name: &str| -> Vec<f64> { series.lines[name].iter().copied().flatten().collect() };
        assert_eq!(known("requests"), [12.0]);
        assert_eq!(known("errors"), [0.0, 2.0]);
        assert_eq!(series.lines["requests"].len(), SECONDS);
        assert!(known("tasks").is_empty());
        assert_eq!(samples(&targets), []);
    }
}

//! [`Point`]: what was counted in a second or a minute.

use serde::Serialize;

use super::histogram::{Histogram, Latency};

macro_rules! metrics {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// A name of CloudWatch's.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[non_exhaustive]
        pub enum Metric {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl Metric {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// As CloudWatch calls it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
        }
    };
}

metrics! {
    /// Requests for which a target was chosen.
    RequestCount = "RequestCount",
    /// Answers of targets, 2XX.
    Target2xx = "HTTPCode_Target_2XX_Count",
    /// Answers of targets, 3XX.
    Target3xx = "HTTPCode_Target_3XX_Count",
    /// Answers of targets, 4XX.
    Target4xx = "HTTPCode_Target_4XX_Count",
    /// Answers of targets, 5XX.
    Target5xx = "HTTPCode_Target_5XX_Count",
    /// Answers of the balancer itself, 3XX: redirections.
    Elb3xx = "HTTPCode_ELB_3XX_Count",
    /// Answers of the balancer itself, 4XX; clients that went away are among them (460).
    Elb4xx = "HTTPCode_ELB_4XX_Count",
    /// Answers of the balancer itself, 5XX.
    Elb5xx = "HTTPCode_ELB_5XX_Count",
    /// 502 of the balancer itself: a target closed, or answered nonsense.
    Elb502 = "HTTPCode_ELB_502_Count",
    /// 503 of the balancer itself: a group has no targets.
    Elb503 = "HTTPCode_ELB_503_Count",
    /// 504 of the balancer itself: a target was silent.
    Elb504 = "HTTPCode_ELB_504_Count",
    /// Connections to targets that failed.
    TargetConnectionErrors = "TargetConnectionErrorCount",
    /// Connections of clients that began.
    NewConnections = "NewConnectionCount",
    /// Connections of clients that were refused, as there were too many.
    RejectedConnections = "RejectedConnectionCount",
    /// TLS sessions that clients could not begin.
    TlsErrors = "ClientTLSNegotiationErrorCount",
    /// Connections of clients and to targets that there are.
    ActiveConnections = "ActiveConnectionCount",
    /// Targets that are healthy.
    HealthyHosts = "HealthyHostCount",
    /// Targets that are not.
    UnhealthyHosts = "UnHealthyHostCount",
    /// [`Metric::RequestCount`] for each healthy target.
    RequestCountPerTarget = "RequestCountPerTarget",
    /// Seconds until targets began their answers, on average.
    TargetResponseTime = "TargetResponseTime",
}

/// How many of them are counted; the others are looked at, or follow.
pub(super) const COUNTED: usize = Metric::ActiveConnections as usize;

impl Metric {
    /// By its name of CloudWatch's.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|metric| metric.name() == name)
    }
}

/// What was counted in a second or a minute.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Point {
    /// When it begins, in seconds since 1970.
    pub start: u64,
    counts: [u64; COUNTED],
    /// [`Metric::ActiveConnections`].
    pub active_connections: u64,
    /// [`Metric::HealthyHosts`].
    pub healthy_hosts: u64,
    /// [`Metric::UnhealthyHosts`].
    pub unhealthy_hosts: u64,
    /// [`Metric::TargetResponseTime`].
    pub response_time: Latency,
}

impl Point {
    pub(super) fn new(start: u64, counts: [u64; COUNTED], times: Option<&Histogram>) -> Self {
        let response_time = times.map(Histogram::latency).unwrap_or_default();
        Self { start, counts, response_time, ..Self::default() }
    }

    /// What was counted; zero for what is not counted.
    #[must_use]
    pub fn count(&self, metric: Metric) -> u64 {
        self.counts.get(metric as usize).copied().unwrap_or_default()
    }

    /// Any metric, as CloudWatch gives it.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "CloudWatch's values are floating point")]
    pub fn value(&self, metric: Metric) -> f64 {
        match metric {
            Metric::ActiveConnections => self.active_connections as f64,
            Metric::HealthyHosts => self.healthy_hosts as f64,
            Metric::UnhealthyHosts => self.unhealthy_hosts as f64,
            Metric::TargetResponseTime => self.response_time.average,
            Metric::RequestCountPerTarget => {
                let requests = self.count(Metric::RequestCount) as f64;
                if self.healthy_hosts == 0 { 0.0 } else { requests / self.healthy_hosts as f64 }
            }
            counted => self.count(counted) as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Metric;

    #[test]
    fn every_name_leads_back_to_its_metric() {
        for metric in Metric::ALL {
            assert_eq!(Metric::from_name(metric.name()), Some(*metric));
        }
        assert_eq!(Metric::from_name("Nothing"), None);
    }
}

//! What containers take of the machine.

use std::time::Duration;

use futures_util::StreamExt as _;

use super::{
    Docker, DockerError,
    bollard::{models::ContainerStatsResponse, query_parameters::StatsOptionsBuilder},
};

/// What a container takes of the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// How much time of processors since it was started.
    pub cpu: Duration,
    /// How many bytes of memory, without files that could be read again.
    pub memory: u64,
}

impl Docker {
    /// What a container takes; `None` if it is gone.
    ///
    /// # Errors
    /// If Docker refuses.
    pub async fn usage(&self, container: &str) -> Result<Option<Usage>, DockerError> {
        let options = StatsOptionsBuilder::new().stream(false).one_shot(true).build();
        let mut stats = std::pin::pin!(self.api().stats(container, Some(options)));
        let told = match stats.next().await {
            Some(Ok(told)) => told,
            Some(Err(source)) => {
                let error = DockerError::api("measure", container, source);
                return if error.is_missing() { Ok(None) } else { Err(error) };
            }
            None => return Ok(None),
        };
        Ok(usage(&told))
    }
}

fn usage(told: &ContainerStatsResponse) -> Option<Usage> {
    let cpu = told.cpu_stats.as_ref()?.cpu_usage.as_ref()?.total_usage?;
    let memory = told.memory_stats.as_ref()?;
    let stats = memory.stats.as_ref();
    // As the second version of cgroups calls it, and the first.
    let files =
        stats.and_then(|it| it.get("inactive_file").or_else(|| it.get("total_inactive_file")));
    let memory = memory.usage?.saturating_sub(files.copied().unwrap_or_default());
    Some(Usage { cpu: Duration::from_nanos(cpu), memory })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_could_be_read_again_are_not_counted() {
        let told = |memory: &str| {
            let json = format!(
                r#"{{"cpu_stats": {{"cpu_usage": {{"total_usage": 1500000000}}}}, "memory_stats": {memory}}}"#
            );
            usage(&serde_json::from_str(&json).unwrap())
        };
        let cpu = Duration::from_millis(1500);
        assert_eq!(
            told(r#"{"usage": 900, "stats": {"inactive_file": 300}}"#),
            Some(Usage { cpu, memory: 600 })
        );
        assert_eq!(
            told(r#"{"usage": 900, "stats": {"total_inactive_file": 100}}"#),
            Some(Usage { cpu, memory: 800 })
        );
        // One that does not run.
        assert_eq!(told("{}"), None);
    }
}

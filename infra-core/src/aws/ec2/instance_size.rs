//! [`InstanceSize`]: what a type of instance has.

use crate::types::MiB;

/// What a type of instance has, as far as its name tells.
///
/// ```
/// use infra_core::aws::ec2::InstanceSize;
///
/// let size = InstanceSize::of("m7g.xlarge").unwrap();
/// assert_eq!((size.processors, size.memory.0, size.interfaces), (4, 16 * 1024, 4));
/// assert_eq!(InstanceSize::of("x2gd.large"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstanceSize {
    /// Virtual processors.
    pub processors: u32,
    /// Memory, of which the system keeps some.
    pub memory: MiB,
    /// Network interfaces, of which one is its own.
    pub interfaces: u32,
    /// How many tasks with a network interface of their own ECS starts on it where the account
    /// has `awsvpcTrunking`; `None` where the type has no trunk.
    pub trunked_tasks: Option<u32>,
}

impl InstanceSize {
    /// What a type has; `None` if it is not known.
    ///
    /// AWS: "Amazon EC2 instance types", families whose sizes double and whose memory goes by the
    /// processor; "IP addresses per network interface per instance type" for interfaces; "Supported
    /// instances for increased Amazon ECS container network interfaces" for trunks.
    #[must_use]
    pub fn of(ty: &str) -> Option<Self> {
        let (family, size) = ty.split_once('.')?;
        if let Some(size) = burstable(family, size) {
            return Some(size);
        }
        let by_processor = memory_by_processor(family)?;
        let processors = match size {
            "medium" => 1,
            "large" => 2,
            "xlarge" => 4,
            size => size.strip_suffix("xlarge")?.parse::<u32>().ok()?.checked_mul(4)?,
        };
        let memory = MiB(by_processor.checked_mul(processors)? * 1024);
        let (interfaces, trunked) = network(processors);
        Some(Self { processors, memory, interfaces, trunked_tasks: Some(trunked) })
    }

    /// Processor in the units of ECS, 1024 for a virtual processor.
    #[must_use]
    pub fn cpu_units(&self) -> u32 {
        self.processors * 1024
    }
}

/// Network interfaces, and tasks with a trunk, by how many processors there are.
fn network(processors: u32) -> (u32, u32) {
    match processors {
        0..=1 => (2, 4),
        2 => (3, 10),
        3..=4 => (4, 20),
        5..=8 => (4, 40),
        9..=48 => (8, 60),
        _ => (15, 120),
    }
}

/// GiB of memory for each virtual processor.
fn memory_by_processor(family: &str) -> Option<u32> {
    const COMPUTE: [&str; 17] = [
        "c5", "c5a", "c5ad", "c5d", "c6a", "c6g", "c6gd", "c6gn", "c6i", "c6id", "c6in", "c7a",
        "c7g", "c7gd", "c7gn", "c7i", "c8g",
    ];
    const GENERAL: [&str; 19] = [
        "m5", "m5a", "m5ad", "m5d", "m5dn", "m5n", "m6a", "m6g", "m6gd", "m6i", "m6id", "m6idn",
        "m6in", "m7a", "m7g", "m7gd", "m7i", "m7i-flex", "m8g",
    ];
    const MEMORY: [&str; 18] = [
        "r5", "r5a", "r5ad", "r5b", "r5d", "r5dn", "r5n", "r6a", "r6g", "r6gd", "r6i", "r6id",
        "r6in", "r7a", "r7g", "r7gd", "r7i", "r8g",
    ];
    match family {
        family if COMPUTE.contains(&family) => Some(2),
        family if GENERAL.contains(&family) => Some(4),
        family if MEMORY.contains(&family) => Some(8),
        _ => None,
    }
}

fn burstable(family: &str, size: &str) -> Option<InstanceSize> {
    if !matches!(family, "t3" | "t3a" | "t4g") {
        return None;
    }
    let (processors, memory, interfaces) = match size {
        "nano" => (2, 512, 2),
        "micro" => (2, 1024, 2),
        "small" => (2, 2048, 3),
        "medium" => (2, 4096, 3),
        "large" => (2, 8192, 3),
        "xlarge" => (4, 16_384, 4),
        "2xlarge" => (8, 32_768, 4),
        _ => return None,
    };
    Some(InstanceSize { processors, memory: MiB(memory), interfaces, trunked_tasks: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(ty: &str, expected: Option<(u32, u32, u32, Option<u32>)>) {
        let has = InstanceSize::of(ty)
            .map(|it| (it.cpu_units(), it.memory.0, it.interfaces, it.trunked_tasks));
        assert_eq!(has, expected, "{ty}");
    }

    #[test]
    fn what_a_type_has_follows_from_family_and_size() {
        check("m7g.large", Some((2048, 8 * 1024, 3, Some(10))));
        check("m6g.medium", Some((1024, 4 * 1024, 2, Some(4))));
        check("c6i.4xlarge", Some((16_384, 32 * 1024, 8, Some(60))));
        check("r7g.xlarge", Some((4096, 32 * 1024, 4, Some(20))));
        check("m7g.16xlarge", Some((65_536, 256 * 1024, 15, Some(120))));
        check("t4g.small", Some((2048, 2048, 3, None)));
    }

    #[test]
    fn nothing_is_said_of_types_that_are_not_known() {
        for ty in ["m7g", "m7g.metal", "x2gd.large", "m7g.hugexlarge", "t4g.8xlarge", ""] {
            check(ty, None);
        }
    }
}

//! Writes and reads as users do, while something happens to servers.

use std::time::Duration;

use super::site::Site;

/// Writes a file of 20 kB, has it on disk, reads it again, and pauses for 20 ms, again and again.
/// Prints how many times it did, what failed, and how long the slowest took in milliseconds.
const SCRIPT: &str = r#"
folder=$1 seconds=$2 name=$3 count=0 failed=0 slowest=0 first=
now() { local it=$EPOCHREALTIME; echo $((${it%.*} * 1000 + 10#${it#*.} / 1000)); }
end=$(($(now) + seconds * 1000))
while begun=$(now); [ "$begun" -lt "$end" ]; do
    printf -v text '%020000d' "$count"
    path="$folder/$name-$((count % 50))"
    said=$({ printf '%s' "$text" >"$path" && sync "$path" && read -r line <"$path" ||
        [ "$line" = "$text" ] || echo "another text was read"; } 2>&1)
    took=$(($(now) - begun))
    [ -z "$said" ] || { failed=$((failed + 1)); first=${first:-$said}; }
    [ "$took" -le "$slowest" ] || slowest=$took
    count=$((count + 1))
    sleep 0.02
done
echo "$count $failed $slowest $first"
"#;

/// What came of it.
#[derive(Debug)]
pub(crate) struct Load {
    pub(crate) count: u32,
    pub(crate) failed: u32,
    pub(crate) slowest: Duration,
    pub(crate) first: String,
}

impl Load {
    /// Writes and reads from a task for so long.
    pub(crate) async fn run(site: &Site, task: &str, seconds: u64, name: &str) -> Self {
        let seconds = seconds.to_string();
        let command = ["bash", "-c", SCRIPT, "bash", "/data", &*seconds, name];
        let said = site.fixture.docker.exec(task, &command, b"").await.unwrap().text();
        let mut words = said.splitn(4, ' ');
        let mut number = || words.next().unwrap().parse().unwrap();
        let (count, failed, slowest) = (number(), number(), number());
        let slowest = Duration::from_millis(u64::from(slowest));
        Self { count, failed, slowest, first: words.next().unwrap_or_default().to_owned() }
    }

    /// Nothing failed, nothing took longer.
    #[track_caller]
    pub(crate) fn check(&self, what: &str, seconds: u64, at_most: Duration) {
        let rate = f64::from(self.count) / seconds as f64;
        println!("{what}: {rate:.0} ops/s, slowest {:.2} s", self.slowest.as_secs_f32());
        assert_eq!(self.failed, 0, "{what}: {}", self.first);
        assert!(self.count > 0 && self.slowest <= at_most, "{what}: {self:?}");
    }
}

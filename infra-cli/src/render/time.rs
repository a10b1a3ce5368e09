//! Durations and counts as people read them.

/// Milliseconds as `0.4 s`, `12 s`, `7 min 20 s`, `1 h 5 min`.
pub(crate) fn duration(millis: u64) -> String {
    let seconds = millis / 1000;
    match seconds {
        0..=9 => format!("{}.{} s", seconds, millis % 1000 / 100),
        10..=59 => format!("{seconds} s"),
        60..=3599 if seconds.is_multiple_of(60) => format!("{} min", seconds / 60),
        60..=3599 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ if seconds % 3600 < 60 => format!("{} h", seconds / 3600),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

/// A count with its noun: `1 change`, `2 changes`.
pub(crate) fn plural(count: usize, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let shown = [400, 9_900, 12_000, 60_000, 440_000, 3_600_000, 3_900_000].map(duration);
        assert_eq!(shown, ["0.4 s", "9.9 s", "12 s", "1 min", "7 min 20 s", "1 h", "1 h 5 min"]);
    }

    #[test]
    fn plurals() {
        assert_eq!([plural(0, "change"), plural(1, "change")], ["0 changes", "1 change"]);
    }
}

//! One field of a cron expression: the values that it stands for.

use std::collections::BTreeSet;

pub(super) const MONTHS: &[&str] =
    &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
pub(super) const DAYS: &[&str] = &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// What a field may hold: from, to, and words for the values from the least on.
pub(super) type Range = (i16, i16, &'static [&'static str]);

/// `*`, values, ranges and steps, with commas between.
pub(super) fn read(text: &str, range: Range) -> Result<BTreeSet<i16>, String> {
    let (least, most, _) = range;
    let mut values = BTreeSet::new();
    for part in text.split(',') {
        let (base, step) = match part.split_once('/') {
            None => (part, None),
            Some((base, step)) => {
                let step = step.parse().ok().filter(|step: &usize| *step > 0);
                (base, Some(step.ok_or_else(|| wrong(text))?))
            }
        };
        let (from, to) = match base.split_once('-') {
            _ if base == "*" => (least, most),
            Some((from, to)) => (value(from, range)?, value(to, range)?),
            None if step.is_some() => (value(base, range)?, most),
            None => (value(base, range)?, value(base, range)?),
        };
        values.extend((from..=to).step_by(step.unwrap_or(1)));
    }
    Ok(values)
}

/// A number or word.
pub(super) fn value(text: &str, (least, most, words): Range) -> Result<i16, String> {
    let word = words.iter().zip(least..).find(|(word, _)| word.eq_ignore_ascii_case(text));
    let value = word.map(|(_, value)| value).or_else(|| text.parse().ok());
    value.filter(|value| (least..=most).contains(value)).ok_or_else(|| wrong(text))
}

fn wrong(text: &str) -> String {
    format!("has {text:?}, which is not allowed there")
}

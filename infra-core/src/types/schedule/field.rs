//! One field of a cron expression.

/// What a field may hold.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) least: u32,
    pub(super) most: u32,
    /// Words for the values from the least on.
    pub(super) words: &'static [&'static str],
}

pub(super) const MONTHS: &[&str] =
    &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
pub(super) const DAYS: &[&str] = &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

impl Field {
    /// The values that a text stands for, in order: `*`, values, ranges and steps, with commas
    /// between.
    pub(super) fn read(&self, text: &str) -> Result<Vec<u32>, String> {
        let mut values = vec![];
        for part in text.split(',') {
            values.extend(self.part(part)?);
        }
        values.sort_unstable();
        values.dedup();
        Ok(values)
    }

    fn part(&self, text: &str) -> Result<impl Iterator<Item = u32> + use<>, String> {
        let (base, step) = match text.split_once('/') {
            None => (text, None),
            Some((base, step)) => {
                let step = number(step).filter(|step| (1..=self.most).contains(step));
                (base, Some(step.ok_or_else(|| self.wrong(text))?))
            }
        };
        let (from, to) = match base.split_once('-') {
            _ if base == "*" => (self.least, self.most),
            Some((from, to)) => (self.value(from, text)?, self.value(to, text)?),
            // A step goes on to the end.
            None if step.is_some() => (self.value(base, text)?, self.most),
            None => (self.value(base, text)?, self.value(base, text)?),
        };
        if from > to {
            return Err(format!(
                "has {text:?} as {}, which goes downwards; write two ranges with a comma between",
                self.name
            ));
        }
        Ok((from..=to).step_by(step.unwrap_or(1) as usize))
    }

    /// One value; `whole` is what it stands in.
    pub(super) fn value(&self, text: &str, whole: &str) -> Result<u32, String> {
        let word =
            self.words.iter().zip(self.least..).find(|(word, _)| word.eq_ignore_ascii_case(text));
        let value = word.map(|(_, value)| value).or_else(|| number(text));
        value
            .filter(|value| (self.least..=self.most).contains(value))
            .ok_or_else(|| self.wrong(whole))
    }

    pub(super) fn wrong(&self, text: &str) -> String {
        let Self { name, least, most, words } = self;
        let words = match words {
            [first, .., last] => format!(", {first} to {last}"),
            _ => String::new(),
        };
        format!(
            "has {text:?} as {name}; allowed are {least} to {most}{words}, with `,` `-` `*` `/`"
        )
    }
}

/// A number of digits alone.
fn number(text: &str) -> Option<u32> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

//! What differs from one run to the next, in words that do not: ids, hashes, checksums' places.

/// Replaces runs of hexadecimal digits that stand for themselves or behind an id's hyphen, and
/// keeps the width, so that columns stay columns.
pub(crate) fn redact(text: &str) -> String {
    let mut redacted = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_word) {
        redacted.push_str(&rest[..start]);
        let word = &rest[start..];
        let end = word.find(|character| !is_word(character)).unwrap_or(word.len());
        let ends_a_name = redacted.ends_with('-') && end == HASH;
        redacted.push_str(&hidden(&word[..end], ends_a_name));
        rest = &word[end..];
    }
    redacted + rest
}

/// How many hexadecimal digits end a name that the engine makes up.
const HASH: usize = 8;

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric()
}

/// Eight hexadecimal digits or more that no word of a language is made of; at the end of a made-up
/// name all of them may be numbers, or letters.
fn hidden(word: &str, ends_a_name: bool) -> String {
    let hexadecimal = word.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    // Twelve digits are an account, the same for everybody; more are a time.
    let enough = if digits == word.len() { 13 } else { 8 };
    if hexadecimal && (ends_a_name || digits > 0 && word.len() >= enough) {
        "x".repeat(word.len())
    } else {
        word.to_owned()
    }
}

#[test]
fn ids_and_hashes_are_hidden() {
    let shown = "vpc-0318138be8d69d075 campus-dev-web-23f10aa1 10.0.0.0/16 123456789012 deadline";
    let hidden = "vpc-xxxxxxxxxxxxxxxxx campus-dev-web-xxxxxxxx 10.0.0.0/16 123456789012 deadline";
    assert_eq!(redact(shown), hidden);
    let chance = redact("campus-dev-web-58946618 campus-dev-backups-cacabbac secret-318138");
    assert_eq!(chance, "campus-dev-web-xxxxxxxx campus-dev-backups-xxxxxxxx secret-318138");
}

/// Replaces durations: those of a deployment that follows another depend on how long the other was
/// ago, and short ones are not shown at all. Those of a minute and more are left.
pub(crate) fn untimed(text: &str) -> String {
    let mut redacted = String::with_capacity(text.len());
    let timed = |line: &&str| !line.starts_with("Critical path");
    for line in text.split_inclusive('\n').filter(timed) {
        let mut rest = line;
        while let Some(end) = rest.find(" s") {
            let (before, after) = rest.split_at(end);
            let number = before.rfind(|character: char| !is_duration(character));
            let start = number.map_or(0, |place| place + 1);
            let is_time = before[start..].contains('.') && !after[2..].starts_with(is_word);
            redacted.push_str(&before[..start]);
            redacted.push_str(if is_time { "#.#" } else { &before[start..] });
            redacted.push_str(" s");
            rest = &after[2..];
        }
        redacted.push_str(rest);
    }
    redacted.replace(" in #.# s\n", "\n")
}

const fn is_duration(character: char) -> bool {
    character.is_ascii_digit() || character == '.'
}

#[test]
fn durations_are_hidden() {
    let shown = "  1.0 s  ~ main updated in 0.7 s\n10.0.0.0/16 subnets in 2.0 s.";
    let hidden = "  #.# s  ~ main updated\n10.0.0.0/16 subnets in #.# s.";
    assert_eq!(untimed(shown), hidden);
}

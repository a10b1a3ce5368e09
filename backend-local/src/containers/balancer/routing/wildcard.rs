//! [`Wildcard`]: a pattern with `*` for any text and `?` for any one character.

/// A pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wildcard {
    pieces: Vec<Piece>,
    folds: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    Byte(u8),
    One,
    Any,
}

impl Wildcard {
    /// A pattern in which case matters.
    pub(super) fn exact(pattern: &str) -> Self {
        Self { pieces: pieces(pattern, false), folds: false }
    }

    /// A pattern in which case does not matter.
    pub(super) fn folded(pattern: &str) -> Self {
        Self { pieces: pieces(&pattern.to_ascii_lowercase(), false), folds: true }
    }

    /// One in which `\*`, `\?` and `\\` are those characters themselves.
    pub(super) fn escaped(pattern: &str) -> Self {
        Self { pieces: pieces(&pattern.to_ascii_lowercase(), true), folds: true }
    }

    /// Whether a text is as the pattern says. Only the last `*` is ever tried again, so that the time
    /// is at most pattern times text.
    pub(super) fn matches(&self, text: &[u8]) -> bool {
        let (mut piece, mut at) = (0, 0);
        let mut again = None;
        while at < text.len() {
            let byte = if self.folds { text[at].to_ascii_lowercase() } else { text[at] };
            match self.pieces.get(piece) {
                Some(Piece::Any) => {
                    again = Some((piece + 1, at));
                    piece += 1;
                }
                Some(Piece::One) => (piece, at) = (piece + 1, after(text, at)),
                Some(Piece::Byte(wanted)) if *wanted == byte => (piece, at) = (piece + 1, at + 1),
                _ => match again {
                    Some((after_any, from)) => {
                        again = Some((after_any, from + 1));
                        (piece, at) = (after_any, from + 1);
                    }
                    None => return false,
                },
            }
        }
        self.pieces[piece..].iter().all(|piece| *piece == Piece::Any)
    }
}

/// Where the next character begins.
fn after(text: &[u8], at: usize) -> usize {
    let continued = text[at + 1..].iter().take_while(|byte| **byte & 0xc0 == 0x80).count();
    at + 1 + continued
}

fn pieces(pattern: &str, escapes: bool) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut bytes = pattern.bytes().peekable();
    while let Some(byte) = bytes.next() {
        pieces.push(match byte {
            b'\\' if escapes => match bytes.next_if(|next| matches!(next, b'*' | b'?' | b'\\')) {
                Some(literal) => Piece::Byte(literal),
                None => Piece::Byte(byte),
            },
            b'*' => Piece::Any,
            b'?' => Piece::One,
            byte => Piece::Byte(byte),
        });
    }
    pieces.dedup_by(|next, piece| *next == Piece::Any && *piece == Piece::Any);
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Wildcard;

    #[track_caller]
    fn check(pattern: &str, text: &str, wanted: bool) {
        assert_eq!(Wildcard::exact(pattern).matches(text.as_bytes()), wanted, "{pattern} {text}");
    }

    #[test]
    fn patterns_match_as_those_of_aws() {
        for (pattern, text, wanted) in [
            ("/img/*", "/img/a.png", true),
            ("/img/*", "/img/", true),
            ("/img/*", "/img", false),
            ("/img/*", "/IMG/a.png", false),
            ("/img/*/pics", "/img/a/b/pics", true),
            ("/img/*/pics", "/img/pics", false),
            ("/a?c", "/abc", true),
            ("/a?c", "/ac", false),
            ("/a?c", "/a\u{e4}c", true),
            ("*", "", true),
            ("?", "", false),
            ("**a**", "bab", true),
            ("*.example.com", "www.example.com", true),
            ("*.example.com", "example.com", false),
            ("", "", true),
            ("", "a", false),
            ("a*b*c", "a1b2b3c", true),
            ("a*b*c", "a1c2b", false),
        ] {
            check(pattern, text, wanted);
        }
    }

    #[test]
    fn case_and_escapes_are_as_they_were_chosen() {
        assert!(Wildcard::folded("*.Example.COM").matches(b"WWW.example.com"));
        assert!(Wildcard::escaped(r"a\*b").matches(b"A*B"));
        assert!(!Wildcard::escaped(r"a\*b").matches(b"axb"));
        assert!(Wildcard::escaped(r"a\b*").matches(br"a\bc"));
    }

    /// The same by definition.
    fn slowly(pattern: &[u8], text: &[u8]) -> bool {
        match (pattern, text) {
            ([], []) => true,
            ([b'*', rest @ ..], _) => (0..=text.len()).any(|from| slowly(rest, &text[from..])),
            ([b'?', rest @ ..], [_, left @ ..]) => slowly(rest, left),
            ([one, rest @ ..], [other, left @ ..]) => one == other && slowly(rest, left),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn matching_is_as_it_is_defined(pattern in "[ab*?]{0,7}", text in "[ab]{0,9}") {
            let wanted = slowly(pattern.as_bytes(), text.as_bytes());
            prop_assert_eq!(Wildcard::exact(&pattern).matches(text.as_bytes()), wanted);
        }
    }
}

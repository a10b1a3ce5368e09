//! Binary logs, as far as a restore to a point in time reads them: which transactions a file has, and
//! where the ones after a moment begin.

use super::{DatabaseError, gtid::GtidSet};

/// What a file of the log has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Log {
    /// The transactions of all files before it.
    pub(super) previous: GtidSet,
    /// Its own, in their order.
    pub(super) transactions: Vec<Transaction>,
    /// How long it is.
    pub(super) length: usize,
}

/// A transaction in a file of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Transaction {
    /// Where it begins.
    offset: usize,
    /// Where it was committed first: the server's id.
    source: String,
    /// Its number there.
    number: u64,
    /// When it was committed there, in microseconds since 1970.
    at: u64,
}

/// How a file begins.
const MAGIC: &[u8] = b"\xfebin";
/// The length of what each event begins with.
const HEADER: usize = 19;
// The kinds of events that matter here.
const PREVIOUS: u8 = 35;
const GTID: u8 = 33;
const TAGGED: u8 = 42;

impl Log {
    /// Reads a file.
    pub(super) fn parse(file: &str, bytes: &[u8]) -> Result<Self, DatabaseError> {
        let wrong = |reason: &str| DatabaseError::Binlog {
            file: file.to_owned(),
            reason: reason.to_owned(),
        };
        if !bytes.starts_with(MAGIC) {
            return Err(wrong("it does not begin as one"));
        }
        let mut log = Self { length: bytes.len(), ..Self::default() };
        let mut offset = MAGIC.len();
        while offset < bytes.len() {
            let event = &bytes[offset..];
            let cut = || wrong("it ends within an event");
            let kind = *event.get(4).ok_or_else(cut)?;
            let length = number(event, 9, 4).ok_or_else(cut)?;
            let length = usize::try_from(length).map_err(|_| cut())?;
            if length < HEADER {
                return Err(wrong("an event is shorter than its header"));
            }
            let body = event.get(HEADER..length).ok_or_else(cut)?;
            match kind {
                PREVIOUS => {
                    log.previous = previous(body).ok_or_else(|| {
                        wrong("transactions with tags are in it, which can't be restored")
                    })?
                }
                GTID => {
                    let transaction = transaction(offset, body);
                    log.transactions.push(transaction.ok_or_else(cut)?);
                }
                TAGGED => return Err(wrong("a transaction has a tag, which can't be restored")),
                _ => {}
            }
            offset += length;
        }
        Ok(log)
    }

    /// How long the part is whose transactions were committed up to a moment (in microseconds), and
    /// which they are.
    pub(super) fn until(&self, moment: u64) -> (usize, GtidSet) {
        let mut had = GtidSet::default();
        for transaction in &self.transactions {
            if transaction.at > moment {
                return (transaction.offset, had);
            }
            had.insert(&transaction.source, transaction.number);
        }
        (self.length, had)
    }
}

/// A number of so many bytes, the lowest first.
fn number(bytes: &[u8], at: usize, length: usize) -> Option<u64> {
    let bytes = bytes.get(at..at + length)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

/// A server's id at a place.
fn uuid(bytes: &[u8], at: usize) -> Option<String> {
    let id = hex::encode(bytes.get(at..at + 16)?);
    let parts = [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]];
    Some(parts.join("-"))
}

/// `None` if it is written in the way that knows tags.
fn previous(body: &[u8]) -> Option<GtidSet> {
    let sources = number(body, 0, 8)?;
    if sources >> 56 != 0 {
        return None;
    }
    let (mut set, mut at) = (GtidSet::default(), 8);
    for _ in 0..sources {
        let source = uuid(body, at)?;
        let ranges = number(body, at + 16, 8)?;
        at += 24;
        for _ in 0..ranges {
            let (first, after) = (number(body, at, 8)?, number(body, at + 8, 8)?);
            set.insert_range(&source, first, after.checked_sub(1)?);
            at += 16;
        }
    }
    Some(set)
}

fn transaction(offset: usize, body: &[u8]) -> Option<Transaction> {
    // Flags, source, number, kind of clock, two of its counters; then times of 7 bytes, of which
    // the highest bit says that the one of the first commit follows.
    const TIMES: usize = 1 + 16 + 8 + 1 + 8 + 8;
    const FOLLOWS: u64 = 1 << 55;
    let here = number(body, TIMES, 7)?;
    let at = if here & FOLLOWS == 0 { here } else { number(body, TIMES + 7, 7)? };
    Some(Transaction {
        offset,
        source: uuid(body, 1)?,
        number: number(body, 17, 8)?,
        at: at & !FOLLOWS,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: u8, body: &[u8]) -> Vec<u8> {
        let mut event = vec![0; HEADER];
        event[4] = kind;
        let length = u32::try_from(HEADER + body.len()).unwrap();
        event[9..13].copy_from_slice(&length.to_le_bytes());
        event.extend(body);
        event
    }

    fn gtid(number: u64, here: u64, first: Option<u64>) -> Vec<u8> {
        let mut body = vec![0];
        body.extend([0xab; 16]);
        body.extend(number.to_le_bytes());
        body.extend([2; 17]);
        let here = if first.is_some() { here | 1 << 55 } else { here };
        for time in [Some(here), first].into_iter().flatten() {
            body.extend(&time.to_le_bytes()[..7]);
        }
        event(GTID, &body)
    }

    fn file() -> Vec<u8> {
        let mut body = 1_u64.to_le_bytes().to_vec();
        body.extend([0xab; 16]);
        for number in [1_u64, 1, 6] {
            body.extend(number.to_le_bytes());
        }
        let mut file = MAGIC.to_vec();
        file.extend(event(15, &[0; 50]));
        file.extend(event(PREVIOUS, &body));
        file.extend(gtid(6, 1_000, None));
        file.extend(event(16, &[0; 8]));
        file.extend(gtid(7, 9_000, Some(2_000)));
        file.extend(event(16, &[0; 8]));
        file
    }

    const SOURCE: &str = "abababab-abab-abab-abab-abababababab";

    #[test]
    fn it_says_what_it_has_until_a_moment() {
        let file = file();
        let log = Log::parse("binlog.000002", &file).unwrap();
        assert_eq!(log.previous.to_string(), format!("{SOURCE}:1-5"));
        let set = |text: String| text.parse::<GtidSet>().unwrap();
        assert_eq!(log.until(999).1, GtidSet::default());
        let (length, had) = log.until(1_999);
        assert_eq!(had, set(format!("{SOURCE}:6")));
        let kept = Log::parse("", &file[..length]).unwrap();
        assert_eq!(kept.transactions, log.transactions[..1]);
        assert_eq!(log.until(2_000), (file.len(), set(format!("{SOURCE}:6-7"))));
    }

    #[test]
    fn what_is_no_log_or_cut_short_is_said() {
        let said = |bytes: &[u8]| Log::parse("binlog.000002", bytes).unwrap_err().to_string();
        assert!(said(b"nothing").ends_with("it does not begin as one"));
        let file = file();
        assert!(said(&file[..file.len() - 3]).ends_with("it ends within an event"));
        let mut tagged = file.clone();
        tagged.extend(event(TAGGED, &[]));
        assert!(said(&tagged).contains("tag"));
    }
}

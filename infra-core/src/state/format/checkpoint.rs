//! Checkpoints: one JSON document, one record a line, with a checksum at the end.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, Write},
    sync::Arc,
};

use serde::{Deserialize, Serialize, de::DeserializeSeed};

use super::{
    FORMAT, FormatError,
    ordered::ordered,
    record::{Placed, PlacedSeed},
};
use crate::{
    dsl::Provider,
    schema::Types,
    state::{Learned, Place, Record, State, seal::KeyHeader},
    value::{Texts, Value},
};

/// What stands before the records.
#[derive(Serialize, Deserialize)]
struct Head {
    format: u32,
    #[serde(flatten)]
    place: Place,
    serial: u64,
    epoch: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<KeyHeader>,
    providers: Vec<Provider>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    outputs: BTreeMap<Arc<str>, Value>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    learned: BTreeMap<Arc<str>, [u64; 3]>,
    count: usize,
    #[serde(flatten)]
    extra: serde_json::Map<String, serde_json::Value>,
}

const END: &str = r#"],"checksum":""#;

/// Writes a checkpoint.
///
/// # Errors
/// If writing fails, or the state holds what has no form on disk (a secret in clear).
pub fn write_checkpoint(state: &State, out: &mut dyn Write) -> io::Result<()> {
    let mut out = Summed { out, sum: crc32fast::Hasher::new() };
    let place = state.place.clone().ok_or_else(|| io::Error::other("a state without a lineage"))?;
    let learned = state
        .learned
        .iter()
        .map(|(ty, learned)| (Arc::clone(ty), [learned.create, learned.update, learned.delete]));
    let head = Head {
        format: FORMAT,
        place,
        serial: state.serial,
        epoch: state.epoch,
        key: state.key.clone(),
        providers: state.providers.clone(),
        outputs: state.outputs.clone(),
        learned: learned.collect(),
        count: state.len(),
        extra: state.extra.clone(),
    };
    let mut line = serde_json::to_vec(&head)?;
    line.pop();
    line.extend(br#","records":["#);
    out.write_all(&line)?;
    write_records(state, &mut out)?;
    out.write_all(b"\n")?;
    let sum = out.sum.finalize();
    writeln!(out.out, "{END}{sum:08x}\"}}")
}

/// How many records are written, or bytes of them read, in one go.
const WRITTEN: u32 = 4096;
const READ: usize = 2 << 20;

/// How many bytes a short record has.
const SHORT: usize = 256;

fn write_records(state: &State, out: &mut impl Write) -> io::Result<()> {
    let mut ends = (0..state.next_place()).step_by(WRITTEN as usize);
    let next = || Ok(ends.next());
    let first = state.iter().next().map(|(place, _)| place);
    let write = |begin: u32| -> io::Result<Vec<u8>> {
        let mut lines = Vec::with_capacity(state.len().min(WRITTEN as usize) * SHORT);
        for (place, record) in state.range(begin, begin.saturating_add(WRITTEN)) {
            lines.extend(if Some(place) == first { &b"\n"[..] } else { b",\n" });
            serde_json::to_writer(&mut lines, &Placed(place, record))?;
        }
        Ok(lines)
    };
    ordered(next, write, |lines| out.write_all(&lines?))
}

/// Counts what is written into a checksum.
struct Summed<'a> {
    out: &'a mut dyn Write,
    sum: crc32fast::Hasher,
}

impl Write for Summed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.sum.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Reads a checkpoint.
///
/// # Errors
/// If it is newer than this binary, damaged, or can't be read.
pub fn read_checkpoint(
    place: &str,
    input: &mut dyn BufRead,
    types: &Types,
) -> Result<State, FormatError> {
    let mut lines = Lines { place, input, sum: crc32fast::Hasher::new(), offset: 0, line: vec![] };
    if !lines.next()? {
        return Err(lines.damaged("it is empty"));
    }
    let head = lines.head()?;
    let mut state = State {
        place: Some(head.place),
        serial: head.serial,
        epoch: head.epoch,
        key: head.key,
        providers: head.providers,
        outputs: head.outputs,
        extra: head.extra,
        ..State::with_capacity(head.count)
    };
    let learned = head.learned.into_iter();
    state.learned = learned
        .map(|(ty, [create, update, delete])| (ty, Learned { create, update, delete }))
        .collect();
    ordered(
        || lines.batch(),
        |batch| batch.records(place, types),
        |records| {
            for Parsed { offset, number, record } in records? {
                if state.get(number).is_some() {
                    let message = "two records have the same number".to_owned();
                    return Err(FormatError::Damaged { place: place.to_owned(), offset, message });
                }
                state.place_record(number, record);
            }
            Ok(())
        },
    )?;
    lines.check_end(state.len(), head.count)?;
    state.keep_clear();
    Ok(state)
}

/// Whole lines of records.
struct Batch {
    /// Where they begin.
    offset: u64,
    lines: Vec<u8>,
}

/// A record, and where its line begins.
struct Parsed {
    offset: u64,
    number: u32,
    record: Record,
}

impl Batch {
    fn records(self, place: &str, types: &Types) -> Result<Vec<Parsed>, FormatError> {
        let mut texts = Texts::remembered();
        let mut offset = self.offset;
        let mut records = Vec::with_capacity(self.lines.len() / SHORT);
        for line in self.lines.split_inclusive(|byte| *byte == b'\n') {
            let text = line.trim_ascii_end();
            let mut json =
                serde_json::Deserializer::from_slice(text.strip_suffix(b",").unwrap_or(text));
            let record = PlacedSeed { types, texts: &mut texts }.deserialize(&mut json);
            let (number, record) =
                record.and_then(|record| json.end().map(|()| record)).map_err(|error| {
                    let offset = offset + error.column() as u64;
                    let (place, message) = (place.to_owned(), error.to_string());
                    FormatError::Damaged { place, offset, message }
                })?;
            records.push(Parsed { offset, number, record });
            offset += line.len() as u64;
        }
        Ok(records)
    }
}

struct Lines<'a> {
    place: &'a str,
    input: &'a mut dyn BufRead,
    sum: crc32fast::Hasher,
    /// Where the current line begins.
    offset: u64,
    line: Vec<u8>,
}

impl Lines<'_> {
    /// Goes to the next line. The checksum covers the lines that were left behind.
    fn next(&mut self) -> Result<bool, FormatError> {
        self.sum.update(&self.line);
        self.offset += self.line.len() as u64;
        self.line.clear();
        let read = self.input.read_until(b'\n', &mut self.line);
        let read =
            read.map_err(|source| FormatError::Io { place: self.place.to_owned(), source })?;
        Ok(read > 0)
    }

    fn damaged(&self, message: impl Into<String>) -> FormatError {
        FormatError::Damaged {
            place: self.place.to_owned(),
            offset: self.offset,
            message: message.into(),
        }
    }

    fn head(&self) -> Result<Head, FormatError> {
        #[derive(Deserialize)]
        struct Version {
            format: u32,
        }
        let text = self.line.trim_ascii_end();
        let open = text.strip_suffix(br#","records":["#);
        let open = open.ok_or_else(|| self.damaged("the first line is not that of a state"))?;
        let closed = [open, b"}"].concat();
        let version: Version =
            serde_json::from_slice(&closed).map_err(|error| self.damaged(error.to_string()))?;
        if version.format > FORMAT {
            let (place, found) = (self.place.to_owned(), version.format);
            return Err(FormatError::Newer { place, found });
        }
        serde_json::from_slice(&closed).map_err(|error| self.damaged(error.to_string()))
    }

    /// The next lines of records; `None` at the line behind the last one.
    fn batch(&mut self) -> Result<Option<Batch>, FormatError> {
        if self.line.starts_with(END.as_bytes()) {
            return Ok(None);
        }
        let offset = self.offset + self.line.len() as u64;
        let mut batch = Batch { offset, lines: vec![] };
        while batch.lines.len() < READ {
            if !self.next()? {
                return Err(self.damaged(match batch.lines.last() {
                    None | Some(b'\n') => "it ends before its checksum; it was cut short",
                    Some(_) => "it ends in the middle of a record; it was cut short",
                }));
            }
            if self.line.starts_with(END.as_bytes()) {
                break;
            }
            batch.lines.extend_from_slice(&self.line);
        }
        Ok(Some(batch))
    }

    fn check_end(&self, found: usize, count: usize) -> Result<(), FormatError> {
        if found != count {
            return Err(self.damaged(format!("it has {found} records and should have {count}")));
        }
        let sum = self.sum.clone().finalize();
        if self.line.trim_ascii_end() != format!("{END}{sum:08x}\"}}").as_bytes() {
            return Err(self.damaged("its checksum does not fit; it was changed"));
        }
        Ok(())
    }
}

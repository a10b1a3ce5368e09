//! The table of mounts of this machine (`/proc/self/mountinfo`).

use super::super::FilesError;

/// Where the kernel tells of mounts.
const PATH: &str = "/proc/self/mountinfo";

/// A mount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Where.
    pub(super) at: String,
    /// What kind: `fuse.glusterfs`.
    pub(super) kind: String,
    /// The number of its device, `0:123`: each mount of a file system of its own has another one, as long as
    /// anybody has it.
    pub(super) device: String,
    /// Whether what is mounted below is seen by others that share it.
    pub(super) shared: bool,
}

/// The mounts of this machine now, later ones above earlier ones.
pub(super) async fn read() -> Result<Vec<Entry>, FilesError> {
    let read = tokio::fs::read_to_string(PATH).await;
    let text = read.map_err(|source| FilesError::NoMounts { path: PATH, source })?;
    Ok(text.lines().filter_map(entry).collect())
}

/// `36 35 98:0 /root /at rw,noatime shared:1 - ext3 /dev/root rw,errors=continue`
fn entry(line: &str) -> Option<Entry> {
    let (before, after) = line.split_once(" - ")?;
    let mut fields = before.split(' ');
    let device = fields.nth(2)?.to_owned();
    let at = unescaped(fields.nth(1)?);
    let shared = fields.skip(1).any(|field| field.starts_with("shared:"));
    Some(Entry { at, kind: after.split(' ').next()?.to_owned(), device, shared })
}

/// Spaces and the like are written in octal: `\040`.
fn unescaped(field: &str) -> String {
    let (mut text, mut rest) = (Vec::with_capacity(field.len()), field.as_bytes());
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..3).filter(|_| *first == b'\\');
        let octal = digits.and_then(|it| u8::from_str_radix(std::str::from_utf8(it).ok()?, 8).ok());
        match octal {
            Some(letter) => {
                text.push(letter);
                rest = &after[3..];
            }
            None => {
                text.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// The mount that a folder lies on.
pub(super) fn holder<'a>(table: &'a [Entry], folder: &str) -> Option<&'a Entry> {
    let holds = |entry: &&Entry| {
        let rest = folder.strip_prefix(entry.at.trim_end_matches('/'));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    // The last of the longest is the one that is seen.
    table.iter().filter(holds).max_by_key(|entry| entry.at.len())
}

/// Whether a file system is mounted at a folder.
pub(super) fn is_mounted(table: &[Entry], folder: &str) -> bool {
    table.iter().any(|entry| entry.at == folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
        27 1 254:0 / / rw,noatime shared:1 - ext4 /dev/root rw\n\
        30 27 0:30 / /run rw - tmpfs tmpfs rw\n\
        295 27 0:123 / /srv/a\\040b/fs rw,relatime shared:35 master:1 - fuse.glusterfs \
        10.97.1.11:/files rw,user_id=0\n";

    fn table() -> Vec<Entry> {
        TABLE.lines().filter_map(entry).collect()
    }

    #[test]
    fn mounts_are_read_with_what_they_share() {
        let table = table();
        assert_eq!(table.len(), 3);
        assert_eq!(table[2].at, "/srv/a b/fs");
        assert_eq!((&*table[2].kind, &*table[2].device), ("fuse.glusterfs", "0:123"));
        assert!(table[0].shared && !table[1].shared && table[2].shared);
        assert!(is_mounted(&table, "/srv/a b/fs") && !is_mounted(&table, "/srv/a b"));
    }

    #[test]
    fn a_folder_lies_on_the_longest_that_holds_it() {
        let table = table();
        let at = |folder: &str| holder(&table, folder).unwrap().at.clone();
        assert_eq!(at("/srv/x"), "/");
        assert_eq!(at("/run/x/y"), "/run");
        assert_eq!(at("/runs"), "/");
        assert_eq!(at("/srv/a b/fs/c"), "/srv/a b/fs");
    }
}

//! [`Context`]: the files that an image is built of, and their digest.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    io::{self, Read as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use blake2::{Blake2s256, Digest as _};

/// What is at a path.
#[derive(Clone, Debug)]
pub(super) enum Content {
    /// A file that is part of this program.
    Bytes { bytes: Cow<'static, [u8]>, executable: bool },
    /// A file of this machine.
    File { path: PathBuf, executable: bool },
    /// A symbolic link.
    Link { target: PathBuf },
    /// A folder.
    Folder,
}

/// The files of a build, by their paths within it.
#[derive(Clone, Debug, Default)]
pub(super) struct Context {
    pub(super) entries: BTreeMap<String, Content>,
}

/// A file that can't be read, and why.
pub(super) type Unread = (PathBuf, io::Error);

impl Context {
    /// Adds a file, instead of one that is there.
    pub(super) fn add(&mut self, path: String, content: Content) {
        self.entries.insert(path, content);
    }

    /// Adds all that is below a folder of this machine, at a path within the build; empty is its top.
    pub(super) fn add_folder(&mut self, folder: &Path, at: &str) -> Result<(), Unread> {
        let unread = |error| (folder.to_owned(), error);
        for entry in folder.read_dir().map_err(unread)? {
            let entry = entry.map_err(unread)?;
            let here = entry.path();
            let unread = |error| (here.clone(), error);
            let name = entry.file_name().into_string().map_err(|_| {
                unread(io::Error::new(io::ErrorKind::InvalidData, "its name is not UTF-8"))
            })?;
            let path = if at.is_empty() { name } else { format!("{at}/{name}") };
            let metadata = here.symlink_metadata().map_err(unread)?;
            if metadata.is_dir() {
                self.add(path.clone(), Content::Folder);
                self.add_folder(&here, &path)?;
            } else if metadata.is_symlink() {
                let target = here.read_link().map_err(unread)?;
                self.add(path, Content::Link { target });
            } else if metadata.is_file() {
                let executable = metadata.permissions().mode() & 0o100 != 0;
                self.add(path, Content::File { path: here, executable });
            }
            // Sockets, pipes and devices are no part of a build.
        }
        Ok(())
    }

    /// Which files they are: what changes when any of them does.
    pub(super) fn digest(&self) -> Result<String, Unread> {
        let mut hash = Blake2s256::new();
        for (path, content) in &self.entries {
            let length = match content {
                Content::File { path, .. } => path.metadata().map_err(|e| (path.clone(), e))?.len(),
                Content::Bytes { bytes, .. } => bytes.len() as u64,
                Content::Link { .. } | Content::Folder => 0,
            };
            head(&mut hash, path, content, length);
            if let Content::File { path, .. } = content {
                read(&mut hash, path).map_err(|error| (path.clone(), error))?;
            }
        }
        Ok(hex::encode(hash.finalize()))
    }

    /// The same, where all are part of this program.
    pub(super) fn embedded_digest(&self) -> String {
        let mut hash = Blake2s256::new();
        for (path, content) in &self.entries {
            let length = match content {
                Content::Bytes { bytes, .. } => bytes.len() as u64,
                _ => 0,
            };
            head(&mut hash, path, content, length);
        }
        hex::encode(hash.finalize())
    }
}

/// All of an entry but the bytes of a file of this machine, none of which can be taken for another.
fn head(hash: &mut Blake2s256, path: &str, content: &Content, length: u64) {
    let (kind, executable) = match content {
        Content::Bytes { executable, .. } | Content::File { executable, .. } => (0, *executable),
        Content::Link { .. } => (1, false),
        Content::Folder => (2, false),
    };
    hash.update((path.len() as u64).to_le_bytes());
    hash.update(path);
    hash.update([kind, u8::from(executable)]);
    hash.update(length.to_le_bytes());
    match content {
        Content::Bytes { bytes, .. } => hash.update(bytes),
        Content::Link { target } => {
            let target = target.as_os_str().as_encoded_bytes();
            hash.update((target.len() as u64).to_le_bytes());
            hash.update(target);
        }
        Content::File { .. } | Content::Folder => {}
    }
}

fn read(hash: &mut Blake2s256, path: &Path) -> io::Result<()> {
    let mut file = std::fs::File::open(path)?;
    let mut bytes = vec![0; 64 << 10];
    loop {
        match file.read(&mut bytes)? {
            0 => return Ok(()),
            read => hash.update(&bytes[..read]),
        }
    }
}

/// The digest of some words.
pub(super) fn digest(words: &[&[u8]]) -> String {
    let mut hash = Blake2s256::new();
    for word in words {
        hash.update((word.len() as u64).to_le_bytes());
        hash.update(word);
    }
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(content: &'static [u8], executable: bool) -> Content {
        Content::Bytes { bytes: content.into(), executable }
    }

    #[test]
    fn each_change_changes_the_digest() {
        let digest = |entries: &[(&str, Content)]| {
            let mut context = Context::default();
            for (path, content) in entries {
                context.add((*path).to_owned(), content.clone());
            }
            context.digest().unwrap()
        };
        let link = |target: &str| Content::Link { target: target.into() };
        let all = [
            digest(&[]),
            digest(&[("a", bytes(b"x", false))]),
            digest(&[("a", bytes(b"x", true))]),
            digest(&[("a", bytes(b"y", false))]),
            digest(&[("b", bytes(b"x", false))]),
            digest(&[("a", link("x"))]),
            digest(&[("a", link("y"))]),
            digest(&[("a", Content::Folder)]),
            digest(&[("a", bytes(b"x", false)), ("b", bytes(b"", false))]),
        ];
        let different: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(different.len(), all.len());
    }

    #[test]
    fn a_file_counts_the_same_here_and_within_the_program() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a"), "x").unwrap();
        let mut here = Context::default();
        here.add_folder(folder.path(), "").unwrap();
        let mut within = Context::default();
        within.add("a".to_owned(), bytes(b"x", false));
        assert_eq!(here.digest().unwrap(), within.embedded_digest());
        assert_eq!(here.digest().unwrap(), within.digest().unwrap());
    }

    #[test]
    fn a_folder_comes_with_all_below_it_at_its_place() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("one/two")).unwrap();
        std::fs::write(folder.path().join("one/two/three"), "x").unwrap();
        std::os::unix::fs::symlink("two", folder.path().join("one/link")).unwrap();
        let mut context = Context::default();
        context.add_folder(folder.path(), "at").unwrap();
        let paths: Vec<&str> = context.entries.keys().map(String::as_str).collect();
        assert_eq!(paths, ["at/one", "at/one/link", "at/one/two", "at/one/two/three"]);
    }
}

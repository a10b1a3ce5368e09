//! [`KeyFile`]: a data key wrapped with a key in a file, for stacks whose secrets are no secrets
//! (the simulator's), so that nobody has to invent a passphrase to try something.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{DataKey, KeyHeader, KeySource, SealError, passphrase::unwrap_with};

/// Wraps data keys with a key in a file that only its owner can read, made when first needed.
#[derive(Debug)]
pub struct KeyFile {
    path: PathBuf,
}

impl KeyFile {
    /// The method's name.
    pub const METHOD: &'static str = "key_file";

    /// Wraps with the key in this file. It should stand outside the project's folder.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn failed(&self, source: io::Error) -> SealError {
        SealError::KeyFile { path: self.path.clone(), source }
    }

    fn read(&self) -> Result<Option<DataKey>, SealError> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.failed(error)),
        };
        let bytes = hex::decode(text.trim()).ok().and_then(|bytes| bytes.try_into().ok());
        let damaged = || io::Error::new(io::ErrorKind::InvalidData, "not 64 hexadecimal digits");
        bytes.map(DataKey::from_bytes).map(Some).ok_or_else(|| self.failed(damaged()))
    }

    /// The key; made if there is no file. Two processes that make it at once agree on one.
    fn read_or_make(&self) -> Result<DataKey, SealError> {
        if let Some(key) = self.read()? {
            return Ok(key);
        }
        match self.make(&DataKey::random()) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(self.failed(error));
            }
            _ => {}
        }
        self.read()?.ok_or_else(|| self.failed(io::ErrorKind::NotFound.into()))
    }

    /// Written aside and linked into place, so that nobody ever reads half a key.
    fn make(&self, key: &DataKey) -> io::Result<()> {
        let folder = self.path.parent().unwrap_or_else(|| Path::new("."));
        fs::create_dir_all(folder)?;
        let mut aside = self.path.clone();
        aside.set_extension(format!("{}.new", std::process::id()));
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&aside)?;
        file.write_all(hex::encode(key.expose()).as_bytes())?;
        file.sync_all()?;
        let linked = fs::hard_link(&aside, &self.path);
        fs::remove_file(&aside)?;
        linked
    }
}

#[async_trait::async_trait]
impl KeySource for KeyFile {
    fn method(&self) -> &'static str {
        Self::METHOD
    }

    async fn wrap(&self, key: &DataKey) -> Result<KeyHeader, SealError> {
        let wrapped = self.read_or_make()?.encrypt(key.expose(), Self::METHOD.as_bytes());
        Ok(KeyHeader {
            method: Self::METHOD.to_owned(),
            parameter: String::new(),
            wrapped: hex::encode(wrapped),
        })
    }

    async fn unwrap(&self, header: &KeyHeader) -> Result<DataKey, SealError> {
        let key = self.read()?.ok_or_else(|| self.failed(io::ErrorKind::NotFound.into()))?;
        unwrap_with(&key, header, Self::METHOD)
    }
}

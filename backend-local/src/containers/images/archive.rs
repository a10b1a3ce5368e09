//! A [`Context`] as Docker is sent it: an archive, made while it is sent.

use std::{io, pin::Pin, time::UNIX_EPOCH};

use futures_util::{Stream, stream};
use hyper::body::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt as _, DuplexStream};
use tokio_tar::{Builder, EntryType, Header};

use super::context::{Content, Context};

/// So much is made before it is sent.
const AHEAD: usize = 256 << 10;

/// What comes after all has been read: an error takes back what was sent.
pub(super) type End = Pin<Box<dyn Future<Output = io::Result<()>> + Send>>;

/// The archive of some files.
pub(super) fn archive(context: Context) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    let (writer, reader) = tokio::io::duplex(AHEAD);
    let written = tokio::spawn(write(context, writer));
    let end = async move { written.await.map_err(io::Error::other)? };
    stream(reader, Box::pin(end))
}

/// What is read, part by part.
pub(super) fn stream(
    reader: impl AsyncRead + Unpin + Send + 'static,
    end: End,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    stream::try_unfold((reader, end), async |(mut reader, end)| {
        let mut bytes = vec![0; 64 << 10];
        let read = reader.read(&mut bytes).await?;
        if read == 0 {
            end.await?;
            return Ok(None);
        }
        bytes.truncate(read);
        Ok(Some((Bytes::from(bytes), (reader, end))))
    })
}

async fn write(context: Context, writer: DuplexStream) -> io::Result<()> {
    let mut archive = Builder::new(writer);
    for (path, content) in &context.entries {
        let at = |error: io::Error| io::Error::new(error.kind(), format!("{path}: {error}"));
        entry(&mut archive, path, content).await.map_err(at)?;
    }
    archive.into_inner().await?;
    Ok(())
}

async fn entry(
    archive: &mut Builder<DuplexStream>,
    path: &str,
    content: &Content,
) -> io::Result<()> {
    let mut header = Header::new_gnu();
    header.set_uid(0);
    header.set_gid(0);
    let mode = |executable: bool| if executable { 0o755 } else { 0o644 };
    match content {
        Content::Bytes { bytes, executable } => {
            header.set_mode(mode(*executable));
            header.set_size(bytes.len() as u64);
            archive.append_data(&mut header, path, &bytes[..]).await
        }
        Content::File { path: here, executable } => {
            let file = tokio::fs::File::open(here).await?;
            let metadata = file.metadata().await?;
            header.set_mode(mode(*executable));
            header.set_size(metadata.len());
            // Web servers tell by it whether a page has changed.
            let changed = metadata.modified()?.duration_since(UNIX_EPOCH);
            header.set_mtime(changed.map_or(0, |since| since.as_secs()));
            // One that grows meanwhile would shift all that follows.
            archive.append_data(&mut header, path, file.take(metadata.len())).await
        }
        Content::Link { target } => {
            header.set_entry_type(EntryType::Symlink);
            header.set_mode(0o777);
            header.set_size(0);
            header.set_link_name(target)?;
            archive.append_data(&mut header, path, io::Cursor::new([])).await
        }
        Content::Folder => {
            header.set_entry_type(EntryType::Directory);
            header.set_mode(0o755);
            header.set_size(0);
            archive.append_data(&mut header, format!("{path}/"), io::Cursor::new([])).await
        }
    }
}

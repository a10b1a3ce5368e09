//! [`Registry`]: a registry of images on this machine; one that stops in the middle; one that hangs.

use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// A registry, which ends with this.
#[derive(Debug)]
pub(super) struct Registry {
    pub(super) address: SocketAddr,
    process: Child,
}

impl Registry {
    /// One that keeps its images below a folder.
    pub(super) async fn start(folder: &Path) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let configuration = format!(
            "version: 0.1\nlog: {{level: error}}\nhttp: {{addr: \"{address}\"}}\n\
             storage: {{filesystem: {{rootdirectory: {}/images}}}}\n",
            folder.display()
        );
        let file = folder.join("registry.yml");
        std::fs::write(&file, configuration).unwrap();
        let process = Command::new("docker-registry")
            .arg("serve")
            .arg(file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("docker-registry is installed beside Docker");
        let registry = Self { address, process };
        for _ in 0..100 {
            if TcpStream::connect(address).await.is_ok() {
                return registry;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the registry did not start");
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An address that takes connections and never answers. It does so as long as the test runs.
pub(super) async fn hanging() -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut held = vec![];
        while let Ok((stream, _)) = listener.accept().await {
            held.push(stream);
        }
    });
    address
}

/// An address that leads to another, until so many bytes have come back; then it hangs.
pub(super) async fn stopping(to: SocketAddr, after: usize) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(lead(stream, to, after));
        }
    });
    address
}

async fn lead(stream: TcpStream, to: SocketAddr, after: usize) {
    let (mut asks, mut hears) = stream.into_split();
    let (mut says, mut takes) = TcpStream::connect(to).await.unwrap().into_split();
    tokio::spawn(async move { tokio::io::copy(&mut asks, &mut takes).await });
    let (mut passed, mut bytes) = (0, vec![0; 16 << 10]);
    while passed < after {
        let Ok(read @ 1..) = says.read(&mut bytes).await else { return };
        if hears.write_all(&bytes[..read]).await.is_err() {
            return;
        }
        passed += read;
    }
    std::future::pending::<()>().await;
}

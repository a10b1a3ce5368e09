//! A Docker that takes its time to say what there is, for an agent that must not be confused by that.

use std::{path::Path, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy},
    net::{UnixListener, UnixStream},
    time::sleep,
};

/// How long it takes to say what there is.
const DELAY: Duration = Duration::from_millis(300);
/// Where Docker listens, unless `DOCKER_HOST` says otherwise.
const USUAL: &str = "unix:///var/run/docker.sock";

/// Serves the machine's Docker at a socket, slowly, until the runtime ends.
pub(crate) fn serve(socket: &Path) {
    let docker =
        std::env::var_os("DOCKER_HOST").map_or(USUAL.into(), |it| it.into_string().unwrap());
    let docker = docker.strip_prefix("unix://").unwrap().to_owned();
    let listener = UnixListener::bind(socket).unwrap();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let docker = docker.clone();
            tokio::spawn(
                async move { pass(client, UnixStream::connect(docker).await.unwrap()).await },
            );
        }
    });
}

/// Whether it is asked which containers there are.
fn lists(request: &[u8]) -> bool {
    let line = request.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    line.starts_with("GET ") && line.contains("/containers/json?")
}

/// Carries what both say until one of them ends, lists after a while.
async fn pass(client: UnixStream, docker: UnixStream) {
    let (mut asks, mut hears) = client.into_split();
    let (mut answers, mut told) = docker.into_split();
    let forth = async {
        let mut piece = vec![0; 64 * 1024];
        loop {
            match asks.read(&mut piece).await {
                Ok(0) | Err(_) => break,
                Ok(many) => {
                    if lists(&piece[..many]) {
                        sleep(DELAY).await;
                    }
                    if told.write_all(&piece[..many]).await.is_err() {
                        break;
                    }
                }
            }
        }
        // Docker may still have something to say to who has nothing more to ask.
        let _ = told.shutdown().await;
    };
    let back = async {
        let _ = copy(&mut answers, &mut hears).await;
        let _ = hears.shutdown().await;
    };
    tokio::join!(forth, back);
}

//! [`Site`]: what answers as the site would, as well or as badly as a test wants it.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
    thread::spawn,
};

/// Pages, by their path; what is not there is not found.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) url: String,
    pages: Arc<Mutex<BTreeMap<String, u16>>>,
}

impl Site {
    /// One that is well, and answers as long as the test runs.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let well = ["/health", "/login/index.php"].map(|path| (path.to_owned(), 200));
        let pages = Arc::new(Mutex::new(BTreeMap::from(well)));
        let site = Self { url, pages: Arc::clone(&pages) };
        spawn(move || {
            for connection in listener.incoming() {
                let Ok(mut connection) = connection else { return };
                let mut lines = BufReader::new(connection.try_clone().unwrap()).lines();
                let Some(Ok(request)) = lines.next() else { continue };
                // All of the request, or the client is cut off while it speaks.
                for line in lines {
                    if line.map_or(true, |line| line.is_empty()) {
                        break;
                    }
                }
                let path = request.split(' ').nth(1).unwrap_or_default();
                let status = pages.lock().unwrap().get(path).copied().unwrap_or(404);
                let answer = format!(
                    "HTTP/1.1 {status} As Told\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                );
                let _ = connection.write_all(answer.as_bytes());
            }
        });
        site
    }

    /// A page answers so from now on.
    pub(crate) fn answers(&self, path: &str, status: u16) {
        self.pages.lock().unwrap().insert(path.to_owned(), status);
    }
}

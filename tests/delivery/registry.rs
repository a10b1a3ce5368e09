//! [`Registry`]: a registry of images on this machine, which asks for AWS's token.

use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};

/// `AWS` and `token-of-this-test`, as htpasswd writes them.
const USERS: &str = "AWS:$2b$05$181WKA483ayXOjdezD4lV.UdA9mlqlqHCnzPr/iUE2p4fU8B7VlT.\n";

/// A registry, which ends with this.
#[derive(Debug)]
pub(crate) struct Registry {
    pub(crate) address: String,
    process: Child,
}

impl Registry {
    /// One that keeps its images below a folder.
    pub(crate) fn start(folder: &Path) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let at = folder.display();
        std::fs::write(folder.join("users"), USERS).unwrap();
        let configuration = format!(
            "version: 0.1\n\
             log: {{level: error}}\n\
             storage: {{filesystem: {{rootdirectory: {at}/images}}}}\n\
             http: {{addr: \"{free}\"}}\n\
             auth: {{htpasswd: {{realm: here, path: {at}/users}}}}\n"
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
        let mut tries = 0;
        while std::net::TcpStream::connect(free).is_err() {
            tries += 1;
            assert!(tries < 100, "the registry did not start");
            sleep(Duration::from_millis(100));
        }
        Self { address: format!("localhost:{}", free.port()), process }
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

//! nginx and HAProxy, tuned for the same: connections kept alive, the same header fields added.

use std::{
    net::TcpStream,
    path::Path,
    process::{Command, Stdio},
    thread::sleep,
    time::Duration,
};

use super::{Ports, places::Places};

/// A process that ends with this.
pub(crate) struct Child(pub(crate) std::process::Child);

impl Child {
    /// Processor time that it and its workers have taken so far, in seconds.
    pub(crate) fn processor(&self) -> f64 {
        let pid = self.0.id();
        let children = format!("/proc/{pid}/task/{pid}/children");
        let children = std::fs::read_to_string(children).unwrap_or_default();
        let all = children.split_whitespace().map(str::to_owned).chain([pid.to_string()]);
        let ticks = all.map(|pid| {
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            // The name may hold spaces; user and system time are the 12th and 13th after it.
            let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
            fields.skip(11).take(2).filter_map(|it| it.parse::<f64>().ok()).sum::<f64>()
        });
        ticks.sum::<f64>() / rustix::param::clock_ticks_per_second() as f64
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // As the master of several processes it ends the others.
        if let Some(pid) = rustix::process::Pid::from_raw(self.0.id().cast_signed()) {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        }
        let _ = self.0.wait();
    }
}

pub(crate) fn wait_for(port: u16) {
    for _ in 0..500 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return;
        }
        sleep(Duration::from_millis(20));
    }
    panic!("nobody listens at port {port}");
}

fn spawn(command: &mut Command) -> Child {
    Child(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
}

fn start_nginx(mut nginx: Command, folder: &Path, workers: usize, http: &str) -> Child {
    std::fs::create_dir(folder).unwrap();
    let at = folder.display();
    let text = format!(
        "worker_processes {workers};\npid {at}/pid;\nerror_log {at}/error.log;\ndaemon off;\n\
         events {{ worker_connections 4096; }}\n\
         http {{\naccess_log off;\nkeepalive_requests 100000000;\n{http}}}\n"
    );
    let file = folder.join("nginx.conf");
    std::fs::write(&file, text).unwrap();
    spawn(nginx.arg("-p").arg(folder).arg("-c").arg(&file))
}

/// What all of them stand before.
pub(crate) fn nginx_backend(places: &Places, folder: &Path, port: u16) -> Child {
    let text = "x".repeat(1024);
    let server = format!(
        "server {{ listen 127.0.0.1:{port} backlog=4096; location / {{ return 200 \"{text}\"; }} }}\n"
    );
    let child =
        start_nginx(places.beside("nginx"), &folder.join("backend"), places.beside, &server);
    wait_for(port);
    child
}

pub(crate) fn nginx(places: &Places, folder: &Path, (http, https): Ports, backend: u16) -> Child {
    let at = folder.display();
    let server = format!(
        "upstream backend {{ server 127.0.0.1:{backend}; keepalive 256; \
         keepalive_requests 100000000; }}\n\
         server {{\nlisten 127.0.0.1:{http};\nlisten 127.0.0.1:{https} ssl;\n\
         ssl_certificate {at}/chain.pem;\nssl_certificate_key {at}/key.pem;\n\
         location / {{\nproxy_pass http://backend;\nproxy_http_version 1.1;\n\
         proxy_set_header Connection \"\";\nproxy_set_header Host $http_host;\n\
         proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;\n\
         proxy_set_header X-Forwarded-Proto $scheme;\n\
         proxy_set_header X-Forwarded-Port $server_port;\n\
         proxy_set_header X-Request-Id $request_id;\n}}\n}}\n"
    );
    start_nginx(places.proxy("nginx"), &folder.join("nginx"), places.proxies, &server)
}

pub(crate) fn haproxy(places: &Places, folder: &Path, (http, https): Ports, backend: u16) -> Child {
    let (at, threads) = (folder.display(), places.proxies);
    let text = format!(
        "global\n  nbthread {threads}\n  maxconn 4096\n\
         defaults\n  mode http\n  timeout connect 1s\n  timeout client 60s\n  timeout server 60s\n  \
         http-reuse always\n  option forwardfor\n\
         frontend web\n  bind 127.0.0.1:{http}\n  bind 127.0.0.1:{https} ssl crt {at}/both.pem\n  \
         http-request set-header X-Forwarded-Proto https if {{ ssl_fc }}\n  \
         http-request set-header X-Forwarded-Proto http if !{{ ssl_fc }}\n  \
         http-request set-header X-Forwarded-Port %[dst_port]\n  \
         unique-id-format %{{+X}}o%ci:%cp_%fi:%fp_%Ts_%rt:%pid\n  unique-id-header X-Request-Id\n  \
         default_backend targets\n\
         backend targets\n  server one 127.0.0.1:{backend} check inter 10s\n"
    );
    let file = folder.join("haproxy.cfg");
    std::fs::write(&file, text).unwrap();
    spawn(places.proxy("haproxy").args(["-W", "-db", "-f"]).arg(&file))
}

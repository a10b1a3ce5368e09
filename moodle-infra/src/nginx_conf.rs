//! What the web server is told at its start: `nginx.conf`.

use infra_core::Ipv4Net;

use crate::{DATAROOT, HEALTH_PATH, WebRoot, WebSettings, balancer::IDLE, ports};

/// Where Moodle's code lies, within the image.
pub const CODE: &str = "/var/www/moodle";

/// The path that Moodle names a shared file by when it has the web server send it; nobody else can
/// ask for it.
pub(crate) const FILES_PATH: &str = "/dataroot/";

/// The content of `nginx.conf`. `root` is the folder of the code that is served, `network` where the
/// balancer has its addresses.
#[must_use]
pub fn nginx_conf(settings: &WebSettings, root: WebRoot, network: Ipv4Net) -> String {
    let trusted: String = [network]
        .iter()
        .chain(&settings.edge)
        .map(|range| format!("    set_real_ip_from {range};\n"))
        .collect();
    let server = server(settings, root.path());
    let silence = IDLE.0 + 10;
    let largest = settings.largest_request().0;
    format!(
        "# Written by the site's infrastructure program; changes made here are lost.
worker_processes auto;
pid /run/moodle/nginx.pid;
error_log stderr warn;

events {{
    worker_connections 1024;
}}

http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    access_log /dev/stdout;
    server_tokens off;
    sendfile on;
    # Longer than the balancer keeps a silent connection, or it would send into a closed one.
    keepalive_timeout {silence}s;
    client_max_body_size {largest}m;

    client_body_temp_path /tmp/nginx/body;
    proxy_temp_path /tmp/nginx/proxy;
    fastcgi_temp_path /tmp/nginx/fastcgi;
    uwsgi_temp_path /tmp/nginx/uwsgi;
    scgi_temp_path /tmp/nginx/scgi;

    # Only those who are trusted say from where a request came.
    real_ip_header X-Forwarded-For;
    real_ip_recursive on;
{trusted}
{server}}}
"
    )
}

fn server(settings: &WebSettings, root: &str) -> String {
    let port = ports::APP;
    let seconds = settings.longest_request.0;
    format!(
        r"    server {{
        listen {port} default_server;
        root {CODE}{root};
        index index.php;

        # Answered by a pool of PHP of its own: as long as the task is sound, whatever the site is
        # busy with and whatever is the matter with the database and the files.
        location = {HEALTH_PATH} {{
            access_log off;
            include /etc/nginx/fastcgi_params;
            fastcgi_param SCRIPT_NAME {HEALTH_PATH};
            fastcgi_param SCRIPT_FILENAME {HEALTH_PATH};
            fastcgi_read_timeout 5s;
            fastcgi_pass unix:/run/moodle/health.sock;
        }}

        # A file of the site that Moodle names, once it has checked who asks.
        location {FILES_PATH} {{
            internal;
            alias {DATAROOT}/;
        }}

        # What lies beside the code and is for nobody to see; a file of the site, which comes after
        # the name of a script, may be called the same.
        location ~ ^(?!.*\.php/).*/(\.(?!well-known/)|vendor/|node_modules/|composer\.|package(-lock)?\.json|environment\.xml|install\.xml|README|UPGRADING|upgrade\.txt|Gruntfile|config\.php|config-dist\.php|behat/|cli/|tests?/fixtures/) {{
            return 404;
        }}

        location ~ [^/]\.php(/|$) {{
            fastcgi_split_path_info ^(.+?\.php)(/.*)$;
            # Gone once the file has been looked for.
            set $path_info $fastcgi_path_info;
            try_files $fastcgi_script_name =404;
            include /etc/nginx/fastcgi_params;
            fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
            fastcgi_param PATH_INFO $path_info;
            fastcgi_param HTTP_PROXY '';
            fastcgi_read_timeout {seconds}s;
            fastcgi_send_timeout {seconds}s;
            fastcgi_pass unix:/run/moodle/site.sock;
        }}

        location / {{
            try_files $uri $uri/ {fallback};
        }}
    }}
",
        fallback = match root {
            "" => "=404",
            // Moodle's router, which has no files of its own for most paths.
            _ => "/r.php",
        }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network() -> Ipv4Net {
        "10.0.0.0/16".parse().unwrap()
    }

    #[test]
    fn as_it_is_read() {
        insta::assert_snapshot!(nginx_conf(&WebSettings::default(), WebRoot::Public, network()));
    }

    #[test]
    fn an_older_moodle_is_served_from_the_top() {
        let text = nginx_conf(&WebSettings::default(), WebRoot::Top, network());
        assert!(text.contains("root /var/www/moodle;"), "{text}");
        assert!(!text.contains("r.php"), "{text}");
    }

    #[test]
    fn the_edge_is_trusted_besides_the_balancer() {
        let edge = vec!["192.0.2.0/24".parse().unwrap()];
        let text =
            nginx_conf(&WebSettings { edge, ..WebSettings::default() }, WebRoot::Public, network());
        let trusted: Vec<&str> =
            text.lines().filter(|line| line.contains("set_real_ip_from")).map(str::trim).collect();
        assert_eq!(trusted, ["set_real_ip_from 10.0.0.0/16;", "set_real_ip_from 192.0.2.0/24;"]);
    }
}

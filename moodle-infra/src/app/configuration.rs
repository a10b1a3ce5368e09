//! [`Configuration`]: what tasks are told at their start, in the bucket for it.

use infra_core::{aws::s3::Object, prelude::*};

use super::{AppSettings, Foundation};
use crate::{WebRoot, WebSettings, config_php, nginx_conf, php_ini};

/// The files that a task fetches before it does anything else, each in the version that its
/// environment names. Secrets are in none of them.
#[derive(Clone, Copy, Debug)]
pub struct Configuration {
    /// `config.php`: what Moodle is told.
    pub config_php: Object,
    /// `php.ini`: what PHP is told.
    pub php_ini: Object,
    /// `nginx.conf`: what the web server is told.
    pub nginx_conf: Object,
}

/// What a file is called within its bucket, and how the names of its variables begin.
pub(super) const FILES: [(&str, &str); 3] =
    [("config.php", "CONFIG_PHP"), ("php.ini", "PHP_INI"), ("nginx.conf", "NGINX_CONF")];

impl Configuration {
    pub(super) fn create(
        stack: &Stack,
        on: &Foundation<'_>,
        settings: &AppSettings,
        root: WebRoot,
    ) -> Self {
        let [config, php, nginx] = FILES;
        let file = |name: &str, (key, _): (&str, &str), content: Output<String>| {
            Object::named(name)
                .bucket(&on.storage.configuration)
                .key(key)
                .content(content)
                .content_type("text/plain; charset=utf-8")
                .create(stack)
        };
        let web = settings.web.clone();
        let ini = php_ini(&web);
        let AppSettings { domain, mail, .. } = settings;
        let region = &on.network.region;
        let content = config_php(domain, on.database, on.caches, &web, mail, region, root);
        let addresses = on.network.vpc.cidr_block().zip(&settings.trusted);
        Self {
            config_php: file("config", config, content),
            php_ini: file("php", php, interpolate!("{ini}")),
            nginx_conf: file(
                "nginx",
                nginx,
                addresses.map(move |(network, trusted)| {
                    let edge = [web.edge.clone(), trusted].concat();
                    nginx_conf(&WebSettings { edge, ..web.clone() }, root, network)
                }),
            ),
        }
    }

    /// The variables that name each file and its version: another version is another definition
    /// of the task, which rolls the service.
    pub(super) fn environment(&self, bucket: &Output<String>) -> Vec<(String, Output<String>)> {
        let files = [&self.config_php, &self.php_ini, &self.nginx_conf];
        let variables = FILES.iter().zip(files).flat_map(|(&(key, variable), file)| {
            let url = interpolate!("s3://{bucket}/{key}");
            [(format!("{variable}_URL"), url), (format!("{variable}_VERSION"), file.version_id())]
        });
        variables.collect()
    }
}

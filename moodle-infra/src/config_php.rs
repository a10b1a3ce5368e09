//! What Moodle is told at its start: `config.php`.

use infra_core::prelude::*;

use crate::{
    CODE, Caches, DATABASE_NAME, Database, Domain, Mail, WebRoot, WebSettings,
    nginx_conf::FILES_PATH, ports,
};

/// Where the files that all tasks share are mounted: Moodle's `dataroot`.
pub const DATAROOT: &str = "/var/moodledata";

/// Where each task keeps what it alone needs: Moodle's `localcachedir`.
pub const LOCAL_CACHE: &str = "/var/cache/moodle";

/// The certificates that the database's and the caches' are checked against, within the image.
pub const CA_FILE: &str = "/etc/ssl/certs/ca-certificates.crt";

/// The content of `config.php`.
///
/// Nothing in it is secret: passwords are read from the environment, where ECS puts them.
#[must_use]
pub fn config_php(
    domain: &Domain,
    database: &Database,
    caches: &Caches,
    web: &WebSettings,
    mail: &Mail,
    region: &Output<String>,
    root: WebRoot,
) -> Output<String> {
    let (root, longest_request) = (root.path(), web.longest_request.0);
    let (url, host) = (domain.url(), database.cluster.endpoint());
    let sessions = caches.sessions.group.primary_endpoint();
    let (port, mail) = (ports::CACHE, mail.clone());
    let mail = region.map(move |region| mail.config(&region));
    interpolate!(
        "<?php
// Written by the site's infrastructure program; changes made here are lost.
unset($CFG);
global $CFG;
$CFG = new stdClass();

$CFG->dbtype = 'auroramysql';
$CFG->dblibrary = 'native';
$CFG->dbhost = '{host}';
$CFG->dbname = '{DATABASE_NAME}';
$CFG->dbuser = getenv('DB_USER');
$CFG->dbpass = getenv('DB_PASSWORD');
$CFG->prefix = 'mdl_';
$CFG->dboptions = [
    'dbpersist' => false,
    'dbcollation' => 'utf8mb4_unicode_ci',
    'ssl' => 'verify-full',
];

$CFG->wwwroot = '{url}';
$CFG->sslproxy = true;
$CFG->cookiesecure = true;
// The web server has found out who asks (3: from no header): one that came along could be forged.
$CFG->getremoteaddrconf = 3;

$CFG->dataroot = '{DATAROOT}';
$CFG->localcachedir = '{LOCAL_CACHE}';
$CFG->localrequestdir = '/tmp/moodle-requests';
$CFG->directorypermissions = 02770;
$CFG->xsendfile = 'X-Accel-Redirect';
$CFG->xsendfilealiases = ['{FILES_PATH}' => '{DATAROOT}'];

$CFG->session_handler_class = '\\core\\session\\redis';
$CFG->session_redis_host = '{sessions}';
$CFG->session_redis_port = {port};
$CFG->session_redis_auth = getenv('SESSIONS_PASSWORD');
$CFG->session_redis_encrypt = ['cafile' => '{CA_FILE}'];
$CFG->session_redis_prefix = 'session_';
// A request waits for its session as long as a browser waits, and holds it no longer than the
// longest request takes.
$CFG->session_redis_acquire_lock_timeout = 60;
$CFG->session_redis_lock_expire = {longest_request};

{mail}
// The code is the image's: nothing installs or runs anything from the web.
$CFG->disableupdateautodeploy = true;
$CFG->preventexecpath = true;
$CFG->pathtogs = '/usr/bin/gs';

require_once('{CODE}{root}/lib/setup.php');
"
    )
}

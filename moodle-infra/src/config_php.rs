//! What Moodle is told at its start: `config.php`.

use infra_core::prelude::*;

use crate::{DATABASE_NAME, Database, Domain};

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
pub fn config_php(domain: &Domain, database: &Database) -> Output<String> {
    let (url, host) = (domain.url(), database.cluster.endpoint());
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

$CFG->dataroot = '{DATAROOT}';
$CFG->localcachedir = '{LOCAL_CACHE}';
$CFG->directorypermissions = 02770;

// The code is the image's: nothing installs or runs anything from the web.
$CFG->disableupdateautodeploy = true;
$CFG->preventexecpath = true;

require_once(__DIR__ . '/lib/setup.php');
"
    )
}

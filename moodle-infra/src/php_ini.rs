//! What PHP is told at its start: `php.ini`.

use crate::{CA_FILE, WebSettings};

/// The content of `php.ini`, read after that of Debian, by the web server's PHP and by scripts.
#[must_use]
pub fn php_ini(settings: &WebSettings) -> String {
    let (upload, request) = (settings.upload.0, settings.largest_request().0);
    let seconds = settings.longest_request.0;
    format!(
        "; Written by the site's infrastructure program; changes made here are lost.
expose_php = Off
display_errors = Off
log_errors = On
error_log = /proc/self/fd/2

memory_limit = 256M
max_execution_time = {seconds}
; Large forms of the gradebook and of roles; Moodle asks for it.
max_input_vars = 5000
file_uploads = On
upload_max_filesize = {upload}M
post_max_size = {request}M
max_file_uploads = 100

; The code is the image's and never changes under a running PHP.
opcache.enable = 1
opcache.memory_consumption = 256
opcache.interned_strings_buffer = 32
opcache.max_accelerated_files = 30000
opcache.validate_timestamps = 0
realpath_cache_size = 4M
realpath_cache_ttl = 3600

openssl.cafile = {CA_FILE}
curl.cainfo = {CA_FILE}
"
    )
}

#[cfg(test)]
mod tests {
    use infra_core::prelude::*;

    use super::*;

    #[test]
    fn as_it_is_read() {
        insta::assert_snapshot!(php_ini(&WebSettings::default()));
    }

    #[test]
    fn a_form_may_be_larger_than_its_file() {
        let settings = WebSettings { upload: MiB(512), ..WebSettings::default() };
        let text = php_ini(&settings);
        assert!(text.contains("upload_max_filesize = 512M\npost_max_size = 520M\n"), "{text}");
    }
}

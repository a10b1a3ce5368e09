//! Which of a site's paths are what to an edge.

/// What is the same for everybody and is named anew when it changes: styles, pictures, fonts and
/// scripts, as the beginning of the path. What people have uploaded (`/pluginfile.php/`) is for
/// those alone whom Moodle lets see it, and `/theme/index.php` is a page of the administration: the
/// name of a script and a slash belong to each.
pub(super) const PUBLIC: [(&str, &str); 6] = [
    ("/theme/styles.php/", "styles"),
    ("/theme/image.php/", "images"),
    ("/theme/font.php/", "fonts"),
    ("/theme/javascript.php/", "theme-scripts"),
    ("/lib/javascript.php/", "scripts"),
    ("/lib/requirejs.php/", "modules"),
];

/// Below which people who have logged in write pages, program code and questions, which look like
/// attacks to whoever does not know that.
pub(super) const EDITORS: [&str; 14] = [
    "/admin/",
    "/blocks/",
    "/blog/",
    "/calendar/",
    "/contentbank/",
    "/course/",
    "/grade/",
    "/lib/ajax/",
    "/message/",
    "/mod/",
    "/question/",
    "/repository/",
    "/user/",
    "/webservice/",
];

/// Where passwords are tried.
pub(super) const LOGIN: &str = "/login/index.php";

/// Where accounts and mails are asked for.
pub(super) const ASKS_FOR_MAIL: [&str; 2] = ["/login/forgot_password.php", "/login/signup.php"];

/// The administration.
pub(super) const ADMINISTRATION: &str = "/admin/";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cached_is_nobodys_own() {
        for (path, _) in PUBLIC {
            assert!(path.ends_with(".php/"), "{path}");
            assert!(!path.contains("pluginfile") && !path.contains("draftfile"), "{path}");
            assert!(EDITORS.iter().all(|editor| !path.starts_with(editor)), "{path}");
        }
    }
}

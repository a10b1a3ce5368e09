//! [`Folder`]: a folder within files, whose it is and who may use it: an access point of EFS.

use serde::{Deserialize, Serialize};

use super::FilesError;

/// A folder within files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folder {
    /// Its path: `/` is all of them.
    pub path: String,
    /// Whose it is when it is made.
    pub uid: u32,
    /// The group whose it is when it is made.
    pub gid: u32,
    /// Who may do what with it when it is made: `0o2770`.
    pub mode: u32,
}

impl Folder {
    /// All of the files, for Moodle: `www-data` and its group alone, and what is made in them stays
    /// the group's.
    #[must_use]
    pub fn root() -> Self {
        Self { path: "/".to_owned(), uid: 33, gid: 33, mode: 0o2770 }
    }

    /// A folder within them, likewise.
    #[must_use]
    pub fn at(path: &str) -> Self {
        Self { path: path.to_owned(), ..Self::root() }
    }

    /// Its path without `/` around it.
    ///
    /// # Errors
    /// If it could lead out of the files.
    pub(super) fn relative(&self) -> Result<&str, FilesError> {
        let path = self.path.trim_matches('/');
        let legal = |name: &str| !name.is_empty() && name != "." && name != "..";
        let legal = path.is_empty() || path.split('/').all(legal);
        let plain = !path.contains(['\0', '\n', ',']);
        if self.path.starts_with('/') && legal && plain {
            return Ok(path);
        }
        Err(FilesError::NoFolder(self.path.clone()))
    }

    /// The path of it below another one.
    pub(super) fn below(&self, base: &str) -> Result<String, FilesError> {
        let path = self.relative()?;
        Ok(if path.is_empty() { base.to_owned() } else { format!("{base}/{path}") })
    }

    /// A command that makes it below a folder, unless it is there. The root is always there, and
    /// becomes whose it is to be: nobody else can have made it.
    pub(super) fn make(&self, base: &str) -> Result<Vec<String>, FilesError> {
        let below = self.below(base)?;
        let script = r#"set -e
if [ "$1" = "$2" ] || ! [ -d "$2" ]; then
    mkdir -p "$2"
    [ "$(stat -c '%u:%g' "$2")" = "$3" ] || chown "$3" "$2"
    [ "$(printf '%05d' "$(stat -c '%a' "$2")")" = "$4" ] || chmod "$4" "$2"
fi"#;
        let words = [
            "sh",
            "-c",
            script,
            "sh",
            base,
            &below,
            &format!("{}:{}", self.uid, self.gid),
            // Five digits: with fewer, the group that a folder inherits would stay.
            &format!("{:05o}", self.mode),
        ];
        Ok(words.map(str::to_owned).to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_folder_leads_out_of_the_files() {
        assert_eq!(Folder::root().below("/mnt").unwrap(), "/mnt");
        assert_eq!(Folder::at("/a/b/").below("/mnt").unwrap(), "/mnt/a/b");
        for path in ["a", "", "/a/../b", "/..", "/a//b", "/./a", "/a,b"] {
            let error = Folder::at(path).below("/mnt").unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{path}` is no folder")), "{error}");
        }
    }

    #[test]
    fn what_makes_it_names_owner_and_rights() {
        let words = Folder::at("/moodledata").make("/mnt").unwrap();
        assert_eq!(words[4..], ["/mnt", "/mnt/moodledata", "33:33", "02770"]);
    }
}

//! [`NfsClient`]: whether this machine's kernel can mount NFS 4.

use std::fs;

use super::super::FilesError;

/// Whether this machine's kernel can mount NFS 4.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NfsClient {
    /// It can.
    There,
    /// It can load what it needs, when something is to be mounted.
    Loadable,
    /// It can't.
    None {
        /// Why not.
        reason: String,
    },
}

impl NfsClient {
    /// Looks at this machine.
    ///
    /// # Errors
    /// If the kernel does not tell: this is no Linux.
    pub fn of_this_machine() -> Result<Self, FilesError> {
        let path = "/proc/filesystems";
        let read = fs::read_to_string(path);
        let filesystems = read.map_err(|source| FilesError::NoMounts { path, source })?;
        let loads = fs::exists("/proc/modules").unwrap_or(false);
        // Which modules there are; of a kernel that was installed elsewhere nothing is known.
        let modules = match fs::read_to_string("/proc/sys/kernel/osrelease") {
            Ok(release) => {
                let path = format!("/lib/modules/{}/modules.dep", release.trim());
                fs::read_to_string(path).ok()
            }
            Err(_) => None,
        };
        Ok(Self::told(&filesystems, loads, modules.as_deref()))
    }

    /// By what the kernel has, whether it loads modules, and which there are, if that is known.
    #[must_use]
    pub fn told(filesystems: &str, loads: bool, modules: Option<&str>) -> Self {
        if filesystems.lines().any(|line| line.split_whitespace().last() == Some("nfs4")) {
            return Self::There;
        }
        let none = |reason: &str| Self::None { reason: reason.to_owned() };
        if !loads {
            return none("its kernel has no client of NFS 4 and loads no modules");
        }
        match modules {
            Some(modules) if !modules.lines().any(|line| line.contains("/nfsv4.ko")) => {
                none("its kernel has no client of NFS 4, and there is no module `nfsv4` for it")
            }
            Some(_) | None => Self::Loadable,
        }
    }

    /// # Errors
    /// If it can't; says what else there is.
    pub fn check(self) -> Result<(), FilesError> {
        match self {
            Self::There | Self::Loadable => Ok(()),
            Self::None { reason } => Err(FilesError::NoNfs { reason }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WITHOUT: &str = "nodev\tsysfs\nnodev\tnfsd\n\text4\nnodev\tfuse\n";

    #[track_caller]
    fn check(told: NfsClient, expected: Option<&str>) {
        match (told.check().map_err(|error| error.to_string()), expected) {
            (Ok(()), None) => {}
            (Err(error), Some(expected)) => {
                assert!(error.contains(expected), "{error}");
                assert!(error.contains("use files of GlusterFS"), "{error}");
                assert!(error.contains("the simple profile"), "{error}");
            }
            (told, expected) => panic!("{told:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn a_kernel_that_has_it() {
        let with = format!("{WITHOUT}nodev\tnfs4\n");
        assert_eq!(NfsClient::told(&with, false, None), NfsClient::There);
    }

    #[test]
    fn a_kernel_that_loads_no_modules() {
        let told = NfsClient::told(WITHOUT, false, Some("kernel/fs/nfs/nfsv4.ko.xz:"));
        check(told, Some("has no client of NFS 4 and loads no modules"));
    }

    #[test]
    fn a_kernel_with_modules() {
        let dep = "kernel/fs/nfs/nfs.ko.xz: kernel/fs/lockd/lockd.ko.xz\n";
        check(NfsClient::told(WITHOUT, true, Some(dep)), Some("no module `nfsv4`"));
        let dep = format!("{dep}kernel/fs/nfs/nfsv4.ko.xz:\n");
        assert_eq!(NfsClient::told(WITHOUT, true, Some(&dep)), NfsClient::Loadable);
        // It is tried then.
        check(NfsClient::told(WITHOUT, true, None), None);
    }
}

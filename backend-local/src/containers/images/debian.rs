//! Debian itself, made of its packages where no registry answers.

use std::{
    collections::VecDeque,
    io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Stdio,
};

use futures_util::StreamExt as _;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::Command,
};

use super::{
    DIGEST_LABEL, ImageError, ImageEvent, Images, Progress, archive::stream, label, split,
};
use crate::containers::docker::{
    DockerError,
    bollard::{body_try_stream, query_parameters::CreateImageOptionsBuilder},
};

/// The steps that are told.
const STEPS: u32 = 2;
/// So many lines of what was said last are part of an error.
const LAST: usize = 6;

/// Files that make it behave as the official image does: packages start no services, and leave
/// neither archives nor pages behind that nobody reads in a container.
const FILES: [(&str, &str, u32); 3] = [
    (
        "etc/apt/apt.conf.d/docker-clean",
        "DPkg::Post-Invoke { \"rm -f /var/cache/apt/archives/*.deb /var/cache/apt/*.bin || true\"; };\n\
         Dir::Cache::pkgcache \"\";\n\
         Dir::Cache::srcpkgcache \"\";\n",
        0o644,
    ),
    (
        "etc/dpkg/dpkg.cfg.d/docker",
        "path-exclude /usr/share/doc/*\n\
         path-include /usr/share/doc/*/copyright\n\
         path-exclude /usr/share/info/*\n\
         path-exclude /usr/share/locale/*\n\
         path-exclude /usr/share/man/*\n",
        0o644,
    ),
    ("usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n", 0o755),
];

/// Folders whose content nobody needs in a container.
const EMPTIED: [&str; 5] =
    ["usr/share/info", "usr/share/locale", "usr/share/man", "var/cache/apt", "var/lib/apt/lists"];

impl Images {
    /// Makes a suite of Debian by debootstrap.
    pub(super) async fn debian(
        &self,
        image: &str,
        suite: &str,
        digest: &str,
        progress: &Progress<'_>,
    ) -> Result<(), ImageError> {
        let failed =
            |reason: String, fix| ImageError::Debian { image: image.to_owned(), reason, fix };
        if !rustix::process::geteuid().is_root() {
            return Err(failed(
                "debootstrap needs root".to_owned(),
                "run this once as root, or pull the image elsewhere and bring it here (`docker \
                 save`, `docker load`)",
            ));
        }
        // Whoever has the lock of the image is alone with it.
        let root = self.options.folder.join(format!("debian-{suite}"));
        let file = |used| {
            let (image, path) = (image.to_owned(), root.clone());
            move |source| ImageError::File { image, path, used, source }
        };
        remove(&root).await.map_err(file("removed"))?;
        let step = |step, instruction: String| {
            let image = image.to_owned();
            progress(ImageEvent::Building { image, step, steps: STEPS, instruction });
        };
        step(1, format!("debootstrap {suite}"));
        let said = |line: String| progress(ImageEvent::Said { image: image.to_owned(), line });
        if let Err((reason, fix)) = debootstrap(suite, &root, &self.options.mirror, said).await {
            remove(&root).await.map_err(file("removed"))?;
            return Err(failed(reason, fix));
        }
        let slimmed = root.clone();
        let slimmed = tokio::task::spawn_blocking(move || slim(&slimmed)).await;
        slimmed.map_err(io::Error::other).flatten().map_err(file("made smaller"))?;
        step(2, "import".to_owned());
        self.import(image, digest, &root).await?;
        remove(&root).await.map_err(file("removed"))
    }

    async fn import(&self, image: &str, digest: &str, root: &Path) -> Result<(), ImageError> {
        let (name, tag) = split(image).ok_or_else(|| DockerError::NoImageName(image.to_owned()))?;
        // With owners by number, and devices: nothing else here writes those.
        let mut command = Command::new("tar");
        command.arg("-C").arg(root).args(["--numeric-owner", "-c", "."]);
        command.stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let unread = |source| ImageError::File {
            image: image.to_owned(),
            path: root.to_owned(),
            used: "read by tar",
            source,
        };
        let mut tar = command.spawn().map_err(unread)?;
        let output = tar.stdout.take().ok_or_else(|| unread(io::ErrorKind::BrokenPipe.into()))?;
        let end = async move {
            let status = tar.wait().await?;
            if status.success() { Ok(()) } else { Err(io::Error::other(format!("tar: {status}"))) }
        };
        let options = CreateImageOptionsBuilder::new()
            .from_src("-")
            .repo(name)
            .tag(tag)
            .changes(vec![
                "CMD [\"bash\"]".to_owned(),
                format!("LABEL {DIGEST_LABEL}={}", label(image, digest)),
            ])
            .build();
        let body = body_try_stream(stream(output, Box::pin(end)));
        let mut messages =
            std::pin::pin!(self.docker.api().create_image(Some(options), Some(body), None));
        while let Some(message) = messages.next().await {
            message.map_err(|source| DockerError::api("import the image", image, source))?;
        }
        Ok(())
    }
}

/// Runs it; says why it failed, and what to do.
async fn debootstrap(
    suite: &str,
    root: &Path,
    mirror: &str,
    mut said: impl FnMut(String),
) -> Result<(), (String, &'static str)> {
    const INSTALL: &str =
        "install debootstrap (`apt-get install debootstrap`), or reach a registry";
    const LOOK: &str = "look whether the mirror can be reached, and has the suite";
    // What it says is one stream of lines.
    let mut command = Command::new("sh");
    command.args(["-c", "exec \"$@\" 2>&1", "sh", "debootstrap", "--variant=minbase"]);
    command.arg("--include=ca-certificates").arg(suite).arg(root).arg(mirror);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().map_err(|error| (error.to_string(), INSTALL))?;
    let mut last = VecDeque::new();
    if let Some(output) = child.stdout.take() {
        let mut lines = BufReader::new(output).lines();
        while let Some(line) = lines.next_line().await.map_err(|error| (error.to_string(), LOOK))? {
            if last.len() == LAST {
                last.pop_front();
            }
            last.push_back(line.clone());
            said(line);
        }
    }
    let status = child.wait().await.map_err(|error| (error.to_string(), LOOK))?;
    match status.code() {
        Some(0) => Ok(()),
        // So a shell says that there is no such program.
        Some(127) => Err(("there is no debootstrap".to_owned(), INSTALL)),
        _ => {
            let last = last.into_iter().collect::<Vec<_>>().join("\n");
            Err((format!("debootstrap ended with {status}: {last}"), LOOK))
        }
    }
}

/// Takes away what nobody needs in a container.
fn slim(root: &Path) -> io::Result<()> {
    for folder in EMPTIED {
        for entry in children(&root.join(folder))? {
            delete(&entry)?;
        }
    }
    // Of each package the licence stays.
    for package in children(&root.join("usr/share/doc"))? {
        if !package.is_symlink() && package.is_dir() {
            for entry in children(&package)? {
                if !entry.ends_with("copyright") {
                    delete(&entry)?;
                }
            }
        }
    }
    for (path, content, mode) in FILES {
        let path = root.join(path);
        std::fs::write(&path, content)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode))?;
    }
    Ok(())
}

fn children(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match folder.read_dir() {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(vec![]),
        Err(error) => Err(error),
    }
}

fn delete(path: &Path) -> io::Result<()> {
    if path.is_dir() && !path.is_symlink() {
        std::fs::remove_dir_all(path)
    } else {
        std::fs::remove_file(path)
    }
}

/// Removes a folder that Debian is made in. One that was stopped may have left mounts: what lies
/// beyond them is this machine's.
async fn remove(root: &Path) -> io::Result<()> {
    if !tokio::fs::try_exists(root).await? {
        return Ok(());
    }
    let mut command = Command::new("rm");
    command.args(["--recursive", "--force", "--one-file-system"]).arg(root);
    let output = command.stdin(Stdio::null()).output().await?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(said.lines().last().unwrap_or("rm failed").to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_nobody_reads_the_licences_stay() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        for file in [
            "usr/share/doc/a/copyright",
            "usr/share/doc/a/changelog.gz",
            "usr/share/man/man1/a.1",
            "var/cache/apt/archives/a.deb",
            "usr/bin/a",
            "etc/apt/apt.conf.d/x",
            "etc/dpkg/dpkg.cfg.d/x",
            "usr/sbin/x",
        ] {
            let path = root.join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        }
        slim(root).unwrap();
        for (file, stays) in [
            ("usr/share/doc/a/copyright", true),
            ("usr/share/doc/a/changelog.gz", false),
            ("usr/share/man/man1", false),
            ("var/cache/apt/archives", false),
            ("usr/bin/a", true),
        ] {
            assert_eq!(root.join(file).exists(), stays, "{file}");
        }
        let policy = root.join("usr/sbin/policy-rc.d").metadata().unwrap();
        assert_eq!(policy.permissions().mode() & 0o777, 0o755);
    }
}

//! The images of this place, and the files that they are built of.

use super::recipe::{File, Recipe, Source};

/// MySQL.
pub const MYSQL: &str = "mysql:8.4";
/// Redis, and its sentinels.
pub const REDIS: &str = "redis:7";
/// AWS's services that nothing else here is.
pub const LOCALSTACK: &str = "localstack/localstack:4.14";
/// A server of GlusterFS, which can mount volumes as well.
pub const GLUSTER: &str = "moodle-infra/gluster:1";
/// A server of NFS.
pub const NFS: &str = "moodle-infra/nfs:1";
/// A machine that tasks run on, which mounts their shared files.
pub const INSTANCE: &str = "moodle-infra/instance:1";
/// The network of other containers.
pub const NETWORK: &str = crate::containers::endpoint::NETWORK_IMAGE;

/// Debian's releases that the others begin with, and what they are called as images.
const DEBIAN: [(&str, &str); 3] = [
    ("debian:bookworm-slim", "bookworm"),
    ("debian:trixie-slim", "trixie"),
    ("debian:sid-slim", "sid"),
];

/// A file below `backend-local/images`, by its folder and name. Scripts are programs.
macro_rules! files {
    ($folder:literal: $($name:literal),+) => {
        vec![$(File {
            path: $name.into(),
            content: include_bytes!(concat!(
                env!("CARGO_MANIFEST_DIR"), "/images/", $folder, "/", $name
            )).as_slice().into(),
            executable: $name.ends_with(".sh"),
        }),+]
    };
}

fn built(image: &str, pulled: bool, base: &str, files: Vec<File>) -> Recipe {
    Recipe {
        image: image.to_owned(),
        pulled,
        bases: vec![base.to_owned()],
        source: Source::Files(files),
        authorities: None,
    }
}

/// How each of them is built.
#[must_use]
pub fn recipes() -> Vec<Recipe> {
    let [(bookworm, _), (trixie, _), (sid, _)] = DEBIAN;
    let mut recipes: Vec<Recipe> = DEBIAN
        .iter()
        .map(|(image, suite)| Recipe {
            image: (*image).to_owned(),
            pulled: true,
            bases: vec![],
            source: Source::Debian { suite: (*suite).to_owned() },
            authorities: None,
        })
        .collect();
    let mysql = files!("mysql": "Dockerfile", "my.cnf", "docker-entrypoint.sh", "first-start.sh");
    let localstack = files!("localstack": "Dockerfile", "requirements.txt");
    recipes.extend([
        built(MYSQL, true, sid, mysql),
        built(REDIS, true, bookworm, files!("redis": "Dockerfile", "docker-entrypoint.sh")),
        Recipe {
            authorities: Some("authorities.pem".to_owned()),
            ..built(LOCALSTACK, true, trixie, localstack)
        },
        built(GLUSTER, false, bookworm, files!("gluster": "Dockerfile")),
        built(NFS, false, bookworm, files!("nfs": "Dockerfile", "ganesha.conf")),
        built(INSTANCE, false, bookworm, files!("instance": "Dockerfile")),
        built(NETWORK, false, bookworm, files!("network": "Dockerfile")),
    ]);
    recipes
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, path::Path};

    use super::*;

    fn files(recipe: &Recipe) -> &[File] {
        match &recipe.source {
            Source::Files(files) => files,
            Source::Debian { .. } => &[],
        }
    }

    #[test]
    fn every_file_of_the_folder_is_part_of_an_image() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("images");
        let mut there = BTreeSet::new();
        let images = std::fs::read_dir(&folder).unwrap().map(|image| image.unwrap().path());
        for image in images.filter(|path| path.is_dir()) {
            for file in std::fs::read_dir(image).unwrap() {
                there.insert(std::fs::read(file.unwrap().path()).unwrap());
            }
        }
        let recipes = recipes();
        let embedded = recipes.iter().flat_map(files).map(|file| file.content.to_vec());
        assert_eq!(embedded.collect::<BTreeSet<_>>(), there);
    }

    #[test]
    fn the_bases_are_those_of_the_dockerfiles() {
        for recipe in recipes() {
            let Some(file) = files(&recipe).iter().find(|file| file.path == "Dockerfile") else {
                assert!(matches!(recipe.source, Source::Debian { .. }), "{}", recipe.image);
                continue;
            };
            let text = String::from_utf8(file.content.to_vec()).unwrap();
            let begins = |line: &str| {
                let base = line.strip_prefix("FROM ").or(line.strip_prefix("ARG BASE="))?;
                base.starts_with("debian:").then(|| base.to_owned())
            };
            assert_eq!(text.lines().filter_map(begins).collect::<Vec<_>>(), recipe.bases);
            assert!(text.contains("ARG APT_OPTS=\"\""), "{} takes no options", recipe.image);
        }
    }

    #[test]
    fn ours_are_pulled_from_nowhere() {
        for recipe in recipes() {
            let ours = recipe.image.starts_with("moodle-infra/");
            assert_ne!(ours, recipe.pulled, "{}", recipe.image);
        }
    }
}

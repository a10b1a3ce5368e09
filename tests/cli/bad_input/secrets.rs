//! Secrets: shown where they may not be, or sealed with something that is not at hand.

use super::{Case, after, case, deployed};
use crate::environment::Environment;

const PASSPHRASE: &str = "INFRA_PASSPHRASE";

pub(super) const CASES: [Case; 11] = [
    after("passphrase-wrong", "vault", other_passphrase, "output --show-secrets", 7),
    after("passphrase-wrong-up", "vault", other_passphrase, "up", 7),
    after("passphrase-missing", "vault", no_passphrase, "up", 7),
    after("passphrase-for-key-file", "vault", passphrase_for_file, "output --show-secrets", 7),
    after("passphrase-nobody-to-ask", "vault", real, "up --yes", 7),
    after("key-file-gone", "vault", key_file_gone, "output --show-secrets", 7),
    after("key-file-damaged", "vault", key_file_damaged, "output --show-secrets", 7),
    after("home-none", "vault", homeless, "up", 1),
    after("secret-hidden", "vault", deployed, "output password", 0),
    after("secret-as-plain", "config-missing", sealed, "--config-file <dir>/campus.toml up", 3),
    Case { name: "secret-no-value", ..case("network", "config set password --secret", 2) },
];

fn with_passphrase(environment: &mut Environment) {
    environment.set(PASSPHRASE, "right");
    deployed(environment);
}

fn other_passphrase(environment: &mut Environment) {
    with_passphrase(environment);
    environment.set(PASSPHRASE, "wrong");
}

fn no_passphrase(environment: &mut Environment) {
    with_passphrase(environment);
    environment.unset(PASSPHRASE);
}

fn passphrase_for_file(environment: &mut Environment) {
    deployed(environment);
    environment.set(PASSPHRASE, "right");
}

fn real(environment: &mut Environment) {
    environment.set("CAMPUS_PLACE", "real");
}

fn key_file(environment: &Environment) -> std::path::PathBuf {
    environment.folder().join("config/infra/keys/campus")
}

fn key_file_gone(environment: &mut Environment) {
    deployed(environment);
    std::fs::remove_file(key_file(environment)).unwrap();
}

fn key_file_damaged(environment: &mut Environment) {
    deployed(environment);
    std::fs::write(key_file(environment), "no key\n").unwrap();
}

fn homeless(environment: &mut Environment) {
    environment.unset("XDG_CONFIG_HOME");
}

fn sealed(environment: &mut Environment) {
    std::fs::write(environment.folder().join("campus.toml"), "").unwrap();
    environment.ok("--config-file <dir>/campus.toml config set domain hush --secret");
}

//! The status page, drawn by a browser.

use std::{path::PathBuf, process::Command};

use infra_tests::tools::{MACHINE, skipped};

use crate::world::World;

/// The names that Debian and others give to it.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// What a browser makes of the page: its elements after its script has run for a while. Whatever the
/// page may not do, or does wrong, fails the test.
pub(crate) fn drawn(world: &World) -> Option<String> {
    let Some(browser) = browser() else {
        skipped("no browser (apt-get install chromium)", MACHINE);
        return None;
    };
    let page = world.json("--json agent status")["page"].as_str().unwrap().to_owned();
    let profile = world.path("browser");
    let drawn = Command::new(browser)
        .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        .args(["--enable-logging=stderr", "--virtual-time-budget=6000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(&page)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&drawn.stderr).into_owned();
    assert!(drawn.status.success(), "{said}");
    // What a page says, and what it is refused, is on the console.
    let wrong: Vec<&str> = said.lines().filter(|line| line.contains(":CONSOLE")).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    Some(String::from_utf8(drawn.stdout).unwrap())
}

fn browser() -> Option<PathBuf> {
    let paths = std::env::var_os("PATH")?;
    let all = std::env::split_paths(&paths).flat_map(|path| BROWSERS.map(|name| path.join(name)));
    all.into_iter().find(|path| path.is_file())
}

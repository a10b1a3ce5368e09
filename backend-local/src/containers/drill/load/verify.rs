//! What the site acknowledged is held against it: sessions, rows, files, and whether everybody can go
//! on.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use futures_util::{StreamExt as _, stream};
use tokio::time::{Instant, sleep};

use super::{
    LostSession, Shared,
    browser::{Browser, Place},
    ledger::Kept,
};
use crate::containers::drill::{
    Failure, Record,
    pages::{Action, Told, Visit},
    record::Kind,
};

/// How many are asked about at a time.
const AT_A_TIME: usize = 8;
/// How long is waited before something is asked again.
const PAUSE: Duration = Duration::from_millis(250);
/// How many pages a visit may need before it can be asked about everything.
const PAGES: usize = 4;

/// Something that was acknowledged, and is not there or is something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The id of the row, or the name of the file.
    pub name: String,
    /// When it was acknowledged.
    pub at: Duration,
}

/// What came of a load, and of what the site acknowledged in it.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Verified {
    /// All requests, in the order in which they were due.
    pub records: Vec<Record>,
    /// How many rows were acknowledged.
    pub rows: usize,
    /// How many files were.
    pub files: usize,
    /// Rows that are not there, or are others.
    pub lost_rows: Vec<Lost>,
    /// Files that are not there, or are others.
    pub lost_files: Vec<Lost>,
    /// How many rows and files nobody could find out about: the site did not answer.
    pub unknown: usize,
    /// Sessions that were lost, or had another value.
    pub lost_sessions: Vec<LostSession>,
    /// Users who in the end could not go on, and when they last could.
    pub stranded: Vec<(u32, Option<Duration>)>,
}

pub(super) async fn verify(shared: &Shared, patience: Duration) -> Verified {
    let deadline = Instant::now() + patience;
    let browsers: Vec<Browser> = {
        let mut book = shared.book();
        let spare = std::mem::take(&mut book.spare);
        // Whoever came later and is nowhere has nothing to lose.
        let spare = spare.into_iter().filter(|browser| browser.place == Place::Inside);
        std::mem::take(&mut book.idle).into_iter().chain(spare).collect()
    };
    let went_on = stream::iter(browsers).map(|mut browser| async move {
        (browser.number, goes_on(shared, &mut browser, deadline).await)
    });
    let went_on: Vec<(u32, bool)> = went_on.buffer_unordered(AT_A_TIME).collect().await;

    let mut verified = kept(shared, deadline).await;
    let mut book = shared.book();
    verified.records = std::mem::take(&mut book.records);
    verified.records.sort_by_key(|record| record.due);
    verified.lost_sessions = std::mem::take(&mut book.lost);
    verified.lost_sessions.sort_by_key(|lost| lost.at);
    let stuck = went_on.into_iter().filter(|(_, goes_on)| !goes_on);
    verified.stranded =
        stuck.map(|(number, _)| (number, last(&verified.records, number))).collect();
    verified.stranded.sort_unstable();
    verified
}

/// When somebody was last answered well.
fn last(records: &[Record], browser: u32) -> Option<Duration> {
    let theirs = records.iter().filter(|it| it.browser == browser && it.failure.is_none());
    theirs.map(|it| it.ended).max()
}

/// Whether somebody can go on: logs in again if they have to, and finds their session.
async fn goes_on(shared: &Shared, browser: &mut Browser, deadline: Instant) -> bool {
    loop {
        let action = match browser.place {
            Place::Outside => Action::LoginForm,
            Place::AtForm => Action::Login,
            Place::Inside => Action::ReadSession,
        };
        let acted = shared.act(browser, &action).await;
        if acted.is_ok() && action == Action::ReadSession {
            return true;
        }
        if Instant::now() >= deadline {
            return false;
        }
        // What was lost is noted; the next step may well succeed.
        if !matches!(acted, Ok(()) | Err(Failure::LostSession | Failure::WrongSession)) {
            sleep(PAUSE).await;
        }
    }
}

/// Asks for all rows and files that were acknowledged, each time as the one whose they are.
async fn kept(shared: &Shared, deadline: Instant) -> Verified {
    let ledger = std::mem::take(&mut shared.book().ledger);
    let mut verified = Verified {
        rows: ledger.rows.len() + ledger.given_twice.len(),
        files: ledger.files.len(),
        lost_rows: ledger.given_twice.into_iter().map(|(name, kept)| lost(name, &kept)).collect(),
        ..Verified::default()
    };
    let accounts: BTreeSet<u32> =
        ledger.rows.values().chain(ledger.files.values()).map(|kept| kept.account).collect();
    let asked = stream::iter(accounts).map(|account| {
        let rows: Vec<_> = of(&ledger.rows, account);
        let files: Vec<_> = of(&ledger.files, account);
        async move {
            let mut asker = Asker::new(shared, account, deadline);
            let rows = asker.find_lost(rows, Action::ReadRows).await;
            (rows, asker.find_lost(files, Action::ReadFiles).await)
        }
    });
    let found: Vec<(Found, Found)> = asked.buffer_unordered(AT_A_TIME).collect().await;
    for (rows, files) in found {
        verified.unknown += rows.unknown + files.unknown;
        verified.lost_rows.extend(rows.lost);
        verified.lost_files.extend(files.lost);
    }
    verified.lost_rows.sort_by_key(|lost| lost.at);
    verified.lost_files.sort_by_key(|lost| lost.at);
    verified
}

fn lost(name: String, kept: &Kept) -> Lost {
    Lost { name, at: kept.at }
}

fn of<N: Clone>(all: &BTreeMap<N, Kept>, account: u32) -> Vec<(N, Kept)> {
    let theirs = all.iter().filter(|(_, kept)| kept.account == account);
    theirs.map(|(name, kept)| (name.clone(), kept.clone())).collect()
}

#[derive(Default)]
struct Found {
    lost: Vec<Lost>,
    unknown: usize,
}

/// Somebody who asks what became of what they wrote.
struct Asker<'a> {
    shared: &'a Shared,
    browser: Browser,
    deadline: Instant,
}

impl<'a> Asker<'a> {
    fn new(shared: &'a Shared, account: u32, deadline: Instant) -> Self {
        let visit = Visit::new(shared.settings.accounts.of(account));
        Self { shared, browser: Browser::new(account, visit, 0), deadline }
    }

    async fn find_lost<N: Clone + ToString>(
        &mut self,
        all: Vec<(N, Kept)>,
        action: impl Fn(Vec<N>) -> Action,
    ) -> Found {
        let mut found = Found::default();
        for batch in all.chunks(self.shared.pages.batch()) {
            let names = batch.iter().map(|(name, _)| name.clone()).collect();
            let Some(there) = self.digests(&action(names)).await else {
                found.unknown += batch.len();
                continue;
            };
            let is_there =
                |name: &N, kept: &Kept| there.get(&name.to_string()) == Some(&kept.digest);
            let missing = batch.iter().filter(|(name, kept)| !is_there(name, kept));
            found.lost.extend(missing.map(|(name, kept)| lost(name.to_string(), kept)));
        }
        found
    }

    /// What is there, if the site says so in time.
    async fn digests(&mut self, action: &Action) -> Option<BTreeMap<String, String>> {
        loop {
            if self.enter().await.is_ok()
                && let Ok(Told::Digests(there)) = self.ask(action).await
            {
                return Some(there);
            }
            if Instant::now() >= self.deadline {
                return None;
            }
            self.browser.place = Place::Outside;
            sleep(PAUSE).await;
        }
    }

    /// Logs in, unless that is done, and reads what all else needs.
    async fn enter(&mut self) -> Result<(), Failure> {
        if self.browser.place == Place::Inside {
            return Ok(());
        }
        self.ask(&Action::LoginForm).await?;
        self.ask(&Action::Login).await?;
        for _ in 0..PAGES {
            self.ask(&Action::Read).await?;
            if self.shared.pages.has(Kind::WriteRow, &self.browser.visit) {
                break;
            }
        }
        self.browser.place = Place::Inside;
        Ok(())
    }

    async fn ask(&mut self, action: &Action) -> Result<Told, Failure> {
        let (ask, cookies) = self.browser.ask(self.shared.pages, action);
        let answer = self.shared.client.send(ask, cookies).await?;
        self.browser.told(self.shared.pages, action, &answer)
    }
}

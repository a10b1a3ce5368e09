//! [`Load`]: people who visit a site, at a rate that does not depend on how the site does.
//!
//! Requests are due at moments that are known beforehand (an open model), and none waits for another:
//! if all users wait for the site, further browsers are opened, as more people come. What a request
//! took counts from when it was due. So a site that hangs is not asked less often, which would make
//! its outage look short (coordinated omission).

mod browser;
mod client;
mod cookies;
mod error;
mod ledger;
mod random;
mod schedule;
mod settings;
mod verify;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::watch,
    task::{JoinError, JoinHandle, JoinSet},
    time::{Instant, sleep_until},
};

pub use error::LoadError;
pub use schedule::Spacing;
pub use settings::{Accounts, LoadSettings, digest};
pub use verify::{Lost, Verified};

pub(super) use client::{Answer, Ask};

use self::{
    browser::Browser, client::Client, cookies::Cookies, ledger::Ledger, schedule::Schedule,
};
use super::{
    Failure, Record,
    pages::{Pages, Visit},
};

/// Somebody who was logged in, and then was not; or whose session held something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LostSession {
    /// Whose it was: the number of a browser.
    pub browser: u32,
    /// When that was seen.
    pub at: Duration,
    /// When the session was changed last, as far as that was acknowledged.
    pub changed: Duration,
    /// Whether it was there, with another value.
    pub stale: bool,
}

/// All that the requests share.
struct Shared {
    client: Client,
    pages: &'static dyn Pages,
    settings: LoadSettings,
    began: Instant,
    book: Mutex<Book>,
}

#[derive(Default)]
struct Book {
    records: Vec<Record>,
    ledger: Ledger,
    lost: Vec<LostSession>,
    /// Who waits for nothing; whoever has waited longest is first. Those who came later than the
    /// users are asked only if all of these are busy.
    idle: VecDeque<Browser>,
    spare: Vec<Browser>,
    browsers: u32,
}

impl Shared {
    fn now(&self) -> Duration {
        self.began.elapsed()
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        // What is in it is whole at any moment.
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn somebody(&self) -> Browser {
        let mut book = self.book();
        if let Some(browser) = book.idle.pop_front().or_else(|| book.spare.pop()) {
            return browser;
        }
        let number = book.browsers;
        book.browsers += 1;
        Browser::new(number, Visit::new(self.settings.accounts.of(number)), self.settings.seed)
    }

    fn back(&self, browser: Browser) {
        let mut book = self.book();
        if browser.number < self.settings.users {
            book.idle.push_back(browser);
        } else {
            book.spare.push(browser);
        }
    }

    /// One request that was due at a moment.
    async fn visit(self: Arc<Self>, due: Duration) {
        let mut browser = self.somebody();
        let action = browser.next(self.pages);
        let sent = self.now();
        let failure = self.act(&mut browser, &action).await.err();
        let kind = action.kind();
        let record =
            Record { due, sent, ended: self.now(), kind, browser: browser.number, failure };
        self.book().records.push(record);
        self.back(browser);
    }

    async fn act(
        &self,
        browser: &mut Browser,
        action: &super::pages::Action,
    ) -> Result<(), Failure> {
        let (ask, cookies) = browser.ask(self.pages, action);
        let came = self.client.send(ask, cookies).await;
        let at = self.now();
        let changed = browser.changed;
        let taken = browser.take(self.pages, action, came, at);
        let mut book = self.book();
        match taken {
            Ok(Some(it)) => {
                let account = browser.number % self.settings.accounts.len();
                book.ledger.note(it, at, account);
            }
            Ok(None) => {}
            Err(failure) => {
                if matches!(failure, Failure::LostSession | Failure::WrongSession) {
                    let stale = failure == Failure::WrongSession;
                    book.lost.push(LostSession { browser: browser.number, at, changed, stale });
                }
                return Err(failure);
            }
        }
        Ok(())
    }
}

/// People who visit a site. Dropped, it ends at once.
pub struct Load {
    shared: Arc<Shared>,
    rate: watch::Sender<f64>,
    task: JoinHandle<()>,
}

impl std::fmt::Debug for Load {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Load").finish_non_exhaustive()
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Load {
    /// Begins.
    ///
    /// # Errors
    /// If the address is none, or nobody vouches for its certificate, or there is nobody to visit it.
    pub fn start(settings: LoadSettings) -> Result<Self, LoadError> {
        let (users, accounts, rate) = (settings.users, settings.accounts.len(), settings.rate);
        if users == 0 || accounts == 0 || !(rate.is_finite() && rate > 0.0) {
            return Err(LoadError::Nobody { users, accounts, rate });
        }
        let client = Client::new(&settings)?;
        let pages = settings.application.pages();
        let book = Mutex::new(Book::default());
        let shared = Arc::new(Shared { client, pages, settings, began: Instant::now(), book });
        for number in 0..users {
            let visit = Visit::new(shared.settings.accounts.of(number));
            let browser = Browser::new(number, visit, shared.settings.seed);
            shared.book().idle.push_back(browser);
        }
        shared.book().browsers = users;
        let (rate, told) = watch::channel(rate);
        let task = tokio::spawn(visits(Arc::clone(&shared), told));
        Ok(Self { shared, rate, task })
    }

    /// When it began.
    pub(super) fn began(&self) -> Instant {
        self.shared.began
    }

    /// How long ago it began.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.shared.now()
    }

    /// Changes how many requests are sent a second; what is no rate changes nothing.
    pub fn set_rate(&self, rate: f64) {
        if rate.is_finite() && rate > 0.0 {
            self.rate.send_replace(rate);
        }
    }

    /// Sends no more, waits for what is under way, and holds the site to what it acknowledged. It is
    /// asked for so long before what it can't tell counts as not there.
    pub async fn finish(mut self, patience: Duration) -> Verified {
        // What sends hears that nobody will change the rate any more, and ends.
        let (closed, _) = watch::channel(0.0);
        drop(std::mem::replace(&mut self.rate, closed));
        went_well((&mut self.task).await);
        verify::verify(&self.shared, patience).await
    }
}

/// Sends what is due until nobody holds the rate any more; then waits for what is under way.
async fn visits(shared: Arc<Shared>, mut rate: watch::Receiver<f64>) {
    let seed = shared.settings.seed;
    let mut schedule = Schedule::new(shared.settings.spacing, seed);
    let mut under_way = JoinSet::new();
    loop {
        let now = *rate.borrow_and_update();
        let due = schedule.next(now);
        let moment = shared.began + due;
        tokio::select! {
            biased;
            () = sleep_until(moment) => {}
            () = closed(&mut rate) => break,
        }
        under_way.spawn(Arc::clone(&shared).visit(due));
        while let Some(done) = under_way.try_join_next() {
            went_well(done);
        }
    }
    while let Some(done) = under_way.join_next().await {
        went_well(done);
    }
}

/// A panic in what was begun is one here.
fn went_well(done: Result<(), JoinError>) {
    if let Err(error) = done
        && error.is_panic()
    {
        std::panic::resume_unwind(error.into_panic());
    }
}

/// Waits until nobody holds the rate any more.
async fn closed(rate: &mut watch::Receiver<f64>) {
    while rate.changed().await.is_ok() {}
}

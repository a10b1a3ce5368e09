//! [`Record`]: one request of the load generator, and what came of it.

use std::time::Duration;

use serde::Serialize;

/// What somebody did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// Opened the form of the login.
    LoginForm,
    /// Sent it.
    Login,
    /// Read a page.
    Read,
    /// Read what they had written: the session, a row, or a file.
    ReadBack,
    /// Wrote a value into their session.
    WriteSession,
    /// Wrote a row of the database.
    WriteRow,
    /// Wrote a file.
    WriteFile,
    /// Logged out.
    Logout,
}

impl Kind {
    /// All of them, in the order of a report.
    pub const ALL: [Self; 8] = [
        Self::LoginForm,
        Self::Login,
        Self::Read,
        Self::ReadBack,
        Self::WriteSession,
        Self::WriteRow,
        Self::WriteFile,
        Self::Logout,
    ];

    /// What people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::LoginForm => "open the login",
            Self::Login => "log in",
            Self::Read => "read",
            Self::ReadBack => "read back",
            Self::WriteSession => "write session",
            Self::WriteRow => "write row",
            Self::WriteFile => "write file",
            Self::Logout => "log out",
        }
    }

    /// Whether it needs the database's writer.
    #[must_use]
    pub fn writes(self) -> bool {
        matches!(self, Self::WriteRow | Self::WriteFile)
    }
}

/// Why a request was no success.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Failure {
    /// Nobody took the connection.
    Connect,
    /// The connection broke before the answer was complete.
    Reset,
    /// There was no answer for as long as somebody waits.
    Timeout,
    /// The certificate is wrong, or TLS was refused.
    Tls,
    /// What came is no HTTP.
    Protocol,
    /// The answer says that something is wrong, by its code.
    Status(u16),
    /// The page has something else on it than it is to have.
    WrongContent,
    /// A login was refused that is right.
    LoginRefused,
    /// Somebody who had logged in was not known any more.
    LostSession,
    /// The session has a value that was not the last one written.
    WrongSession,
}

impl Failure {
    /// What people call it.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Connect => "no connection".to_owned(),
            Self::Reset => "connection reset".to_owned(),
            Self::Timeout => "timeout".to_owned(),
            Self::Tls => "TLS".to_owned(),
            Self::Protocol => "no HTTP".to_owned(),
            Self::Status(code) => format!("HTTP {code}"),
            Self::WrongContent => "wrong content".to_owned(),
            Self::LoginRefused => "login refused".to_owned(),
            Self::LostSession => "session lost".to_owned(),
            Self::WrongSession => "wrong session value".to_owned(),
        }
    }
}

/// One request. Times are since the load began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// When it was to be sent. What it took counts from here: a generator that is late hides nothing.
    pub due: Duration,
    /// When it was sent.
    pub sent: Duration,
    /// When it was over.
    pub ended: Duration,
    /// What it was.
    pub kind: Kind,
    /// Whose it was: the number of a browser.
    pub browser: u32,
    /// What went wrong, if something did.
    pub failure: Option<Failure>,
}

impl Record {
    /// How long somebody waited.
    #[must_use]
    pub fn took(&self) -> Duration {
        self.ended.saturating_sub(self.due)
    }

    /// Whether it was under way at a moment.
    #[must_use]
    pub fn is_under_way(&self, at: Duration) -> bool {
        self.sent <= at && at < self.ended
    }
}

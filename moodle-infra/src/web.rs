//! [`WebSettings`]: what a request to the site may be, said once for all that it passes through.

use infra_core::{Ipv4Net, prelude::*};

use crate::{SettingsError, balancer::IDLE};

/// What a request may be. Web server, PHP and sessions all keep to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebSettings {
    /// The largest file that can be uploaded.
    pub upload: MiB,
    /// How long a request may take; no longer than the balancer waits for an answer.
    pub longest_request: Seconds,
    /// Who may say, besides the balancer, from which address a request came: the ranges of the
    /// content delivery network in front of it. Anybody else could pretend to be anywhere.
    pub edge: Vec<Ipv4Net>,
}

/// Which folder of Moodle's code is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebRoot {
    /// `public/`, from Moodle 5.1 on.
    Public,
    /// All of it, before.
    Top,
}

impl WebRoot {
    /// Its path within the code.
    #[must_use]
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Public => "/public",
            Self::Top => "",
        }
    }
}

impl Default for WebSettings {
    /// Uploads of 100 MiB, which every edge lets pass, and as much time as the balancer gives.
    fn default() -> Self {
        Self { upload: MiB(100), longest_request: IDLE, edge: vec![] }
    }
}

/// What a form has besides its file, in MiB.
pub(crate) const FORM: u32 = 8;

/// The largest upload, in MiB: PHP keeps it on the disk of the instance until it has all of it.
const LARGEST_UPLOAD: u32 = 4096;

impl WebSettings {
    /// The largest request: an upload with the form around it.
    #[must_use]
    pub(crate) fn largest_request(&self) -> MiB {
        MiB(self.upload.0 + FORM)
    }

    /// # Errors
    /// If uploads are larger than a task has room for, a request may take longer than the balancer
    /// waits, or everybody may say where a request came from.
    pub(crate) fn check(&self) -> Result<(), SettingsError> {
        if !(1..=LARGEST_UPLOAD).contains(&self.upload.0) {
            return Err(SettingsError::Upload { upload: self.upload.0, most: LARGEST_UPLOAD });
        }
        if !(1..=IDLE.0).contains(&self.longest_request.0) {
            let seconds = self.longest_request.0;
            return Err(SettingsError::LongestRequest { seconds, most: IDLE.0 });
        }
        match self.edge.iter().find(|range| range.prefix_len() == 0) {
            Some(_) => Err(SettingsError::Edge),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_work_is_told() {
        let wrong = |change: fn(&mut WebSettings)| {
            let mut settings = WebSettings::default();
            change(&mut settings);
            settings.check().unwrap_err().to_string()
        };
        WebSettings::default().check().unwrap();
        assert_eq!(
            wrong(|it| it.upload = MiB(0)),
            "an upload of 0 MiB: give 1 to 4096, and no more than the edge lets pass"
        );
        assert_eq!(
            wrong(|it| it.longest_request = Seconds(301)),
            "a request of 301 s: give 1 to 300, for as long as the balancer waits for an answer"
        );
        assert_eq!(
            wrong(|it| it.edge = vec!["0.0.0.0/0".parse().unwrap()]),
            "0.0.0.0/0 as an edge lets everybody choose the address that they come from: \
             name the ranges of the content delivery network, or none"
        );
    }
}

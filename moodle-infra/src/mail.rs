//! [`Mail`]: how the site writes to people.

mod ses;

use email_address::EmailAddress;
use infra_core::{
    aws::{SecretArn, ecs::ContainerSecret},
    prelude::*,
};

pub use self::ses::{MailIdentity, MailRecord, MailZone, Ses};
use crate::{Domain, SettingsError};

/// How the site writes to people.
///
/// Without mail nobody can set a forgotten password, and no forum tells of an answer: a site that
/// people depend on has it.
#[derive(Clone, Debug, Default)]
pub enum Mail {
    /// Not at all: Moodle is told so, and tries nothing.
    #[default]
    None,
    /// Through a server that takes mail: the university's own, or a provider's.
    Smtp(Smtp),
    /// Through Amazon SES, which signs for the domain.
    Ses(Ses),
}

/// A server that takes mail.
///
/// ```
/// use infra_core::{aws::SecretArn, prelude::*};
/// use moodle_infra::{Mail, Smtp};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let login: SecretArn =
/// #     "arn:aws:secretsmanager:eu-central-1:123456789012:secret:mail-AbCdEf".parse()?;
/// let mail = Smtp::new("smtp.example.edu".parse()?, "noreply@example.edu")?.login(login);
/// let mail = Mail::Smtp(mail);
/// # let _ = mail;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Smtp {
    host: Domain,
    port: u16,
    from: EmailAddress,
    login: Option<Input<SecretArn>>,
}

impl Smtp {
    /// The port for mail that is handed in, with `STARTTLS`. RFC 6409.
    const SUBMISSION: u16 = 587;
    /// The port for mail that is handed in, with TLS from the first byte. RFC 8314.
    const SUBMISSIONS: u16 = 465;

    /// A server, which is spoken to on port 587 and with `STARTTLS`, and the address that mail is
    /// from.
    ///
    /// # Errors
    /// If that is no address.
    pub fn new(host: Domain, from: &str) -> Result<Self, SettingsError> {
        Ok(Self { host, port: Self::SUBMISSION, from: address(from)?, login: None })
    }

    /// TLS from the first byte, on port 465.
    #[must_use]
    pub fn tls(mut self) -> Self {
        self.port = Self::SUBMISSIONS;
        self
    }

    /// The secret that holds `username` and `password`, as JSON. Default: none is asked for.
    #[must_use]
    pub fn login(mut self, secret: impl IntoInput<SecretArn>) -> Self {
        self.login = Some(secret.into_input());
        self
    }
}

impl Mail {
    /// The port that tasks have to reach.
    pub(crate) fn port(&self) -> Option<u16> {
        match self {
            Self::None => None,
            Self::Smtp(smtp) => Some(smtp.port),
            Self::Ses(_) => Some(Smtp::SUBMISSION),
        }
    }

    /// The secret that ECS has to read.
    pub(crate) fn login(&self) -> Option<&Input<SecretArn>> {
        match self {
            Self::None => None,
            Self::Smtp(smtp) => smtp.login.as_ref(),
            Self::Ses(ses) => Some(&ses.login),
        }
    }

    /// What a container is given of it.
    pub(crate) fn secrets(&self) -> Vec<ContainerSecret> {
        let Some(login) = self.login() else { return vec![] };
        let part = |name, key| ContainerSecret::of_json(name, login.clone(), key);
        vec![part("SMTP_USER", "username"), part("SMTP_PASSWORD", "password")]
    }

    /// The lines of `config.php`, in a region.
    pub(crate) fn config(&self, region: &str) -> String {
        let (host, port, from) = match self {
            Self::None => return "$CFG->noemailever = true;\n".to_owned(),
            Self::Smtp(smtp) => (smtp.host.to_string(), smtp.port, &smtp.from),
            Self::Ses(ses) => (Ses::host(region), Smtp::SUBMISSION, &ses.from),
        };
        let from = php_string(from.as_str());
        // What Moodle calls TLS is STARTTLS.
        let secure = if port == Smtp::SUBMISSIONS { "ssl" } else { "tls" };
        let mut lines = format!(
            "$CFG->smtphosts = '{host}:{port}';\n\
             $CFG->smtpsecure = '{secure}';\n\
             $CFG->noreplyaddress = {from};\n"
        );
        if self.login().is_some() {
            lines += "$CFG->smtpauthtype = 'LOGIN';\n\
                      $CFG->smtpuser = getenv('SMTP_USER');\n\
                      $CFG->smtppass = getenv('SMTP_PASSWORD');\n";
        }
        lines
    }
}

/// # Errors
/// If a text is no address.
fn address(text: &str) -> Result<EmailAddress, SettingsError> {
    text.parse().map_err(|_| SettingsError::MailFrom { from: text.to_owned() })
}

/// A text as PHP writes it.
fn php_string(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REGION: &str = "eu-central-1";

    fn smtp(from: &str) -> Smtp {
        Smtp::new("smtp.example.edu".parse().unwrap(), from).unwrap()
    }

    #[test]
    fn a_server_is_told_with_and_without_login() {
        let open = Mail::Smtp(smtp("noreply@example.edu"));
        assert_eq!(
            open.config(REGION),
            "$CFG->smtphosts = 'smtp.example.edu:587';\n$CFG->smtpsecure = 'tls';\n\
             $CFG->noreplyaddress = 'noreply@example.edu';\n"
        );
        assert!(open.secrets().is_empty());
        let secret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:mail-AbCdEf";
        let known = Mail::Smtp(smtp("noreply@example.edu").tls().login(secret));
        let config = known.config(REGION);
        assert!(config.contains("'smtp.example.edu:465'") && config.contains("= 'ssl'"));
        assert!(config.contains("getenv('SMTP_PASSWORD')") && !config.contains("arn:"));
        assert_eq!(known.secrets().len(), 2);
    }

    #[test]
    fn an_address_stays_text_for_php() {
        let mail = Mail::Smtp(smtp("o'brien@example.edu"));
        assert!(
            mail.config(REGION).contains(r"= 'o\'brien@example.edu';"),
            "{}",
            mail.config(REGION)
        );
        assert_eq!(Mail::None.config(REGION), "$CFG->noemailever = true;\n");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for from in ["noreply", "@example.edu", "no reply@example.edu", ""] {
            let host = "smtp.example.edu".parse().unwrap();
            let error = Smtp::new(host, from).unwrap_err().to_string();
            assert!(error.contains(&format!("{from:?}")), "{error}");
        }
    }

    #[test]
    fn ses_is_that_of_the_region_and_sends_from_its_domain_alone() {
        let zone: infra_core::aws::HostedZoneId = "Z0123456789ABCDEFGHIJ".parse().unwrap();
        let secret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:mail-AbCdEf";
        let ses = |from| {
            let domain = "example.edu".parse().unwrap();
            Ses::new(domain, from, MailZone::route53(zone.clone()), secret)
        };
        let mail = Mail::Ses(ses("noreply@moodle.example.edu").unwrap());
        let config = mail.config(REGION);
        let host = "smtphosts = 'email-smtp.eu-central-1.amazonaws.com:587'";
        assert!(config.contains(host) && config.contains("'LOGIN'"), "{config}");
        assert_eq!((mail.port(), mail.secrets().len()), (Some(587), 2));
        let error = ses("noreply@example.org").unwrap_err().to_string();
        assert!(error.contains("noreply@example.org") && error.contains("of example.edu"));
    }
}

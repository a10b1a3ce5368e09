//! [`Mail`]: how the site writes to people.

use email_address::EmailAddress;
use infra_core::{
    aws::{SecretArn, ecs::ContainerSecret},
    prelude::*,
};

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
    /// Through a server that takes mail: the university's own, a provider's, or Amazon SES.
    Smtp(Smtp),
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
        let from = from.parse().map_err(|_| SettingsError::MailFrom { from: from.to_owned() })?;
        Ok(Self { host, port: Self::SUBMISSION, from, login: None })
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
        }
    }

    /// The secret that ECS has to read.
    pub(crate) fn login(&self) -> Option<&Input<SecretArn>> {
        match self {
            Self::None => None,
            Self::Smtp(smtp) => smtp.login.as_ref(),
        }
    }

    /// What a container is given of it.
    pub(crate) fn secrets(&self) -> Vec<ContainerSecret> {
        let Some(login) = self.login() else { return vec![] };
        let part = |name, key| ContainerSecret::of_json(name, login.clone(), key);
        vec![part("SMTP_USER", "username"), part("SMTP_PASSWORD", "password")]
    }

    /// The lines of `config.php`.
    pub(crate) fn config(&self) -> String {
        let smtp = match self {
            Self::None => return "$CFG->noemailever = true;\n".to_owned(),
            Self::Smtp(smtp) => smtp,
        };
        let (host, port) = (&smtp.host, smtp.port);
        let from = php_string(smtp.from.as_str());
        // What Moodle calls TLS is STARTTLS.
        let secure = if port == Smtp::SUBMISSIONS { "ssl" } else { "tls" };
        let mut lines = format!(
            "$CFG->smtphosts = '{host}:{port}';\n\
             $CFG->smtpsecure = '{secure}';\n\
             $CFG->noreplyaddress = {from};\n"
        );
        if smtp.login.is_some() {
            lines += "$CFG->smtpauthtype = 'LOGIN';\n\
                      $CFG->smtpuser = getenv('SMTP_USER');\n\
                      $CFG->smtppass = getenv('SMTP_PASSWORD');\n";
        }
        lines
    }
}

/// A text as PHP writes it.
fn php_string(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn smtp(from: &str) -> Smtp {
        Smtp::new("smtp.example.edu".parse().unwrap(), from).unwrap()
    }

    #[test]
    fn a_server_is_told_with_and_without_login() {
        let open = Mail::Smtp(smtp("noreply@example.edu"));
        assert_eq!(
            open.config(),
            "$CFG->smtphosts = 'smtp.example.edu:587';\n$CFG->smtpsecure = 'tls';\n\
             $CFG->noreplyaddress = 'noreply@example.edu';\n"
        );
        assert!(open.secrets().is_empty());
        let secret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:mail-AbCdEf";
        let known = Mail::Smtp(smtp("noreply@example.edu").tls().login(secret));
        let config = known.config();
        assert!(config.contains("'smtp.example.edu:465'") && config.contains("= 'ssl'"));
        assert!(config.contains("getenv('SMTP_PASSWORD')") && !config.contains("arn:"));
        assert_eq!(known.secrets().len(), 2);
    }

    #[test]
    fn an_address_stays_text_for_php() {
        let mail = Mail::Smtp(smtp("o'brien@example.edu"));
        assert!(mail.config().contains(r"= 'o\'brien@example.edu';"), "{}", mail.config());
        assert_eq!(Mail::None.config(), "$CFG->noemailever = true;\n");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for from in ["noreply", "@example.edu", "no reply@example.edu", ""] {
            let host = "smtp.example.edu".parse().unwrap();
            let error = Smtp::new(host, from).unwrap_err().to_string();
            assert!(error.contains(&format!("{from:?}")), "{error}");
        }
    }
}

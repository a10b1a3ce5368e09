//! [`Ses`]: mail by Amazon SES, from a domain that it signs for.

use email_address::EmailAddress;
use infra_core::{
    aws::{
        HostedZoneId, SecretArn,
        route53::{self, RecordType},
        ses::{
            ConfigurationSet, EmailIdentity, MailFromAttributes, SuppressedReason,
            SuppressionOptions,
        },
    },
    cloudflare::{ZoneId, dns},
    prelude::*,
};

use super::address;
use crate::{Domain, SettingsError};

/// Mail by Amazon SES, in the region of the site.
///
/// SES is spoken to by SMTP, with a login that is no part of the program: its password is made of an
/// access key, which would be a secret that lives for years in whatever has made it. Somebody with
/// the right to do so makes it once: in the console of SES, "SMTP settings", "Create SMTP
/// credentials" (a user of IAM who may `ses:SendRawEmail`), and puts user and password as JSON into
/// a secret of the region, before the site is made:
///
/// ```text
/// aws secretsmanager create-secret --name moodle-mail --secret-string \
///     '{"username": "AKIA…", "password": "…"}'
/// ```
///
/// A new account writes to addresses that are verified, until AWS has been asked for more
/// ("production access").
///
/// ```
/// use infra_core::{aws::{HostedZoneId, SecretArn}, prelude::*};
/// use moodle_infra::{Mail, MailZone, Ses};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let login: SecretArn =
/// #     "arn:aws:secretsmanager:eu-central-1:123456789012:secret:moodle-mail-AbCdEf".parse()?;
/// # let zone: HostedZoneId = "Z0123456789ABCDEFGHIJ".parse()?;
/// let zone = MailZone::route53(zone);
/// let ses = Ses::new("example.edu".parse()?, "noreply@example.edu", zone, login)?;
/// let mail = Mail::Ses(ses);
/// # let _ = mail;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Ses {
    domain: Domain,
    pub(super) from: EmailAddress,
    pub(super) login: Input<SecretArn>,
    zone: MailZone,
}

/// Who answers for the domain that mail is from.
#[derive(Clone, Debug)]
pub enum MailZone {
    /// Route 53.
    Route53(Input<HostedZoneId>),
    /// Cloudflare.
    Cloudflare(Input<ZoneId>),
}

impl MailZone {
    /// A zone of Route 53.
    pub fn route53(zone: impl IntoInput<HostedZoneId>) -> Self {
        Self::Route53(zone.into_input())
    }

    /// A zone of Cloudflare.
    pub fn cloudflare(zone: impl IntoInput<ZoneId>) -> Self {
        Self::Cloudflare(zone.into_input())
    }
}

impl Ses {
    /// Mail from an address of a domain, whose zone is told how to verify it, with the secret that
    /// holds `username` and `password` of SMTP, as JSON.
    ///
    /// # Errors
    /// If the address is none, or none of the domain.
    pub fn new(
        domain: Domain,
        from: &str,
        zone: MailZone,
        login: impl IntoInput<SecretArn>,
    ) -> Result<Self, SettingsError> {
        let from = address(from)?;
        let is_of = from.domain().parse::<Domain>().is_ok_and(|it| it.is_within(&domain));
        if !is_of {
            let (from, domain) = (from.to_string(), domain.to_string());
            return Err(SettingsError::MailDomain { from, domain });
        }
        Ok(Self { domain, from, login: login.into_input(), zone })
    }

    /// What takes mail in a region.
    pub(super) fn host(region: &str) -> String {
        format!("email-smtp.{region}.amazonaws.com")
    }
}

/// What SES and the domain's zone have to know before mail is sent.
#[derive(Clone, Debug)]
pub struct MailIdentity {
    /// The domain that mail is from.
    pub identity: EmailIdentity,
    /// The rules about what is sent: nobody is written to whose address does not exist, or who has
    /// called the mail unwanted.
    pub rules: ConfigurationSet,
    /// What verifies the domain, and where mail comes back to that can't be delivered.
    pub records: Vec<MailRecord>,
}

/// A record about mail.
#[derive(Clone, Copy, Debug)]
pub enum MailRecord {
    /// In a zone of Route 53.
    Route53(route53::Record),
    /// In a zone of Cloudflare.
    Cloudflare(dns::Record),
}

/// For how long resolvers keep what is said about mail.
const TTL: Seconds = Seconds(300);
/// SES may send for the domain that undeliverable mail comes back to.
const SENDERS: &str = "v=spf1 include:amazonses.com ~all";
/// There is one server for what comes back, so that its place among others is no matter.
const PREFERENCE: u16 = 10;

impl MailIdentity {
    /// The domain of a site's mail in a component of its own. `region` is that of the site.
    #[track_caller]
    pub fn create(stack: &Stack, name: &str, region: &Output<String>, ses: &Ses) -> Self {
        let stack = &stack.component(name);
        let unwanted = [SuppressedReason::Bounce, SuppressedReason::Complaint];
        let rules = ConfigurationSet::named("moodle")
            .reputation_metrics_enabled(true)
            .suppression_options(SuppressionOptions::new(unwanted))
            .create(stack);
        let returns = format!("bounces.{}", ses.domain);
        let identity = EmailIdentity::named("domain")
            .email_identity(ses.domain.as_str())
            .mail_from_attributes(MailFromAttributes::new(&returns))
            .configuration_set_name(rules.name())
            .create(stack);
        let zone = Place { stack, zone: &ses.zone };
        let names = identity.dkim_record_names().take::<3>();
        let values = identity.dkim_record_values().take::<3>();
        let mut records: Vec<MailRecord> = names
            .into_iter()
            .zip(values)
            .zip(1..)
            .map(|((name, value), place)| zone.alias(&format!("dkim-{place}"), name, value))
            .collect();
        let server = region.map(|region| format!("feedback-smtp.{region}.amazonses.com"));
        records.push(zone.server("bounces", &returns, server));
        records.push(zone.text("bounces-spf", &returns, SENDERS));
        Self { identity, rules, records }
    }
}

/// The zone that records go to.
struct Place<'a> {
    stack: &'a Stack,
    zone: &'a MailZone,
}

impl Place<'_> {
    fn alias(&self, name: &str, of: Output<String>, value: Output<String>) -> MailRecord {
        match self.zone {
            MailZone::Route53(zone) => self.at_route53(name, zone, of, RecordType::Cname, value),
            MailZone::Cloudflare(zone) => {
                self.at_cloudflare(name, zone, of, value.map(dns::RecordContentArgs::Cname))
            }
        }
    }

    fn server(&self, name: &str, of: &str, value: Output<String>) -> MailRecord {
        let of = Output::plain(of.to_owned());
        match self.zone {
            MailZone::Route53(zone) => {
                let value = value.map(|host| format!("{PREFERENCE} {host}"));
                self.at_route53(name, zone, of, RecordType::Mx, value)
            }
            MailZone::Cloudflare(zone) => {
                let content = value.map(|exchange| {
                    let to = dns::MxContentArgs { priority: PREFERENCE, exchange };
                    dns::RecordContentArgs::Mx(to)
                });
                self.at_cloudflare(name, zone, of, content)
            }
        }
    }

    fn text(&self, name: &str, of: &str, text: &str) -> MailRecord {
        let of = Output::plain(of.to_owned());
        match self.zone {
            MailZone::Route53(zone) => {
                let quoted = Output::plain(format!("\"{text}\""));
                self.at_route53(name, zone, of, RecordType::Txt, quoted)
            }
            MailZone::Cloudflare(zone) => {
                let content = Output::plain(dns::RecordContentArgs::Txt(text.to_owned()));
                self.at_cloudflare(name, zone, of, content)
            }
        }
    }

    fn at_route53(
        &self,
        name: &str,
        zone: &Input<HostedZoneId>,
        of: Output<String>,
        record_type: RecordType,
        value: Output<String>,
    ) -> MailRecord {
        let record = route53::Record::named(name)
            .hosted_zone_id(zone.clone())
            .name(of)
            .record_type(record_type)
            .ttl(TTL)
            .resource_records([value])
            .create(self.stack);
        MailRecord::Route53(record)
    }

    fn at_cloudflare(
        &self,
        name: &str,
        zone: &Input<ZoneId>,
        of: Output<String>,
        content: Output<dns::RecordContent>,
    ) -> MailRecord {
        let record = dns::Record::named(name)
            .zone_id(zone.clone())
            .name(of)
            .content(content)
            .ttl(TTL)
            .create(self.stack);
        MailRecord::Cloudflare(record)
    }
}

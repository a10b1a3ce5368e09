//! [`Edge`]: what stands between people and the balancer.

mod cloudflare;
mod cloudfront;
mod limits;
mod paths;

use infra_core::{
    aws::{PrefixListId, s3::Bucket},
    prelude::*,
};

pub use self::{
    cloudflare::{Cloudflare, CloudflareSettings},
    cloudfront::{CloudFront, CloudFrontSettings},
};
use crate::{Balancer, Domain, Front, SettingsError, WebSettings};

/// What stands between people and the balancer.
///
/// All of them speak TLS 1.2 at least, send HTTP to HTTPS, and tell the site from which address a
/// request came, which nobody can make up. An edge that is a service of its own also keeps floods
/// and attacks away and answers near people with what is the same for all of them; it alone reaches
/// the balancer then. Each has its bounds on how large a request is and how long it may take, and
/// the site's own [`WebSettings`] must keep to them.
///
/// A site goes from one to another while few are there: until resolvers have the new answer, people
/// come to where nobody lets them in any more.
///
/// ```
/// use infra_core::{cloudflare::{Plan, zones::Zone}, prelude::*};
/// use moodle_infra::{CloudflareSettings, Domain, Edge, Moodle, SiteCertificate};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let stack = Stack::new("campus", "test", Config::default())?;
/// let domain: Domain = "moodle.example.edu".parse()?;
/// let zone = Zone::lookup("site").name("example.edu").plan(Plan::Business).create(&stack);
/// let certificate =
///     SiteCertificate::in_cloudflare(&stack, "certificate", &domain, zone.zone_id());
/// let edge = CloudflareSettings::new("example.edu".parse()?, Plan::Business)
///     .campus(["192.0.2.0/24".parse()?]);
/// Moodle::named("campus")
///     .domain(domain)
///     .certificate(certificate.arn())
///     .edge(Edge::Cloudflare(edge))
///     .create(&stack)?;
/// # assert!(stack.finish().problems.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub enum Edge {
    /// Nothing: who is in these ranges reaches the balancer.
    Direct {
        /// Everybody (0.0.0.0/0), or the ranges of a campus.
        from: Vec<Ipv4Net>,
    },
    /// Cloudflare, in an account of its own.
    Cloudflare(CloudflareSettings),
    /// CloudFront with WAF, in the account of the site.
    CloudFront(CloudFrontSettings),
}

impl Default for Edge {
    /// Everybody reaches the balancer.
    fn default() -> Self {
        Self::Direct { from: vec![Ipv4Net::default()] }
    }
}

/// Who reaches the balancer.
#[derive(Clone, Debug)]
pub enum ReachedFrom {
    /// These ranges, by HTTPS, and by HTTP to be sent to HTTPS.
    Ranges(Vec<Ipv4Net>),
    /// The ranges of a prefix list, by HTTPS alone.
    List(Output<PrefixListId>),
}

impl ReachedFrom {
    /// The ranges, where they are known.
    pub(crate) fn ranges(&self) -> &[Ipv4Net] {
        match self {
            Self::Ranges(ranges) => ranges,
            Self::List(_) => &[],
        }
    }
}

/// An edge that stands.
#[derive(Clone, Debug)]
pub enum Standing {
    /// Cloudflare.
    Cloudflare(Box<Cloudflare>),
    /// CloudFront.
    CloudFront(Box<CloudFront>),
}

impl Edge {
    /// # Errors
    /// If the edge could not be as it is said.
    pub(crate) fn check(&self, domain: &Domain) -> Result<(), SettingsError> {
        match self {
            Self::Direct { .. } => Ok(()),
            Self::Cloudflare(settings) => settings.check(domain),
            Self::CloudFront(settings) => settings.check(),
        }
    }

    /// Whether somebody else than people asks the balancer.
    pub(crate) fn is_between(&self) -> bool {
        !matches!(self, Self::Direct { .. })
    }

    /// Whether it is reached by some ranges alone.
    pub(crate) fn is_for_some(&self) -> bool {
        match self {
            Self::Direct { from } => !from.contains(&Ipv4Net::default()),
            Self::Cloudflare(_) | Self::CloudFront(_) => false,
        }
    }

    /// What has to be there before the balancer is, in a component of its own.
    pub(crate) fn approach(&self, stack: &Stack, name: &str) -> Approach {
        match self {
            Self::Direct { from } => Approach::Direct(from.clone()),
            Self::Cloudflare(settings) => {
                Approach::Cloudflare(cloudflare::Lock::create(stack, name, settings))
            }
            Self::CloudFront(settings) => {
                Approach::CloudFront(cloudfront::Lock::create(stack, name, settings))
            }
        }
    }
}

/// What of an edge is there before the balancer is: by what it is locked to the edge.
pub(crate) enum Approach {
    Direct(Vec<Ipv4Net>),
    Cloudflare(cloudflare::Lock),
    CloudFront(cloudfront::Lock),
}

impl Approach {
    /// Who reaches the balancer.
    pub(crate) fn reached(&self) -> ReachedFrom {
        match self {
            Self::Direct(from) => ReachedFrom::Ranges(from.clone()),
            Self::Cloudflare(lock) => ReachedFrom::List(lock.list()),
            Self::CloudFront(lock) => ReachedFrom::List(lock.list()),
        }
    }

    /// Who may say, besides what stands in the network, from which address a request came.
    pub(crate) fn trusted(&self) -> Output<Vec<Ipv4Net>> {
        match self {
            // CloudFront asks by interfaces within the network.
            Self::Direct(_) | Self::CloudFront(_) => Output::plain(vec![]),
            Self::Cloudflare(lock) => lock.trusted(),
        }
    }

    /// How the balancer knows the edge. What it is told of authorities lies in a bucket.
    pub(crate) fn front(&mut self, bucket: &Bucket) -> Front {
        match self {
            Self::Direct(_) => Front::People,
            Self::Cloudflare(lock) => Front::Proved(lock.prove(bucket)),
            Self::CloudFront(_) => Front::Inside,
        }
    }

    /// The edge in front of the balancer.
    pub(crate) fn finish(
        self,
        domain: &Domain,
        balancer: &Balancer,
        web: &WebSettings,
    ) -> Option<Standing> {
        match self {
            Self::Direct(_) => None,
            Self::Cloudflare(lock) => {
                Some(Standing::Cloudflare(Box::new(lock.finish(domain, balancer, web))))
            }
            Self::CloudFront(lock) => {
                Some(Standing::CloudFront(Box::new(lock.finish(domain, balancer, web))))
            }
        }
    }
}

/// # Errors
/// If a campus would be everybody.
fn check_campus(campus: &[Ipv4Net]) -> Result<(), SettingsError> {
    match campus.iter().find(|range| range.prefix_len() == 0) {
        Some(_) => Err(SettingsError::Campus),
        None => Ok(()),
    }
}

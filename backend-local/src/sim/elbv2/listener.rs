//! What is special about a listener: protocol, certificates, and what goes with which.

use infra_core::{
    aws::elbv2::{self, LoadBalancerType as Kind, MutualAuthenticationMode as Mode, Protocol},
    dsl::ResourceType,
    schema::TypeDef,
    types::Seconds,
    value::Slot,
};

use super::action::{self, Place};
use crate::sim::{
    acm::certificate::check_issued,
    object::Object,
    refusal::{Codes, Refusal},
    special::{Asked, Special, of},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&Listener];

const CODES: Codes = Codes {
    not_found: "ListenerNotFound",
    not_ready: "InvalidConfigurationRequest",
    exists: "DuplicateListener",
    in_use: "ResourceInUse",
    quota: "TooManyListeners",
};
/// AWS: "Listeners per Application Load Balancer" and "per Network Load Balancer", adjustable.
const PER_BALANCER: usize = 50;
/// AWS: "Certificates per Application Load Balancer", adjustable, beside the default one.
const CERTIFICATES: usize = 25;

struct Listener;

impl Special for Listener {
    fn ty(&self) -> &'static TypeDef {
        elbv2::Listener::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let Some(protocol) = asked.get(elbv2::Listener::PROTOCOL) else { return Ok(()) };
        check_parts(asked, protocol)?;
        check_certificates(asked, protocol)?;
        check_policy(asked)?;
        check_mutual_authentication(asked)?;
        if let Some(Seconds(seconds)) = asked.get(elbv2::Listener::TCP_IDLE_TIMEOUT)
            && !(60..=6000).contains(&seconds)
        {
            let message = format!("`tcp_idle_timeout` {seconds} s must be between 60 and 6000 s");
            return refused("tcp_idle_timeout", "InvalidConfigurationRequest", message);
        }
        let Some(balancer) = asked.referenced(elbv2::Listener::LOAD_BALANCER_ARN) else {
            return Ok(());
        };
        check_balancer(asked, balancer, protocol)?;
        let actions = asked.get(elbv2::Listener::DEFAULT_ACTIONS).unwrap_or_default();
        action::check(asked, &Place { property: "default_actions", protocol, balancer }, &actions)
    }
}

fn refused(property: &str, code: &str, message: impl Into<String>) -> Result<(), Refusal> {
    Err(Refusal::invalid(property, code, message))
}

/// What only listeners of some protocols have.
fn check_parts(asked: &Asked<'_>, protocol: Protocol) -> Result<(), Refusal> {
    type L = elbv2::Listener;
    let parts: [(&str, Slot, &[Protocol]); 6] = [
        ("ssl_policy", L::SSL_POLICY.slot, &[Protocol::Https, Protocol::Tls]),
        ("alpn_policy", L::ALPN_POLICY.slot, &[Protocol::Tls]),
        ("mutual_authentication", L::MUTUAL_AUTHENTICATION.slot, &[Protocol::Https]),
        ("response_headers", L::RESPONSE_HEADERS.slot, &[Protocol::Http, Protocol::Https]),
        ("server_header", L::SERVER_HEADER.slot, &[Protocol::Http, Protocol::Https]),
        ("tcp_idle_timeout", L::TCP_IDLE_TIMEOUT.slot, &[Protocol::Tcp, Protocol::Tls]),
    ];
    for (name, slot, protocols) in parts {
        if !asked.inputs.get(slot).is_null() && !protocols.contains(&protocol) {
            let protocols: Vec<&str> = protocols.iter().map(|protocol| protocol.as_str()).collect();
            let message = format!(
                "`{name}` can't be given for protocol {protocol}, only for {}",
                protocols.join(" and ")
            );
            return refused(name, "InvalidConfigurationRequest", message);
        }
    }
    Ok(())
}

fn check_certificates(asked: &Asked<'_>, protocol: Protocol) -> Result<(), Refusal> {
    let certificates = asked.get(elbv2::Listener::CERTIFICATES).unwrap_or_default();
    if protocol.is_tls() && certificates.is_empty() {
        let message = format!(
            "`certificates` is empty; a listener of protocol {protocol} needs a certificate"
        );
        return refused("certificates", "ValidationError", message);
    }
    if !protocol.is_tls() && !certificates.is_empty() {
        let message = format!("`certificates` can't be given for protocol {protocol}");
        return refused("certificates", "ValidationError", message);
    }
    if certificates.len() > CERTIFICATES + 1 {
        let quota = Refusal::quota("certificates of a load balancer", CERTIFICATES);
        return Err(quota.coded("TooManyCertificates"));
    }
    for certificate in &certificates {
        let arn = certificate.as_str();
        asked.check_region("certificates", "certificate", arn, "CertificateNotFound")?;
    }
    let mut seen = std::collections::BTreeSet::new();
    if let Some(twice) = certificates.iter().find(|it| !seen.insert(it.as_str())) {
        let message = format!("`certificates` names {twice} twice");
        return refused("certificates", "ValidationError", message);
    }
    certificates.iter().try_for_each(|certificate| {
        check_issued(asked.world, "certificates", certificate, "UnsupportedCertificate")
    })
}

/// AWS has dozens of policies, and makes new ones; all of them begin in one of these ways.
fn check_policy(asked: &Asked<'_>) -> Result<(), Refusal> {
    let Some(policy) = asked.get(elbv2::Listener::SSL_POLICY) else { return Ok(()) };
    let known = ["TLS13-1-", "TLS-1-", "FS-", "2016-08", "2015-05"];
    let name = policy.strip_prefix("ELBSecurityPolicy-");
    if name.is_some_and(|name| known.iter().any(|known| name.starts_with(known))) {
        return Ok(());
    }
    let message = format!(
        "`ssl_policy` {policy} does not exist; policies are called such as \
         ELBSecurityPolicy-TLS13-1-2-2021-06"
    );
    refused("ssl_policy", "SSLPolicyNotFound", message)
}

fn check_mutual_authentication(asked: &Asked<'_>) -> Result<(), Refusal> {
    let Some(mutual) = asked.get(elbv2::Listener::MUTUAL_AUTHENTICATION) else { return Ok(()) };
    let verifies = mutual.mode == Mode::Verify;
    if verifies && mutual.trust_store_arn.is_none() {
        let message = "`mutual_authentication.trust_store_arn` is needed to verify certificates";
        return refused("mutual_authentication", "ValidationError", message);
    }
    let given = [
        ("trust_store_arn", mutual.trust_store_arn.is_some()),
        ("ignore_client_certificate_expiry", mutual.ignore_client_certificate_expiry.is_some()),
        ("advertise_trust_store_ca_names", mutual.advertise_trust_store_ca_names.is_some()),
    ];
    match given.into_iter().find(|(_, given)| *given && !verifies) {
        Some((name, _)) => {
            let message = format!(
                "`mutual_authentication.{name}` goes with the mode verify, not {}",
                mutual.mode
            );
            refused("mutual_authentication", "ValidationError", message)
        }
        None => Ok(()),
    }
}

fn check_balancer(asked: &Asked<'_>, balancer: &Object, protocol: Protocol) -> Result<(), Refusal> {
    let kind = of(balancer, elbv2::LoadBalancer::LOAD_BALANCER_TYPE).unwrap_or(Kind::Application);
    if protocol.is_http() != (kind == Kind::Application) {
        let theirs = match kind {
            Kind::Application => "HTTP and HTTPS",
            Kind::Network => "TCP, TLS, UDP and TCP_UDP",
        };
        let message =
            format!("`protocol` {protocol}: a load balancer of type {kind} listens to {theirs}");
        return refused("protocol", "UnsupportedProtocol", message);
    }
    let there = asked.world.all(asked.ty.name, asked.scope);
    let there = there.filter(|other| other.text("load_balancer_arn") == &*balancer.id).count();
    if asked.old.is_none() && there >= PER_BALANCER {
        let quota = Refusal::quota("listeners of a load balancer", PER_BALANCER);
        return Err(quota.in_words_of(Some(&CODES)));
    }
    Ok(())
}

//! What is special about a set of addresses: that they are of its kind, and not all there are.

use infra_core::{
    aws::{
        IpSetArn,
        wafv2::{self, IpAddressVersion, Scope},
    },
    dsl::ResourceType,
    schema::TypeDef,
    types::IpNet,
    value::PropertiesBuilder,
};

use super::web_acl::{CODES, check_description, check_place, identity, refused};
use crate::sim::{
    refusal::{Codes, Refusal},
    special::{Asked, Special, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&IpSet];

/// AWS: "Maximum number of IP addresses in CIDR notation" of a set.
const ADDRESSES: usize = 10_000;

struct IpSet;

type S = wafv2::IpSet;

impl Special for IpSet {
    fn ty(&self) -> &'static TypeDef {
        S::definition()
    }

    fn codes(&self) -> Option<&'static Codes> {
        Some(&CODES)
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Maximum number of IP sets", of a region; adjustable.
        Some(100)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        check_place(asked, asked.get(S::SCOPE).unwrap_or(Scope::Regional))?;
        check_description(asked.get(S::DESCRIPTION))?;
        let addresses = asked.get(S::ADDRESSES).unwrap_or_default();
        if addresses.len() > ADDRESSES {
            let quota = Refusal::quota("ranges of a set of addresses", ADDRESSES);
            return Err(quota.in_words_of(Some(&CODES)));
        }
        let Some(version) = asked.get(S::IP_ADDRESS_VERSION) else { return Ok(()) };
        for net in &addresses {
            let fits = matches!(
                (net, version),
                (IpNet::V4(_), IpAddressVersion::Ipv4) | (IpNet::V6(_), IpAddressVersion::Ipv6)
            );
            if !fits {
                let message = format!("`addresses` {net} is no range of {version}");
                return refused("addresses", message);
            }
            if net.prefix_len() == 0 {
                let message = format!("`addresses` {net} is all addresses; write halves of it");
                return refused("addresses", message);
            }
        }
        Ok(())
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        if asked.old.is_some() {
            return;
        }
        let name = asked.get(S::NAME).unwrap_or_default();
        let scope = asked.get(S::SCOPE).unwrap_or(Scope::Regional);
        let (arn, id) = identity(asked, "ipset", scope, &name);
        tell(outputs, S::ARN, IpSetArn::parse(&arn).expect("it is made in the form of one"));
        tell(outputs, S::IP_SET_ID, id);
    }
}

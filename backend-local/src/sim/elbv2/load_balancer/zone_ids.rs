//! The hosted zones that load balancers' names are in.

use infra_core::aws::elbv2::LoadBalancerType as Kind;

use crate::sim::identity::digits;

/// Region, zone of application load balancers, zone of network load balancers. From AWS's General
/// Reference, "Elastic Load Balancing endpoints and quotas".
const ZONE_IDS: [(&str, &str, &str); 16] = [
    ("ap-northeast-1", "Z14GRHDCWA56QT", "Z31USIVHYNEOWT"),
    ("ap-northeast-2", "ZWKZPGTI48KDX", "ZIBE1TIR4HY56"),
    ("ap-south-1", "ZP97RAFLXTNZK", "ZVDDRBQ08TROA"),
    ("ap-southeast-1", "Z1LMS91P8CMLE5", "ZKVM4W9LS7TM"),
    ("ap-southeast-2", "Z1GM3OXH4ZPM65", "ZCT6FZBF4DROD"),
    ("ca-central-1", "ZQSVJUPU6J1EY", "Z2EPGBW3API2WT"),
    ("eu-central-1", "Z215JYRZR1TBD5", "Z3F0SRJ5LGBH90"),
    ("eu-north-1", "Z23TAZ6LKFMNIO", "Z1UDT6IFJ4EJM"),
    ("eu-west-1", "Z32O12XQLNTSW2", "Z2IFOLAFXWLO4F"),
    ("eu-west-2", "ZHURV8PSTC4K8", "ZD4D7Y8KGAS4G"),
    ("eu-west-3", "Z3Q77PNBQS71R4", "Z1CMS0P5QUZ6D5"),
    ("sa-east-1", "Z2P70J7HTTTPLU", "ZTK26PT1VY4CU"),
    ("us-east-1", "Z35SXDOTRQ7X7K", "Z26RNL4JYFTOTI"),
    ("us-east-2", "Z3AADJGX6KTTL2", "ZLMOA37VPKANP"),
    ("us-west-1", "Z368ELLRRE2KJ0", "Z24FKFUX50B4VW"),
    ("us-west-2", "Z1H1FL5HABSF5", "Z18D5FSROUN65G"),
];

/// The zone of a kind of load balancer in a region; made up where the table has none.
pub(super) fn zone_id(kind: Kind, region: &str) -> String {
    let known = ZONE_IDS.iter().find(|(name, ..)| *name == region);
    match (known, kind) {
        (Some((_, application, _)), Kind::Application) => (*application).to_owned(),
        (Some((.., network)), Kind::Network) => (*network).to_owned(),
        (None, _) => format!("Z{}", digits(&format!("{region}/{kind}"), 0, 13).to_uppercase()),
    }
}

/// Whether a zone is one of load balancers.
pub(in crate::sim) fn is_zone_of_balancers(id: &str) -> bool {
    ZONE_IDS.iter().any(|(_, application, network)| [application, network].contains(&&id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_a_zone_of_its_own_in_every_region() {
        assert_eq!(zone_id(Kind::Application, "eu-central-1"), "Z215JYRZR1TBD5");
        assert_eq!(zone_id(Kind::Network, "eu-central-1"), "Z3F0SRJ5LGBH90");
        assert_ne!(zone_id(Kind::Application, "xx-1"), zone_id(Kind::Network, "xx-1"));
    }
}

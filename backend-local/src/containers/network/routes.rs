//! The routes of this machine: ranges that a network of ours must not have.

use std::{io::ErrorKind, net::Ipv4Addr};

use ipnet::Ipv4Net;

use super::{error::NetworkError, range::Taken};

const ROUTES: &str = "/proc/net/route";

/// A route of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Route {
    pub(super) range: Ipv4Net,
    over: String,
    /// Whether it is over the bridge of a network of Docker.
    pub(super) is_of_docker: bool,
}

impl Route {
    /// What it means for ranges.
    pub(super) fn taken(self) -> Taken {
        Taken { range: self.range, by: format!("a route of this machine over {}", self.over) }
    }
}

/// The ranges that this machine has routes to. Elsewhere than on Linux Docker runs in a machine of its
/// own, whose routes are those of its networks.
pub(super) async fn routes() -> Result<Vec<Route>, NetworkError> {
    match tokio::fs::read_to_string(ROUTES).await {
        Ok(text) => Ok(read(&text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(vec![]),
        Err(source) => Err(NetworkError::Routes { path: ROUTES, source }),
    }
}

/// A line for each route: the interface, the destination, six others, the mask. Numbers are hexadecimal
/// and in the machine's order of bytes.
fn read(text: &str) -> Vec<Route> {
    let routes = text.lines().skip(1).filter_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let number = |at: usize| {
            let number = u32::from_str_radix(words.get(at)?, 16).ok()?;
            Some(Ipv4Addr::from(number.to_ne_bytes()))
        };
        let range = Ipv4Net::with_netmask(number(1)?, number(7)?).ok()?;
        let over = (*words.first()?).to_owned();
        // Docker names a bridge by the first letters of its network's id.
        let id = over.strip_prefix("br-").filter(|id| id.len() == 12);
        let is_of_docker = id.is_some_and(|id| id.bytes().all(|letter| letter.is_ascii_hexdigit()));
        // The default route leads to whatever nobody here has.
        (range.prefix_len() > 0).then_some(Route { range, over, is_of_docker })
    });
    routes.collect()
}

#[cfg(test)]
#[cfg(target_endian = "little")]
mod tests {
    use super::*;

    #[test]
    fn the_default_route_is_in_nobodys_way() {
        let text = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n\
                    eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n\
                    tun0\t0000080A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n\
                    br-86a585a17126\t0000810A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n";
        let routes = read(text);
        assert_eq!(routes.len(), 2);
        assert_eq!(routes[0].range.to_string(), "10.8.0.0/16");
        assert!(!routes[0].is_of_docker && routes[1].is_of_docker);
        let by = routes[0].clone().taken().by;
        assert_eq!(by, "a route of this machine over tun0");
    }
}

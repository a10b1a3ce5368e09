//! [`Layout`]: how a range of addresses is divided between zones and layers.

use infra_core::Ipv4Net;

use crate::SettingsError;

/// How a range of addresses is divided.
///
/// Each zone gets a quarter, so that a further zone moves nothing. Half of a quarter is for
/// instances and tasks, a quarter of it for what is public, and an eighth for data; the last
/// eighth stays free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The zones' ranges, in order.
    pub zones: Vec<ZoneLayout>,
}

/// The ranges of one zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZoneLayout {
    /// Of the public subnet.
    pub public: Ipv4Net,
    /// Of the app subnet.
    pub app: Ipv4Net,
    /// Of the data subnet.
    pub data: Ipv4Net,
}

impl Layout {
    /// Divides a range between zones.
    ///
    /// ```
    /// use moodle_infra::Layout;
    ///
    /// let layout = Layout::new("10.0.0.0/16".parse().unwrap(), 3).unwrap();
    /// assert_eq!(layout.zones[1].app.to_string(), "10.0.64.0/19");
    /// assert_eq!(layout.zones[1].public.to_string(), "10.0.96.0/20");
    /// assert_eq!(layout.zones[1].data.to_string(), "10.0.112.0/21");
    /// ```
    ///
    /// # Errors
    /// If the range is not a /16 to /22, or there are not 2 to 4 zones.
    pub fn new(cidr: Ipv4Net, zones: u8) -> Result<Self, SettingsError> {
        if !(16..=22).contains(&cidr.prefix_len()) {
            return Err(SettingsError::Range { cidr });
        }
        if !(2..=4).contains(&zones) {
            return Err(SettingsError::Zones { zones });
        }
        let quarters = parts(cidr, 2).into_iter().take(usize::from(zones));
        Ok(Self { zones: quarters.map(ZoneLayout::new).collect() })
    }
}

impl ZoneLayout {
    fn new(quarter: Ipv4Net) -> Self {
        let (halves, eighths) = (parts(quarter, 1), parts(quarter, 3));
        Self { app: halves[0], public: parts(quarter, 2)[2], data: eighths[6] }
    }
}

/// All parts of a range that is halved a number of times.
fn parts(range: Ipv4Net, halvings: u8) -> Vec<Ipv4Net> {
    let parts = range.subnets(range.prefix_len() + halvings);
    parts.expect("a range of 32 addresses or more can be halved").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_lie_within_the_whole_and_apart() {
        for prefix in 16..=22 {
            let whole: Ipv4Net = format!("172.16.0.0/{prefix}").parse().unwrap();
            let layout = Layout::new(whole, 4).unwrap();
            let all: Vec<Ipv4Net> =
                layout.zones.iter().flat_map(|zone| [zone.public, zone.app, zone.data]).collect();
            for (index, range) in all.iter().enumerate() {
                assert!(whole.contains(range));
                // A balancer needs at least eight free addresses in a /27.
                assert!(range.prefix_len() <= 27);
                let apart = |other: &Ipv4Net| !range.contains(other) && !other.contains(range);
                assert!(all[..index].iter().all(apart), "{range}");
            }
        }
    }

    #[test]
    fn a_further_zone_moves_nothing() {
        let whole: Ipv4Net = "10.0.0.0/16".parse().unwrap();
        let (three, four) = (Layout::new(whole, 3).unwrap(), Layout::new(whole, 4).unwrap());
        assert_eq!(three.zones, four.zones[..3]);
    }

    #[test]
    fn what_does_not_suffice_is_told() {
        let small = Layout::new("10.0.0.0/24".parse().unwrap(), 3).unwrap_err();
        assert_eq!(
            small.to_string(),
            "the network's range 10.0.0.0/24 is no /16 to /22: take one such as 10.0.0.0/20"
        );
        let one = Layout::new("10.0.0.0/16".parse().unwrap(), 1).unwrap_err();
        assert_eq!(one.to_string(), "1 availability zones: a site needs 2 to 4, to survive one");
    }
}

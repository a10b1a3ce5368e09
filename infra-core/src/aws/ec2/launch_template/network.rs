//! Network interfaces of instances.

use crate::{
    aws::{NetworkInterfaceId, SecurityGroupId, SubnetId},
    prelude::*,
    props,
};

/// A network interface of an instance: a new one, or one that exists.
#[props]
pub struct NetworkInterfaceSpecification {
    /// Its place, from 0. Default: 0. AWS: `DeviceIndex`.
    #[prop(default = 0)]
    pub device_index: u32,
    /// The network card, of types that have several. Default: 0. AWS: `NetworkCardIndex`.
    #[prop(default = 0)]
    pub network_card_index: u32,
    /// An existing interface, which excludes whatever describes a new one. Default: none. AWS:
    /// `NetworkInterfaceId`.
    pub network_interface_id: Option<NetworkInterfaceId>,
    /// The subnet. Default: whoever starts the instance says. AWS: `SubnetId`.
    pub subnet_id: Option<SubnetId>,
    /// The security groups. Default: the VPC's default group. AWS: `Groups`.
    pub groups: Option<Vec<SecurityGroupId>>,
    /// Whether it gets a public address; only for a first and only interface. Default: that of the
    /// subnet. AWS: `AssociatePublicIpAddress`.
    pub associate_public_ip_address: Option<bool>,
    /// Whether it goes with the instance. Default: true. AWS: `DeleteOnTermination`.
    #[prop(default = true)]
    pub delete_on_termination: bool,
    /// What it is for. Default: none. AWS: `Description`.
    pub description: Option<String>,
    /// What kind of interface it is. Default: the usual one. AWS: `InterfaceType`.
    #[prop(default = InterfaceType::Interface)]
    pub interface_type: InterfaceType,
    /// The primary address, where a single instance is started. Default: AWS chooses. AWS:
    /// `PrivateIpAddress`.
    pub private_ip_address: Option<Ipv4Addr>,
    /// All addresses one by one, one of them primary. Default: AWS chooses. AWS:
    /// `PrivateIpAddresses`.
    pub private_ip_addresses: Option<Vec<PrivateIpAddressSpecification>>,
    /// How many secondary addresses AWS chooses. Default: none. AWS:
    /// `SecondaryPrivateIpAddressCount`.
    pub secondary_private_ip_address_count: Option<u32>,
    /// How many ranges of 16 addresses AWS chooses, for containers with addresses of their own.
    /// Default: none. AWS: `Ipv4PrefixCount`.
    pub ipv4_prefix_count: Option<u32>,
    /// How long idle connections are remembered. Default: AWS's times. AWS:
    /// `ConnectionTrackingSpecification`.
    pub connection_tracking_specification: Option<ConnectionTrackingSpecification>,
}

impl NetworkInterfaceSpecification {
    /// An interface that exists, and stays when the instance goes.
    pub fn existing(interface: impl IntoInput<NetworkInterfaceId>) -> Self {
        Self::new().network_interface_id(interface).delete_on_termination(false)
    }
}

/// What kind of interface it is.
#[props(words = "lower")]
pub enum InterfaceType {
    /// The usual kind.
    Interface,
    /// With remote access to memory, for computing clusters.
    Efa,
}

/// An address of a network interface.
#[props]
pub struct PrivateIpAddressSpecification {
    /// The address. AWS: `PrivateIpAddress`.
    pub private_ip_address: Ipv4Addr,
    /// Whether it is the primary one. Default: false. AWS: `Primary`.
    #[prop(default = false)]
    pub primary: bool,
}

/// How long idle connections are remembered by the security groups.
#[props]
pub struct ConnectionTrackingSpecification {
    /// Open TCP connections, 60 to 432,000 seconds. Default: 432,000, five days; 350 on the
    /// newest types. AWS: `TcpEstablishedTimeout`.
    pub tcp_established_timeout: Option<Seconds>,
    /// UDP with answers in both directions, 60 to 180 seconds. Default: 180. AWS:
    /// `UdpStreamTimeout`.
    pub udp_stream_timeout: Option<Seconds>,
    /// UDP with one packet or one direction, 30 to 60 seconds. Default: 30. AWS: `UdpTimeout`.
    pub udp_timeout: Option<Seconds>,
}

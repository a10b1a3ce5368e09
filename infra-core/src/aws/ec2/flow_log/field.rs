//! What a line of a flow log may have.

use crate::props;

/// A field of a line of a flow log. AWS: `${version}` and so on.
#[props(words = "kebab")]
pub enum FlowLogField {
    /// The version of the fields.
    Version,
    /// The account of the interface.
    AccountId,
    /// The interface.
    InterfaceId,
    /// The address that sent, or that of the interface.
    Srcaddr,
    /// The address that got it, or that of the interface.
    Dstaddr,
    /// The port that sent.
    Srcport,
    /// The port that got it.
    Dstport,
    /// The number of the protocol: 6 for TCP.
    #[prop("protocol")]
    ProtocolNumber,
    /// How many packets.
    Packets,
    /// How many bytes.
    Bytes,
    /// When the first packet came, in seconds.
    Start,
    /// When the last packet came, in seconds.
    End,
    /// Whether it was let through.
    #[prop("action")]
    Verdict,
    /// Whether something is missing.
    LogStatus,
    /// The VPC.
    #[prop("vpc-id")]
    OfVpc,
    /// The subnet.
    #[prop("subnet-id")]
    OfSubnet,
    /// The instance, if it is one of the account.
    #[prop("instance-id")]
    OfInstance,
    /// What was seen of the handshake, as a number.
    TcpFlags,
    /// IPv4, IPv6 or EFA.
    Type,
    /// The address that sent, behind a gateway too.
    PktSrcaddr,
    /// The address that got it, behind a gateway too.
    PktDstaddr,
    /// The region.
    Region,
    /// The zone, by id.
    AzId,
    /// What kind of place beside zones.
    SublocationType,
    /// The place beside zones.
    SublocationId,
    /// The service of AWS that sent.
    PktSrcAwsService,
    /// The service of AWS that got it.
    PktDstAwsService,
    /// Whether it came in or went out.
    FlowDirection,
    /// Which way it went out, as a number.
    TrafficPath,
    /// The cluster of the task, by ARN.
    EcsClusterArn,
    /// The cluster of the task, by name.
    EcsClusterName,
    /// The container instance of the task, by ARN.
    EcsContainerInstanceArn,
    /// The container instance of the task.
    EcsContainerInstanceId,
    /// The first container of the task.
    EcsContainerId,
    /// The second container of the task.
    EcsSecondContainerId,
    /// The service of the task.
    EcsServiceName,
    /// The definition of the task, by ARN.
    EcsTaskDefinitionArn,
    /// The task, by ARN.
    EcsTaskArn,
    /// The task.
    EcsTaskId,
    /// Why it was refused.
    RejectReason,
}

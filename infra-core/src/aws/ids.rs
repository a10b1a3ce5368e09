//! The ids, names and ARNs that AWS resources refer to each other by, by service.
//!
//! The target is the type that the id names; empty for what a program can't make.

crate::ids! {
    // ec2
    /// The id of a network ACL.
    NetworkAclId: hex "acl-" => "";
    /// The id of a route table.
    RouteTableId: hex "rtb-" => "aws:ec2:RouteTable";
    /// The id of a security group.
    SecurityGroupId: hex "sg-" => "aws:ec2:SecurityGroup";
    /// The id of a subnet.
    SubnetId: hex "subnet-" => "aws:ec2:Subnet";
    /// The id of a VPC.
    VpcId: hex "vpc-" => "aws:ec2:Vpc";
}

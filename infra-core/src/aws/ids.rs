//! The ids, names and ARNs that AWS resources refer to each other by.

crate::ids! {
    /// The id of a VPC.
    VpcId: hex "vpc-" => "aws:ec2:Vpc";
    /// The id of a subnet.
    SubnetId: hex "subnet-" => "aws:ec2:Subnet";
    /// The id of a security group.
    SecurityGroupId: hex "sg-" => "aws:ec2:SecurityGroup";
}

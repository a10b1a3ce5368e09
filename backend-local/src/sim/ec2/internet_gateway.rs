//! What is special about an internet gateway: it can't leave its VPC while addresses are mapped.

use infra_core::{aws::ec2, dsl::ResourceType, schema::TypeDef, value::Slot};

use crate::sim::{
    World,
    network::public_addresses,
    object::Object,
    refusal::Refusal,
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&InternetGateway];

struct InternetGateway;

impl Special for InternetGateway {
    fn ty(&self) -> &'static TypeDef {
        ec2::InternetGateway::definition()
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Internet gateways per Region", raised together with that of VPCs.
        Some(5)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let Some(old) = asked.old else { return Ok(()) };
        if asked.inputs.get(ec2::InternetGateway::VPC_ID.slot).as_str() == Some(old.text("vpc_id"))
        {
            return Ok(());
        }
        may_detach(asked.world, old)
    }

    fn check_delete(&self, _: &World, object: &Object) -> Result<(), Refusal> {
        match object.text("vpc_id") {
            "" => Ok(()),
            vpc => Err(Refusal::in_use(&object.id, vec![format!("Vpc {vpc} (vpc_id)")])),
        }
    }

    fn check_detach(&self, world: &World, object: &Object, _: Slot) -> Result<(), Refusal> {
        may_detach(world, object)
    }
}

/// Whether a gateway can leave its VPC: not while public addresses are mapped there.
fn may_detach(world: &World, gateway: &Object) -> Result<(), Refusal> {
    let vpc = gateway.text("vpc_id");
    let mapped = public_addresses(world, &gateway.scope, vpc);
    if vpc.is_empty() || mapped.is_empty() {
        return Ok(());
    }
    let refusal = Refusal::in_use(&gateway.id, mapped);
    let message =
        format!("network {vpc} has mapped public addresses, which must be released first");
    Err(Refusal { message, ..refusal })
}

//! What is special about a security group: its names, and the default one of each VPC.

use infra_core::{aws::ec2, dsl::ResourceType, schema::TypeDef};

use crate::sim::{
    World,
    object::Object,
    refusal::Refusal,
    special::{Asked, Special},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&SecurityGroup];

struct SecurityGroup;

impl Special for SecurityGroup {
    fn ty(&self) -> &'static TypeDef {
        ec2::SecurityGroup::definition()
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "VPC security groups per Region", adjustable.
        Some(2500)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        if let Some(text) = asked.get(ec2::SecurityGroup::GROUP_DESCRIPTION) {
            check_description("group_description", &text)?;
        }
        let Some(name) = asked.get(ec2::SecurityGroup::GROUP_NAME) else { return Ok(()) };
        let reserved = name.eq_ignore_ascii_case("default");
        if reserved || name.to_ascii_lowercase().starts_with("sg-") {
            let message = format!(
                "`group_name` {name} is reserved; it may neither be `default` nor begin with `sg-`"
            );
            return Err(Refusal::invalid("group_name", "InvalidParameterValue", message));
        }
        Ok(())
    }

    fn check_delete(&self, _: &World, object: &Object) -> Result<(), Refusal> {
        if object.implicit {
            let message =
                format!("`{}` is the default group of its VPC and goes with it alone", object.id);
            return Err(Refusal::invalid("group_id", "CannotDelete", message));
        }
        Ok(())
    }
}

/// The texts that AWS takes for a group's or rule's description.
pub(super) fn check_description(property: &str, text: &str) -> Result<(), Refusal> {
    const ALSO: &str = " ._-:/()#,@[]+=&;{}!$*";
    let refused = |message| Err(Refusal::invalid(property, "InvalidParameterValue", message));
    let length = text.chars().count();
    if length > 255 {
        return refused(format!("`{property}` has {length} characters; 255 are allowed"));
    }
    let allowed = |character: &char| character.is_ascii_alphanumeric() || ALSO.contains(*character);
    match text.chars().find(|character| !allowed(character)) {
        Some(bad) => refused(format!(
            "`{property}` {text:?} contains {bad:?}; allowed are letters of English, digits, \
             spaces and {}",
            ALSO.trim_start()
        )),
        None => Ok(()),
    }
}

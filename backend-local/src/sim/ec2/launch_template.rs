//! What is special about a launch template: its versions, and what goes together in its data.

pub(super) mod check;
mod groups;
pub(super) mod volume;

use infra_core::{
    aws::ec2,
    dsl::ResourceType,
    schema::TypeDef,
    value::{PropertiesBuilder, Slot},
};

use crate::sim::{
    refusal::Refusal,
    special::{Asked, Special, of, tell},
};

pub(in crate::sim) const SPECIALS: [&dyn Special; 1] = [&LaunchTemplate];

struct LaunchTemplate;

/// AWS: "Versions per launch template", adjustable.
const VERSIONS: u64 = 10_000;

impl Special for LaunchTemplate {
    fn ty(&self) -> &'static TypeDef {
        ec2::LaunchTemplate::definition()
    }

    fn quota(&self) -> Option<usize> {
        // AWS: "Launch templates per Region", adjustable.
        Some(5000)
    }

    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        if let Some(name) = asked.get(ec2::LaunchTemplate::LAUNCH_TEMPLATE_NAME) {
            check_name(&name)?;
        }
        if let Some(text) = asked.get(ec2::LaunchTemplate::VERSION_DESCRIPTION) {
            let length = text.chars().count();
            if length > 255 {
                let message =
                    format!("`version_description` has {length} characters; 255 are allowed");
                let code = "InvalidParameterValue";
                return Err(Refusal::invalid("version_description", code, message));
            }
        }
        if version(asked) > VERSIONS {
            return Err(Refusal::quota("versions of a launch template", VERSIONS as usize));
        }
        match asked.get(ec2::LaunchTemplate::LAUNCH_TEMPLATE_DATA) {
            Some(data) => {
                let checked = check::data(&data).and_then(|()| groups::check(asked, &data));
                checked.map_err(|wrong| wrong.of("launch_template_data"))
            }
            None => Ok(()),
        }
    }

    fn outputs(&self, asked: &Asked<'_>, outputs: &mut PropertiesBuilder) {
        let version = version(asked).to_string();
        tell(outputs, ec2::LaunchTemplate::LATEST_VERSION_NUMBER, version.clone());
        tell(outputs, ec2::LaunchTemplate::DEFAULT_VERSION_NUMBER, version);
    }
}

/// The version that there is after what was asked: another one where it is about the data.
fn version(asked: &Asked<'_>) -> u64 {
    let Some(old) = asked.old else { return 1 };
    let latest = of(old, ec2::LaunchTemplate::LATEST_VERSION_NUMBER);
    let latest: u64 = latest.and_then(|latest| latest.parse().ok()).unwrap_or(1);
    let changes = |slot: Slot| asked.inputs.get(slot) != old.inputs.get(slot);
    let new = changes(ec2::LaunchTemplate::LAUNCH_TEMPLATE_DATA.slot)
        || changes(ec2::LaunchTemplate::VERSION_DESCRIPTION.slot);
    latest + u64::from(new)
}

fn check_name(name: &str) -> Result<(), Refusal> {
    let length = name.chars().count();
    let allowed =
        |character: char| character.is_ascii_alphanumeric() || "().-/_".contains(character);
    if (3..=128).contains(&length) && name.chars().all(allowed) {
        return Ok(());
    }
    let message =
        format!("`launch_template_name` {name}: 3 to 128 letters, digits and ().-/_ are allowed");
    let code = "InvalidLaunchTemplateName.MalformedException";
    Err(Refusal::invalid("launch_template_name", code, message))
}

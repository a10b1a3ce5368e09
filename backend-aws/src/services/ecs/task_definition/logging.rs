//! Where containers write what they say, for AWS and back.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_ecs::types as sdk;
use infra_core::aws::ecs::{FirelensConfigurationArgs, LogConfigurationArgs};

use super::{
    super::{unless_empty, word},
    container, container_seen,
};

fn options(args: &BTreeMap<String, String>) -> Option<HashMap<String, String>> {
    Some(args.clone().into_iter().collect()).filter(|_| !args.is_empty())
}

fn options_seen(told: Option<&HashMap<String, String>>) -> BTreeMap<String, String> {
    told.cloned().unwrap_or_default().into_iter().collect()
}

pub(super) fn log(args: &LogConfigurationArgs) -> sdk::LogConfiguration {
    let secrets = args.secret_options.iter().map(container::secret).collect();
    sdk::LogConfiguration::builder()
        .log_driver(args.log_driver.as_str().into())
        .set_options(options(&args.options))
        .set_secret_options(unless_empty(secrets))
        .build()
        .expect("the driver is there")
}

pub(super) fn log_seen(told: &sdk::LogConfiguration) -> Option<LogConfigurationArgs> {
    Some(LogConfigurationArgs {
        log_driver: word(told.log_driver().as_str())?,
        options: options_seen(told.options()),
        secret_options: container_seen::all(told.secret_options(), container_seen::secret)?,
    })
}

pub(super) fn router(args: &FirelensConfigurationArgs) -> sdk::FirelensConfiguration {
    sdk::FirelensConfiguration::builder()
        .r#type(args.router_type.as_str().into())
        .set_options(options(&args.options))
        .build()
        .expect("the type is there")
}

pub(super) fn router_seen(told: &sdk::FirelensConfiguration) -> Option<FirelensConfigurationArgs> {
    Some(FirelensConfigurationArgs {
        router_type: word(told.r#type().as_str())?,
        options: options_seen(told.options()),
    })
}

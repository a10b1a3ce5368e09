//! Typed configuration.

use infra_core::{
    dsl::{ConfigEntry, ConfigErrorKind},
    prelude::*,
};

#[test]
fn values_are_typed_and_missing_ones_told() {
    let mut config = Config::default();
    config.set("zones", ConfigEntry::Text("2".to_owned()));
    config.set("password", ConfigEntry::Secret(Secret::new("hush".to_owned())));
    let stack = Stack::new("campus", "test", config).unwrap();
    assert_eq!(stack.config::<u8>("zones"), Ok(2));
    assert_eq!(stack.config_or("size", 4_u8), Ok(4));
    assert_eq!(stack.config::<Secret<String>>("password").unwrap().expose(), "hush");
    let missing = stack.config::<String>("domain").unwrap_err();
    assert_eq!(missing.kind, ConfigErrorKind::Missing);
    assert!(missing.help().contains("--config domain=<value>"));
    assert!(missing.at.file().ends_with("config.rs"), "{}", missing.at);
}

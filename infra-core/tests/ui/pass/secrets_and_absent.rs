//! Secrets stay secret through whatever is computed, and what may be absent has ways of its own.

use infra_core::{
    aws::{ec2::Vpc, secretsmanager},
    local::RandomPassword,
    prelude::*,
};

fn main() {
    let stack = Stack::new("campus", "test", Config::default()).unwrap();
    let password = RandomPassword::named("database").create(&stack);
    let url: Output<Secret<String>> =
        password.password().map(|password| Secret::new(format!("db://{}", password.expose())));
    secretsmanager::Secret::named("url").secret_string(&url).create(&stack);
    secretsmanager::Secret::named("plain").secret_string("known").create(&stack);
    assert_eq!(format!("{:?}", Secret::new("hush")), "[secret]");
    let range: Output<Option<Ipv4Net>> = Output::plain(None);
    Vpc::named("main").cidr_block(range.unwrap_or("10.0.0.0/16")).create(&stack);
    let program = stack.finish();
    assert!(program.problems.is_empty(), "{:?}", program.problems);
}

//! Secrets, printed and compared with text.

use infra_core::{local::RandomPassword, prelude::*};

fn main() {
    let stack = Stack::new("campus", "test", Config::default()).unwrap();
    let password: Secret<String> = stack.config("password").unwrap();
    println!("{password}");
    let made = RandomPassword::named("database").create(&stack);
    println!("{}", made.password());
}

//! MySQL with replicas: it serves, and goes on when parts of it die.

mod failures;
mod world;

//! MySQL with replicas: it serves, and goes on when parts of it die.

mod copies;
mod failures;
mod world;

//! The account as people look at it and change it behind the engine's back.

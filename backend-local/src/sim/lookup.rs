//! Lookups of the simulated account. Filled by the catalogue's lookups.

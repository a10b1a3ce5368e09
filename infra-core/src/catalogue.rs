//! `catalogue!`: the modules of a provider's catalogue and the list of its types.

/// Declares the modules of a catalogue and the list of its types, in the module that it stands in:
/// a block for each service, in it a line for each file, with the types that it registers.
macro_rules! catalogue {
    ($($(#[$doc:meta])* $service:ident { $($file:ident $(: $($ty:ident),+)?;)* })*) => {
        $(
            $(#[$doc])*
            pub mod $service {
                $(mod $file; pub use $file::*;)*
            }
        )*

        /// All types of the catalogue.
        #[must_use]
        pub fn types() -> Vec<&'static $crate::schema::TypeDef> {
            use $crate::dsl::ResourceType as _;
            vec![$($($($($service::$ty::definition(),)+)?)*)*]
        }
    };
}
pub(crate) use catalogue;

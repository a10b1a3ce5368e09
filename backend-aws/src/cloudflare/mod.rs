//! Cloudflare, by its API v4.
//!
//! Its types stand beside those of AWS: the same traits, with [`Cloudflare`] as what asks. To add
//! one, write its file (copy one of the same service) and add one line to `services!`.

mod api;
mod backend;
mod codes;
mod options;

use std::sync::Arc;

use infra_core::{handler::Registry, value::Slot};

use crate::{once::LookedUp, resource::Served};

pub(crate) use api::{Ask, Cloudflare, Needs};
pub use backend::{CloudflareBackend, CloudflarePlace};
pub(crate) use backend::{check, registered};
pub use options::CloudflareOptions;
pub(crate) use options::Factory;

/// Declares the modules of the services and registers what is in them, as that of AWS does.
macro_rules! services {
    ($($service:ident { $($kind:ident $file:ident: $handler:ident;)* })*) => {
        $(
            #[doc = concat!("`cloudflare:", stringify!($service), "`.")]
            mod $service {
                $(mod $file; pub(super) use $file::$handler;)*
            }
        )*

        /// Adds the handlers of all types.
        fn add_all(registry: &mut Registry, factory: &Arc<Factory>) {
            $($(services!(@add $kind registry, factory, $service::$handler);)*)*
        }
    };
    (@add resource $registry:ident, $factory:ident, $handler:path) => {
        $registry.add(
            Served::<$handler, Cloudflare>::ty(),
            Arc::new(Served::<$handler, Cloudflare>::new($factory)),
        )
    };
    (@add lookup $registry:ident, $factory:ident, $handler:path) => {
        $registry.add(
            LookedUp::<$handler, Cloudflare>::ty(),
            Arc::new(LookedUp::<$handler, Cloudflare>::new($factory)),
        )
    };
}

services! {
    dns {
        resource record: Record;
    }
    ips {
        lookup address_ranges: AddressRanges;
    }
    origin_tls {
        resource authenticated_origin_pulls: AuthenticatedOriginPulls;
        resource certificate: Certificate;
    }
    rulesets {
        resource ruleset: Ruleset;
    }
    zones {
        resource settings: Settings;
        lookup zone: Zone;
    }
}

/// A property of a request that is a text.
fn text(request: &infra_core::handler::Request, slot: Slot) -> &str {
    request.inputs.get(slot).as_str().unwrap_or_default()
}

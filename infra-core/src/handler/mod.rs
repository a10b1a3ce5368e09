//! How resources come about: the contract between the engine and backends.
//!
//! A backend implements [`Handler`] for each type of resource ([`LookupHandler`], [`TaskHandler`]
//! for the others), puts them into a [`Registry`], and offers that as a [`Backend`]. The engine
//! sees only [`DynHandler`], which the typed ones become by themselves.
//!
//! ```text
//! create:  (journal) allocate (journal) configure poll… (journal)
//! update:  (journal) update poll… (journal)
//! delete:  (journal) delete read… (journal)
//! crash:   find, read
//! ```

mod agent;
mod answer;
mod backend;
mod context;
mod drills;
mod erased;
mod error;
mod needs;
mod registry;
mod remote;
mod request;
mod typed;

pub use agent::{Agent, AgentStatus, AgentThing};
pub use answer::{Allocated, Deletion, Found, Listed, Observed, Polled, Progress};
pub use backend::{Account, AccountObject, Backend, BackendError, Endpoints, Place, PlaceRequest};
pub use context::{Cancel, Context, Note};
pub use drills::{DrillInfo, DrillListener, DrillReport, DrillRun, Drills, People, Upgrade};
pub use erased::{BoxFuture, DynHandler};
pub use error::{Certainty, HandlerError, Problem};
pub use needs::{Need, On, Phases, When};
pub use registry::Registry;
pub use remote::{Remote, RemoteRequest};
pub use request::{Ownership, Request};
pub use typed::{
    Handler, LookupAdapter, LookupHandler, ResourceAdapter, TaskAdapter, TaskHandler, TypedRequest,
};

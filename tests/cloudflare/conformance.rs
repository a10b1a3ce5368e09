//! What every type must do.

use infra_core::{
    graph::Program,
    handler::{Backend, Found, Problem, Request},
    schema::TypeKind,
};
use infra_tests::{
    conformance::{Case, Variant, cases},
    deployed::Deployed,
    world::program,
};

use tokio::task::JoinSet;

use crate::server::{Server, TOKEN};

fn built(case: &Case, variant: &Variant) -> Program {
    let built = program(|stack| (case.build)(stack, variant));
    assert_eq!(built.problems, [], "{}", (case.ty)().name);
    built
}

/// Deployed, it stays as it is: a second run changes nothing, and Cloudflare says what it was told.
async fn settled(world: &Deployed, program: &Program) -> Result<(), String> {
    world.up(program).await?;
    let again = world.preview(program).await?;
    if !again.is_empty() {
        return Err(format!("an unchanged program would change {:?}", again.changes));
    }
    let refreshed = world.refresh().await?;
    let drift: Vec<String> =
        refreshed.drift.iter().map(|it| format!("{}: {:?}", it.urn, it.kind)).collect();
    if drift.is_empty() { Ok(()) } else { Err(drift.join("; ")) }
}

/// A request about the resource that a case is about.
async fn subject(world: &Deployed, case: &Case) -> Result<Request, String> {
    let ty = (case.ty)();
    let state = world.state().await;
    let mut all = state.iter();
    let record = all.find(|(_, it)| it.ty.name() == ty.name && it.urn.name() == "subject");
    let (_, record) = record.ok_or("there is no subject")?;
    Deployed::request(&state, record).ok_or_else(|| "a record of no type".to_owned())
}

/// A creation whose answer was lost is found again. Settings are not made: they are always there.
async fn found(world: &Deployed, case: &Case) -> Result<(), String> {
    let mut request = subject(world, case).await?;
    let id = std::mem::replace(&mut request.id, "".into());
    let handler = world.handler(request.ty.name).unwrap();
    let is_made = request.ty.name != "cloudflare:zones:Settings";
    match handler.find(&world.context(), &request).await {
        Ok(Found::Here(allocated)) if allocated.id == id && is_made => Ok(()),
        Ok(Found::NotYetCertain { .. }) if !is_made => Ok(()),
        other => Err(format!("{id} was made, and looking for it comes to {other:?}")),
    }
}

/// What is gone is not there, and deleting it again harms nothing.
async fn deleted(server: &Server, world: &Deployed, case: &Case) -> Result<(), String> {
    let request = subject(world, case).await?;
    world.destroy().await?;
    let handler = world.handler(request.ty.name).unwrap();
    match handler.read(&world.context(), &request).await {
        Ok(None) => {}
        other => return Err(format!("it is read after its deletion: {other:?}")),
    }
    let again = handler.delete(&world.context(), &request).await;
    let is_sound = again.as_ref().map_or_else(|error| error.problem == Problem::NotFound, |_| true);
    if !is_sound {
        return Err(format!("deleting what is gone comes to {again:?}"));
    }
    nothing_is_left(server)
}

/// Looked at without any handler.
fn nothing_is_left(server: &Server) -> Result<(), String> {
    let left = server.account(|account| account.inventory());
    if left.values().all(|count| *count == 0) { Ok(()) } else { Err(format!("left are {left:?}")) }
}

/// What is not kept, by clause.
#[derive(Default)]
struct Broken(Vec<String>);

impl Broken {
    fn keep(&mut self, clause: &str, result: Result<(), String>) {
        self.0.extend(result.err().map(|why| format!("{clause}: {why}")));
    }
}

/// The clauses of the program as it is.
async fn check_base(case: &'static Case) -> Broken {
    let mut broken = Broken::default();
    let server = Server::start().await;
    let world = server.deployed();
    let program = built(case, &Variant::base());
    broken.keep("create", settled(&world, &program).await);
    if (case.ty)().kind == TypeKind::Resource {
        broken.keep("found", found(&world, case).await);
        broken.keep("deleted", deleted(&server, &world, case).await);
    }
    broken
}

/// The clauses of a change of one property.
async fn check_change(case: &'static Case, property: &'static str) -> Broken {
    let mut broken = Broken::default();
    let server = Server::start().await;
    let world = server.deployed();
    let before = world.up(&built(case, &Variant::base())).await;
    broken.keep(&format!("before {property}"), before.map(drop));
    let changed = built(case, &Variant::of(property));
    broken.keep(&format!("update {property}"), settled(&world, &changed).await);
    broken.keep(&format!("destroy after {property}"), world.destroy().await);
    broken.keep(&format!("left after {property}"), nothing_is_left(&server));
    broken
}

/// All cases of a type at once, each on a server of its own: most of the time they wait.
async fn conformance(wanted: &str) {
    let mut checks = JoinSet::new();
    for case in cases().into_iter().filter(|case| (case.ty)().name == wanted) {
        checks.spawn(check_base(case));
        let base = Variant::base();
        built(case, &base);
        for property in base.seen() {
            checks.spawn(check_change(case, property));
        }
    }
    assert!(!checks.is_empty(), "{wanted} has no case");
    let broken: Vec<String> = checks.join_all().await.into_iter().flat_map(|it| it.0).collect();
    assert!(broken.is_empty(), "{}:\n{}", broken.len(), broken.join("\n"));
}

/// A test for each type.
macro_rules! types {
    ($($test:ident: $name:literal,)*) => {
        $(
            #[tokio::test]
            async fn $test() {
                conformance($name).await;
            }
        )*

        /// The types that have tests.
        const TYPES: &[&str] = &[$($name),*];
    };
}

types! {
    record: "cloudflare:dns:Record",
    address_ranges: "cloudflare:ips:AddressRanges",
    authenticated_origin_pulls: "cloudflare:origin_tls:AuthenticatedOriginPulls",
    certificate: "cloudflare:origin_tls:Certificate",
    ruleset: "cloudflare:rulesets:Ruleset",
    settings: "cloudflare:zones:Settings",
    zone: "cloudflare:zones:Zone",
}

#[tokio::test]
async fn every_type_of_the_catalogue_has_a_handler_and_a_test() {
    let server = Server::start().await;
    let backend = server.backend(Some(TOKEN));
    let without = infra_core::cloudflare::types()
        .into_iter()
        .map(|ty| ty.name)
        .filter(|name| backend.registry().get(name).is_none() || !TYPES.contains(name));
    assert_eq!(without.collect::<Vec<_>>(), [""; 0]);
}

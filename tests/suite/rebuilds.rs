//! A state that was lost is made anew.

use std::collections::BTreeMap;

use infra_core::{
    aws::{
        ec2::{RouteTable, RouteTableAssociation, Subnet, Vpc},
        iam::{PolicyDocument, Role, RolePolicy, Statement},
    },
    engine::{EngineError, RebuildOptions, Rebuilt},
    graph::Program,
    state::{Record, State, store::MemoryStore},
};
use infra_tests::world::{World, program};

use crate::moodle::site;

fn network(subnets: &[&str]) -> Program {
    program(|stack| {
        let vpc = Vpc::named("main").cidr_block("10.0.0.0/16").create(stack);
        let table = RouteTable::named("private").vpc_id(&vpc).create(stack);
        for (number, name) in subnets.iter().enumerate() {
            let subnet = Subnet::named(*name)
                .vpc_id(&vpc)
                .cidr_block(format!("10.0.{number}.0/24").as_str())
                .create(stack);
            RouteTableAssociation::named(*name)
                .subnet_id(&subnet)
                .route_table_id(&table)
                .create(stack);
        }
        let role = Role::named("host")
            .assume_role_policy_document(PolicyDocument::assumed_by_service("ec2.amazonaws.com"))
            .create(stack);
        RolePolicy::named("host")
            .role_name(&role)
            .policy_name("read")
            .policy_document(PolicyDocument::new([Statement::allow()
                .actions(["s3:GetObject"])
                .resources(["*"])]))
            .create(stack);
        stack.output("vpc", vpc.vpc_id());
    })
}

/// The state is lost; the account is what it was.
fn lost(world: World) -> World {
    World { store: MemoryStore::new(), ..world }
}

async fn rebuilt(world: &World, program: &Program) -> Rebuilt {
    world.engine().rebuild(program, &RebuildOptions::default()).await.unwrap()
}

/// What a record says, apart from what nobody but the state knows: places, times, tokens of what
/// carries no tags.
fn said(state: &State, record: &Record) -> String {
    let names: Vec<String> = record
        .deps
        .iter()
        .map(|dep| format!("{} {} {:?}", state.record(dep.target).urn, dep.slot, dep.kind))
        .collect();
    let has_tags = record.ty.known().is_some_and(|ty| ty.tags.is_some());
    let told = has_tags.then_some((&record.stable, &record.token));
    let mut deps = names;
    deps.sort();
    format!(
        "{} {} {:?} {:?} {:?} {:?} {:?} {:?}",
        record.id,
        state.provider(record),
        record.status,
        record.protect,
        record.inputs,
        record.outputs,
        told,
        deps,
    )
}

fn all(state: &State) -> BTreeMap<String, String> {
    state.iter().map(|(_, record)| (record.urn.to_string(), said(state, record))).collect()
}

#[tokio::test]
async fn a_network_is_found_by_its_tags_and_keys() {
    let world = World::default();
    let program = network(&["a", "b"]);
    world.up(&program).await;
    let before = world.state().await;
    let world = lost(world);
    let rebuilt = rebuilt(&world, &program).await;
    assert_eq!((rebuilt.lost, rebuilt.others), (vec![], vec![]));
    assert_eq!(rebuilt.found.len(), before.len());
    let after = world.state().await;
    assert_eq!(all(&after), all(&before));
    assert_eq!(after.outputs, before.outputs);
    let lineage = |state: &State| state.place.as_ref().unwrap().lineage.clone();
    assert_eq!(lineage(&after), lineage(&before));
    // No token is derived again.
    assert!(after.epoch > before.epoch);
    assert!(world.preview(&program).await.is_empty());
    world.destroy().await;
    assert_eq!(world.objects().len(), 0);
}

#[tokio::test]
async fn what_the_program_does_not_have_any_more_goes() {
    let world = World::default();
    world.up(&network(&["a", "b"])).await;
    let world = lost(world);
    let smaller = network(&["a"]);
    let rebuilt = rebuilt(&world, &smaller).await;
    let others: Vec<&str> = rebuilt.others.iter().map(|urn| urn.short()).collect();
    assert_eq!(others, ["aws:ec2:Subnet/b"]);
    // The association had no tags, and goes with its subnet.
    world.up(&smaller).await;
    world.assert_in_step("after a rebuild").await;
    assert_eq!(world.all::<Subnet>().len(), 1);
}

#[tokio::test]
async fn a_state_that_is_there_is_not_lost() {
    let world = World::default();
    let program = network(&["a"]);
    world.up(&program).await;
    let before = all(&world.state().await);
    let refused = world.engine().rebuild(&program, &RebuildOptions::default()).await.unwrap_err();
    assert!(matches!(refused, EngineError::StateExists { records: 6 }), "{refused}");
    let options = RebuildOptions { force: true, ..RebuildOptions::default() };
    world.engine().rebuild(&program, &options).await.unwrap();
    assert_eq!(all(&world.state().await), before);
}

#[tokio::test]
async fn without_tags_nothing_is_found() {
    let world = World::default();
    let program = network(&["a"]);
    let refused = world.engine().rebuild(&program, &RebuildOptions::default()).await.unwrap_err();
    assert!(matches!(refused, EngineError::NothingCarries { .. }), "{refused}");
    // Nothing is left behind: the stack can be deployed.
    world.up(&program).await;
}

#[tokio::test]
async fn two_lost_states_of_one_stack_are_told_apart() {
    let world = World::default();
    world.up(&network(&["a"])).await;
    let first = world.state().await;
    let world = lost(world);
    let vpc = || {
        program(|stack| {
            Vpc::named("main").cidr_block("10.1.0.0/16").create(stack);
        })
    };
    world.up(&vpc()).await;
    let world = lost(world);
    let refused = world.engine().rebuild(&vpc(), &RebuildOptions::default()).await.unwrap_err();
    let EngineError::SeveralCarry { marks, .. } = refused else { panic!("{refused}") };
    assert_eq!(marks.len(), 2);
    let mark = first.place.as_ref().unwrap().lineage.to_string();
    assert!(marks.contains(&mark));
    let options = RebuildOptions { mark: Some(mark), ..RebuildOptions::default() };
    world.engine().rebuild(&network(&["a"]), &options).await.unwrap();
    assert_eq!(all(&world.state().await), all(&first));
}

#[tokio::test]
async fn production_is_known_again_up_to_what_is_named() {
    let world = World::default();
    let program = &site(&[]);
    world.up(program).await;
    let before = world.state().await;
    let world = lost(world);
    let rebuilt = rebuilt(&world, program).await;
    let after = world.state().await;
    let wholly: Vec<&str> =
        rebuilt.lost.iter().filter(|lost| lost.wholly).map(|lost| lost.urn.short()).collect();
    let named: Vec<&str> = rebuilt.lost.iter().map(|lost| lost.urn.short()).collect();
    for (_, record) in before.iter() {
        let short = record.urn.short();
        let Some(place) = after.find(&record.urn) else {
            assert!(wholly.contains(&short), "{short} is lost and not named");
            continue;
        };
        if named.contains(&short) {
            continue;
        }
        let again = after.record(place);
        assert_eq!(again.id, record.id, "{short}");
        assert_eq!(again.inputs, record.inputs, "{short}");
        assert_eq!(again.outputs, record.outputs, "{short}");
    }
    let preview = world.preview(program).await;
    let surprising: Vec<String> = preview
        .changes
        .iter()
        .filter(|change| !named.contains(&change.urn.short()))
        .map(|change| format!("{change:?}"))
        .collect();
    assert_eq!(surprising, [""; 0]);
    let lost: Vec<String> =
        rebuilt.lost.iter().map(|lost| format!("{}  {}", lost.urn.short(), lost.why)).collect();
    insta::assert_snapshot!(lost.join("\n"));
}

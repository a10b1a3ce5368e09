//! The sandbox example on servers that somebody else wrote: it comes up, stays, and goes without a
//! trace. Its bucket is at another one than the rest: moto's S3 does not say in AWS's words whether a
//! bucket keeps versions.

use infra_core::graph::Program;
use infra_tests::world::configured;

use crate::{
    inventory::site,
    server::{Kind, Server},
    world::AwsWorld,
};

#[allow(dead_code)]
#[path = "../../examples/sandbox.rs"]
mod example;

fn sandbox() -> Program {
    let stack = configured(&[]);
    example::sandbox(&stack).unwrap();
    let program = stack.finish();
    assert!(program.problems.is_empty(), "{:?}", program.problems);
    program
}

#[tokio::test]
async fn it_comes_up_stays_and_goes() {
    let Some(server) = Server::with_other(Kind::Moto) else { return };
    let other = server.other().unwrap();
    let program = sandbox();
    let world = AwsWorld::of(&server, "sandbox", &[&program]);
    let inventory = || (site(&server), site(other));
    let empty = inventory();
    world.up(&program).await.unwrap();
    let (there, beside) = inventory();
    assert_eq!((there["DescribeVpcEndpoints"], there["DescribeParameters"]), (1, 1), "{there:?}");
    assert_eq!(beside["/"], empty.1["/"] + 1, "its bucket is at the other one");
    let again = world.preview(&program).await.unwrap();
    assert!(again.is_empty(), "{:?}", again.changes);
    world.destroy().await.unwrap();
    assert_eq!(inventory(), empty);
}

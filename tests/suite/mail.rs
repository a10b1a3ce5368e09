//! What AWS allows an identity of mail once in a while alone.

use infra_core::{
    aws::ses::{DkimKeyLength, EmailIdentity},
    graph::Program,
};
use infra_tests::world::{HOUR, World, program};

fn signed_with(length: DkimKeyLength) -> Program {
    program(|stack| {
        EmailIdentity::named("campus")
            .email_identity("campus.example.org")
            .next_signing_key_length(length)
            .create(stack);
    })
}

#[tokio::test]
async fn the_length_of_the_key_changes_once_a_day() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("account");
    let world = World::on_disk(&path, 0);
    world.up(&signed_with(DkimKeyLength::Rsa2048)).await;
    world.up(&signed_with(DkimKeyLength::Rsa1024)).await;
    let said = world.refusals(&signed_with(DkimKeyLength::Rsa2048)).await.concat();
    assert!(said.contains("`next_signing_key_length` RSA_2048_BIT"), "{said}");
    assert!(said.contains("(hours left: 24)"), "{said}");
    let world = world.reopened(&path, 25 * HOUR);
    world.up(&signed_with(DkimKeyLength::Rsa2048)).await;
    world.assert_in_step("a day later").await;
}

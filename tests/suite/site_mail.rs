//! A site that writes to people: its server is reached, and its password stays a secret.

use infra_core::{
    aws::{
        ec2::SecurityGroupRule, iam::RolePolicy, s3::Object as S3Object, secretsmanager::Secret,
    },
    dsl::ResourceType,
    local::RandomPassword,
};
use infra_tests::{
    certificates::issued,
    world::{World, program},
};
use moodle_infra::{Mail, Moodle, Smtp};

#[tokio::test]
async fn the_server_is_reached_by_tasks_and_its_login_by_nobody_else() {
    let world = World::default();
    let program = program(|stack| {
        let password = RandomPassword::named("mail").length(40_u32).create(stack);
        let login = Secret::named("mail").secret_string(password.password()).create(stack);
        let smtp = Smtp::new("smtp.example.edu".parse().unwrap(), "noreply@example.edu").unwrap();
        Moodle::named("site")
            .domain("moodle.example.edu".parse().unwrap())
            .certificate(issued(stack, "site", "moodle.example.edu"))
            .mail(Mail::Smtp(smtp.login(&login)))
            .create(stack)
            .unwrap();
    });
    assert!(world.up(&program).await.is_success());
    assert!(world.preview(&program).await.is_empty());

    let objects = world.objects();
    let of = |name: &'static str| objects.iter().filter(move |it| it.ty.name == name);
    let rules = of(SecurityGroupRule::definition().name)
        .filter(|rule| rule.named("from_port").as_int() == Some(587))
        .map(|rule| rule.text("direction"));
    assert_eq!(rules.collect::<Vec<_>>(), ["egress", "egress"]);
    let config = of(S3Object::definition().name).find(|it| it.text("key") == "config.php").unwrap();
    let config = config.text("content");
    assert!(config.contains("$CFG->smtphosts = 'smtp.example.edu:587';"), "{config}");
    assert!(config.contains("$CFG->smtppass = getenv('SMTP_PASSWORD');"), "{config}");

    let login = of(Secret::definition().name).find(|it| it.id.contains("mail")).unwrap();
    let readers = of(RolePolicy::definition().name)
        .filter(|it| it.named("policy_document").to_string().contains(&*login.id));
    assert_eq!(readers.map(|it| it.text("policy_name")).collect::<Vec<_>>(), ["secrets"]);
}

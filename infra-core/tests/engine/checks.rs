//! Rules of one's own: over a program, and over what a plan would do.

use infra_core::{
    aws::logs::LogGroup,
    check::{Check, Planned, named},
    engine::EngineError,
    graph::{Field, Program, ProgramProblem},
    plan::{ChangeKind, PlanProblem},
    prelude::*,
};

use crate::{
    types::Thing,
    world::{World, program},
};

fn small(limit: i64) -> impl Check {
    named("small-things", move |program| {
        let big = program
            .all::<Thing>()
            .filter(|thing| matches!(thing.get(Thing::SIZE), Field::Known(size) if size > limit));
        big.map(|thing| {
            program
                .about(&thing, Thing::SIZE, format!("is more than {limit}"))
                .help("make it smaller")
        })
        .collect()
    })
}

/// Nothing of a name is deleted or replaced.
struct Stays(&'static str);

impl Check for Stays {
    fn name(&self) -> &str {
        "stays"
    }

    fn plan(&self, planned: &Planned<'_>) -> Vec<ProgramProblem> {
        let goes = |kind: ChangeKind| {
            matches!(
                kind,
                ChangeKind::Delete | ChangeKind::CreateThenDelete | ChangeKind::DeleteThenCreate
            )
        };
        let changes = planned.changes().iter();
        let found = changes.filter(|change| goes(change.kind) && change.urn.name() == self.0);
        found.map(|change| planned.about(&change.urn, "has to stay")).collect()
    }
}

/// No thing refers to one with this id, which only a plan can tell.
struct NotOn(std::sync::Mutex<String>);

impl Check for NotOn {
    fn name(&self) -> &str {
        "not-on"
    }

    fn plan(&self, planned: &Planned<'_>) -> Vec<ProgramProblem> {
        let wanted = self.0.lock().unwrap().clone();
        let things = planned.program().all::<Thing>();
        let on = things.filter(|thing| {
            matches!(planned.get(thing, Thing::ON), Field::Known(id) if id.as_str() == wanted)
        });
        on.map(|thing| planned.program().about(&thing, Thing::ON, "is not to be used")).collect()
    }
}

#[tokio::test]
async fn what_checks_find_is_told_at_once_with_everything_else_and_nothing_is_touched() {
    let world = World::default();
    let line = line!() + 5;
    let program = program(|stack| {
        stack.check(small(10));
        stack.component("inside").check(small(20));
        Thing::named("fits").size(10).create(stack);
        Thing::named("big").size(11).create(stack);
        Thing::named("huge").size(21).create(stack);
        LogGroup::named("logs").log_group_name("no spaces").create(stack);
    });
    let Err(EngineError::Program(problems)) = world.try_up(&program).await else { panic!() };
    let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(texts[0].contains("`log_group_name`"), "{texts:?}");
    assert!(texts[1].ends_with("Thing/big: `size` 11 is more than 10"), "{texts:?}");
    assert!(texts[2].ends_with("Thing/huge: `size` 21 is more than 10"), "{texts:?}");
    assert!(texts[3].ends_with("Thing/huge: `size` 21 is more than 20"), "{texts:?}");
    assert_eq!(texts.len(), 4);
    assert_eq!(problems[0].check, None);
    assert_eq!(problems[1].check.as_deref(), Some("small-things"));
    assert_eq!(problems[1].help.as_deref(), Some("make it smaller"));
    let at = problems[1].at[0];
    assert_eq!((at.file(), at.line()), (file!(), line));
    assert_eq!(world.fake.calls(), []);
}

#[tokio::test]
async fn a_check_of_plans_stands_in_the_way_of_what_it_does_not_allow() {
    let world = World::default();
    let with = |kind: &'static str, also: bool| {
        program(move |stack| {
            stack.check(Stays("kept"));
            if also {
                Thing::named("kept").kind(kind).create(stack);
            }
            Thing::named("other").kind(kind).create(stack);
        })
    };
    world.up(&with("a", true)).await;
    world.fake.forget_calls();
    for program in [with("b", true), with("a", false)] {
        let shown = world.preview(&program).await.problems;
        let Err(EngineError::Plan(problems)) = world.try_up(&program).await else { panic!() };
        let [PlanProblem::Refused(problem)] = &problems[..] else { panic!("{problems:?}") };
        assert_eq!(problem.to_string(), "campus/test/test:t:Thing/kept has to stay");
        assert_eq!(problem.check.as_deref(), Some("stays"));
        assert_eq!(shown, problems, "a preview shows the same");
    }
    assert_eq!(world.fake.calls(), [], "nothing was touched");

    // Without the check the program may do it.
    let free = program(|stack| {
        Thing::named("other").kind("a").create(stack);
    });
    world.up(&free).await;
    assert_eq!(world.fake.things().len(), 1);
}

#[tokio::test]
async fn a_check_of_plans_knows_the_outputs_of_what_is_there() {
    let world = World::default();
    let check = std::sync::Arc::new(NotOn(std::sync::Mutex::new(String::new())));
    let with = |referring: bool| {
        let check = std::sync::Arc::clone(&check);
        program(move |stack| {
            stack.check_shared(check);
            let old = Thing::named("old").create(stack);
            if referring {
                Thing::named("new").on(&old).create(stack);
            }
        })
    };
    world.up(&with(false)).await;
    *check.0.lock().unwrap() = world.fake.things()[0].1.clone();
    let Err(EngineError::Plan(problems)) = world.try_up(&with(true)).await else { panic!() };
    assert!(problems[0].to_string().ends_with("Thing/new: `on` is not to be used"), "{problems:?}");
}

fn problems(program: Program) -> Vec<String> {
    program.problems.iter().map(ToString::to_string).collect()
}

#[test]
fn two_of_one_name_are_told_with_both_lines() {
    let line = line!() + 2;
    let twice = program(|stack| {
        LogGroup::named("one").log_group_name("campus/web").create(stack);
        LogGroup::named("other").log_group_name("campus/web").create(stack);
    });
    let lines: Vec<u32> = twice.problems[0].at.iter().map(|at| at.line()).collect();
    assert_eq!(lines, [line + 1, line]);
    let said = problems(twice);
    let wanted = "`log_group_name` \"campus/web\" is taken: there is a LogGroup with the same \
                  log_group_name already, `aws:logs:LogGroup/one`";
    assert!(said[0].contains(wanted), "{said:?}");
    assert_eq!(said.len(), 1);

    let elsewhere = program(|stack| {
        LogGroup::named("one").log_group_name("campus/web").create(stack);
        LogGroup::named("other")
            .log_group_name("campus/web")
            .provider(&Provider::aws("us-east-1"))
            .create(stack);
        for name in ["made", "up"] {
            LogGroup::named(name).create(stack);
        }
    });
    assert_eq!(problems(elsewhere), [""; 0]);
}

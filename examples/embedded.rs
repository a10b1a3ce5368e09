//! The engine within another program, without the command line: a department gives each course a
//! network of its own, and takes it back when the course is over.
//!
//! ```text
//! cargo run --example embedded
//! ```

#![expect(clippy::print_stdout, reason = "what the other program says of it")]

use std::{error::Error, sync::Arc};

use backend_local::sim::Sim;
use infra_core::{
    aws::ec2::{Subnet, Vpc},
    engine::{Engine, Outcome, UpOptions},
    event::{Event, EventKind, Listener},
    graph::Program,
    prelude::*,
    state::store::{MemoryStore, StateStore},
};

/// What the other program knows of a course.
struct Course {
    name: &'static str,
    number: u8,
    groups: u8,
}

/// What a course needs; the same description as in any other program.
fn network(course: &Course) -> Result<Program, Box<dyn Error>> {
    let stack = Stack::new("courses", course.name, Config::default())?;
    let vpc = Vpc::named("course")
        .cidr_block(format!("10.{}.0.0/16", course.number).as_str())
        .tags([("course", course.name)])
        .create(&stack);
    for group in 0..course.groups {
        Subnet::named(format!("group-{group}"))
            .vpc_id(&vpc)
            .cidr_block(format!("10.{}.{group}.0/24", course.number).as_str())
            .create(&stack);
    }
    stack.output("vpc", vpc.vpc_id());
    Ok(stack.finish())
}

/// Where the other program would fill its own progress bar, database or web page.
struct Progress;

impl Listener for Progress {
    fn event(&self, event: &Event) {
        if let EventKind::StepFinished { urn, operation, tally, .. } = &event.kind {
            println!("  {}/{} {operation} {}", tally.ended, tally.total, urn.name());
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(semester())
}

async fn semester() -> Result<(), Box<dyn Error>> {
    let account = Arc::new(Sim::in_memory());
    let mut courses = vec![
        (Course { name: "databases", number: 1, groups: 3 }, MemoryStore::new()),
        (Course { name: "networks", number: 2, groups: 2 }, MemoryStore::new()),
    ];
    let engine = |store: &MemoryStore| {
        let store: Arc<dyn StateStore> = Arc::new(store.clone());
        Engine::new(account.clone(), store).with_listener(Arc::new(Progress))
    };
    let options = UpOptions::default();

    for (course, store) in &courses {
        println!("{} begins", course.name);
        let outcome = engine(store).up(&network(course)?, &options).await?;
        report(&outcome)?;
    }

    println!("databases gets another group");
    let (course, store) = &mut courses[0];
    course.groups += 1;
    let program = network(course)?;
    let preview = engine(store).preview(&program, &options).await?;
    println!("  {} to create, {} stay", preview.counts.create, preview.counts.same);
    report(&engine(store).up(&program, &options).await?)?;

    for (course, store) in &courses {
        println!("{} is over", course.name);
        report(&engine(store).destroy("courses", course.name, &options.plan).await?)?;
    }
    Ok(())
}

/// What failed is an error of the other program; what the stack shows is its result.
fn report(outcome: &Outcome) -> Result<(), Box<dyn Error>> {
    if let Some(failure) = outcome.failures.first() {
        return Err(format!("{}: {}", failure.urn, failure.error).into());
    }
    for (name, value) in &outcome.outputs {
        println!("  {name} = {value}");
    }
    Ok(())
}

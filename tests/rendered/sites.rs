//! The sites of the examples, deployed to the simulator.

use std::sync::LazyLock;

use backend_local::sim::Object;
use infra_core::{Stack, dsl::ResourceType};
use infra_tests::world::{World, of, program};

#[allow(dead_code)]
#[path = "../../examples/campus.rs"]
mod campus;

#[allow(dead_code)]
#[path = "../../examples/gluster.rs"]
mod gluster;

#[allow(dead_code)]
#[path = "../../examples/nonproduction.rs"]
mod nonproduction;

#[allow(dead_code)]
#[path = "../../examples/production.rs"]
mod production;

type Example = fn(&Stack) -> Result<(), infra_cli::ProgramError>;

const EXAMPLES: [(&str, Example); 4] = [
    ("production", production::site),
    ("nonproduction", nonproduction::site),
    ("gluster", gluster::site),
    ("campus", campus::site),
];

/// A site, and what there is of it in its account.
pub(crate) struct Site {
    pub(crate) name: &'static str,
    objects: Vec<Object>,
}

impl Site {
    /// All resources of a type.
    pub(crate) fn of<R: ResourceType>(&self) -> impl Iterator<Item = &Object> {
        of::<R>(&self.objects).into_iter()
    }

    /// All of AWS's resources.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Object> {
        self.objects.iter().filter(|it| it.ty.provider() == "aws")
    }
}

/// The sites of all examples, each in an account of its own: deployed once, and looked at by many.
static SITES: LazyLock<Vec<Site>> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let sites = EXAMPLES.map(|(name, example)| {
        let world = World::default();
        let program = program(|stack| example(stack).unwrap());
        assert!(program.problems.is_empty(), "{name}: {:?}", program.problems);
        runtime.block_on(world.up(&program));
        Site { name, objects: world.objects() }
    });
    sites.into()
});

/// The sites of all examples.
pub(crate) fn deployed() -> &'static [Site] {
    &SITES
}

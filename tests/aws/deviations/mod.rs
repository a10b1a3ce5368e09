//! Where a server does something else than AWS. A line for each, with AWS's own documentation as
//! the reason; a line that is not needed any more is a failure.

use crate::server::Kind;

/// What a server gets wrong.
pub(crate) struct Deviation {
    pub(crate) server: Kind,
    /// The type: `aws:ec2:Vpc`.
    pub(crate) ty: &'static str,
    /// The clause: `create`, `found`, `deleted`, `update NAME`; or a property that is told
    /// otherwise, wherever a thing of the type stands; or `list` for a type whose calls the server
    /// does not understand: it is left out there; or `without PATH` for a property, or a part of one,
    /// that the server does not take, and that programs do not have there. What goes wrong by chance
    /// ends with [`AT_TIMES`].
    pub(crate) what: &'static str,
    /// What AWS does, and where it says so.
    pub(crate) aws: &'static str,
}

/// Of moto.
const fn moto(ty: &'static str, what: &'static str, aws: &'static str) -> Deviation {
    Deviation { server: Kind::Moto, ty, what, aws }
}

/// Of ministack.
const fn ministack(ty: &'static str, what: &'static str, aws: &'static str) -> Deviation {
    Deviation { server: Kind::Ministack, ty, what, aws }
}

/// Of LocalStack.
const fn localstack(ty: &'static str, what: &'static str, aws: &'static str) -> Deviation {
    Deviation { server: Kind::Localstack, ty, what, aws }
}

/// How the lines begin of what the server does not take.
pub(crate) const WITHOUT: &str = "without ";

/// What the server gets wrong by chance, so that nobody waits for it.
pub(crate) const AT_TIMES: &str = ", at times";

impl Deviation {
    /// Whether it is about a property or clause.
    fn is_about(&self, what: &str) -> bool {
        self.what.strip_suffix(AT_TIMES).unwrap_or(self.what) == what
    }
}

/// Declares the files, one for each service, and the list of all.
macro_rules! services {
    ($($service:ident)*) => {
        $(mod $service;)*

        /// All of them.
        pub(crate) fn all() -> impl Iterator<Item = &'static Deviation> {
            [$($service::ALL),*].into_iter().flatten()
        }
    };
}

crate::of_all_services!(services);

/// That of a server, a type and a property or clause.
pub(crate) fn known(server: Kind, ty: &str, what: &str) -> Option<&'static Deviation> {
    all().find(|it| it.server == server && it.ty == ty && it.is_about(what))
}

/// Between which lines the table stands in `docs/fidelity.md`.
const MARKS: (&str, &str) = ("<!-- deviations:", "<!-- /deviations -->");

/// The table of all of them is what `docs/fidelity.md` has; `INFRA_WRITE_DOCS=1` writes it.
#[test]
fn documented() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/fidelity.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (before, rest) = text.split_once(MARKS.0).unwrap();
    let (mark, rest) = rest.split_once('\n').unwrap();
    let (_, after) = rest.split_once(MARKS.1).unwrap();
    let mut table = "\n| type | what | server | AWS |\n|---|---|---|---|\n".to_owned();
    for it in all() {
        let (ty, what, server, aws) = (it.ty, it.what, it.server.name(), it.aws);
        table.push_str(&format!("| `{ty}` | {what} | {server} | {aws} |\n"));
    }
    let wanted = format!("{before}{}{mark}\n{table}\n{}{after}", MARKS.0, MARKS.1);
    if std::env::var_os("INFRA_WRITE_DOCS").is_some() {
        std::fs::write(path, wanted).unwrap();
    } else {
        assert!(
            text == wanted,
            "docs/fidelity.md is not what the deviations are: set INFRA_WRITE_DOCS=1"
        );
    }
}

//! Listeners that speak TLS have a certificate, and others have none.

use crate::{
    aws::elbv2::Listener,
    check::Check,
    graph::{Field, NodeView, Program, ProgramProblem},
};

/// Listeners that speak TLS have a certificate, and others have none.
pub(super) struct Certificates;

impl Check for Certificates {
    fn name(&self) -> &str {
        "listener-certificates"
    }

    fn program(&self, program: &Program) -> Vec<ProgramProblem> {
        program.all::<Listener>().filter_map(|listener| problem(program, &listener)).collect()
    }
}

fn problem(program: &Program, listener: &NodeView<'_, Listener>) -> Option<ProgramProblem> {
    let Field::Known(protocol) = listener.get(Listener::PROTOCOL) else { return None };
    let none = match listener.get(Listener::CERTIFICATES) {
        Field::Absent => true,
        Field::Known(certificates) => certificates.is_empty(),
        // A list with an output in it is not empty; one that is an output may be.
        Field::Unknown => false,
        Field::Reference(_) => return None,
    };
    let about = |message: String| program.about(listener, Listener::CERTIFICATES, message);
    match (protocol.is_tls(), none) {
        (true, true) => Some(
            about(format!("is empty; a listener of protocol {protocol} needs a certificate"))
                .help("give `certificates`, the one for most names first"),
        ),
        (false, false) => Some(
            about(format!("can't be given for protocol {protocol}"))
                .help("leave `certificates` out, or choose HTTPS or TLS"),
        ),
        _ => None,
    }
}

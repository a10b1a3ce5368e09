//! The program as a Mermaid flowchart: components as subgraphs.

use std::fmt::Write;

use infra_core::graph::{Graph, Program};

/// The program as a Mermaid flowchart.
pub(crate) fn mermaid(program: &Program) -> String {
    let mut text = String::from("flowchart LR\n");
    subgraph(program, 0, 1, &mut text);
    if let Ok(graph) = Graph::new(program) {
        for node in 0..program.nodes.len() as u32 {
            let mut others: Vec<u32> = graph.dependencies(node).map(|(other, _)| other).collect();
            others.sort_unstable();
            others.dedup();
            for other in others {
                let _ = writeln!(text, "  n{other} --> n{node}");
            }
        }
    }
    text
}

fn subgraph(program: &Program, component: u32, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    for (place, node) in program.nodes.iter().enumerate() {
        if node.component == component {
            let (ty, name) = (node.ty.short_name(), node.urn.name().replace('"', "'"));
            let _ = writeln!(text, "{indent}n{place}[\"{ty}<br/>{name}\"]");
        }
    }
    for (place, inner) in program.components.iter().enumerate().skip(1) {
        if inner.parent == component {
            let name = inner.path.rsplit('/').next().unwrap_or_default().replace('"', "'");
            let _ = writeln!(text, "{indent}subgraph c{place} [\"{name}\"]");
            subgraph(program, place as u32, depth + 1, text);
            let _ = writeln!(text, "{indent}end");
        }
    }
}

//! The program as a Graphviz graph: components as clusters.

use std::fmt::Write;

use infra_core::graph::{Graph, Program};

/// The program as a Graphviz graph.
pub(crate) fn dot(program: &Program) -> String {
    let mut text = String::from(
        "digraph stack {\n  rankdir=LR;\n  node [shape=box, fontname=\"Helvetica\", fontsize=10];\n",
    );
    cluster(program, 0, 1, &mut text);
    if let Ok(graph) = Graph::new(program) {
        for node in 0..program.nodes.len() as u32 {
            let mut others: Vec<u32> = graph.dependencies(node).map(|(other, _)| other).collect();
            others.sort_unstable();
            others.dedup();
            for other in others {
                let _ = writeln!(text, "  n{other} -> n{node};");
            }
        }
    }
    text.push_str("}\n");
    text
}

fn cluster(program: &Program, component: u32, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    for (place, node) in program.nodes.iter().enumerate() {
        if node.component == component {
            let (ty, name) = (node.ty.short_name(), node.urn.name());
            let _ = writeln!(text, "{indent}n{place} [label=\"{ty}\\n{}\"];", escaped(name));
        }
    }
    for (place, inner) in program.components.iter().enumerate().skip(1) {
        if inner.parent == component {
            let name = inner.path.rsplit('/').next().unwrap_or_default();
            let _ = writeln!(
                text,
                "{indent}subgraph cluster_{place} {{\n{indent}  label=\"{}\";",
                escaped(name)
            );
            cluster(program, place as u32, depth + 1, text);
            let _ = writeln!(text, "{indent}}}");
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

//! The program as a Graphviz graph: components as clusters.

use std::{collections::BTreeMap, fmt::Write};

use infra_core::graph::Program;

use super::Part;

/// A part of the program as a Graphviz graph.
pub(crate) fn dot(program: &Program, part: Part) -> String {
    let mut text = String::from(
        "digraph stack {\n  rankdir=LR;\n  node [shape=box, fontname=\"Helvetica\", fontsize=10];\n",
    );
    let edges = part.edges(program);
    let outside = part.outside(program, &edges);
    let numbers = part.numbers(program, &outside);
    for node in outside {
        let number = numbers[&node];
        let title: Vec<String> = Part::elsewhere(program, node).into_iter().map(escaped).collect();
        let title = title.join("\\n");
        let _ = writeln!(text, "  n{number} [label=\"{title}\", style=rounded];");
    }
    cluster(program, &numbers, part.component, 1, &mut text);
    for (other, node) in edges {
        let (other, node) = (numbers[&other], numbers[&node]);
        let _ = writeln!(text, "  n{other} -> n{node};");
    }
    text.push_str("}\n");
    text
}

fn cluster(
    program: &Program,
    numbers: &BTreeMap<u32, usize>,
    component: u32,
    depth: usize,
    text: &mut String,
) {
    let indent = "  ".repeat(depth);
    for (place, node) in program.nodes.iter().enumerate() {
        if node.component == component {
            let number = numbers[&(place as u32)];
            let (ty, name) = (node.ty.short_name(), node.urn.name());
            let _ = writeln!(text, "{indent}n{number} [label=\"{ty}\\n{}\"];", escaped(name));
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
            cluster(program, numbers, place as u32, depth + 1, text);
            let _ = writeln!(text, "{indent}}}");
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

//! The program as a Mermaid flowchart: components as subgraphs.

use std::{collections::BTreeMap, fmt::Write};

use infra_core::graph::Program;

use super::Part;

/// A part of the program as a Mermaid flowchart.
pub(crate) fn mermaid(program: &Program, part: Part) -> String {
    let mut text = String::from("flowchart LR\n");
    let edges = part.edges(program);
    let outside = part.outside(program, &edges);
    let numbers = part.numbers(program, &outside);
    for node in outside {
        let number = numbers[&node];
        let title = Part::elsewhere(program, node).join("<br/>").replace('"', "'");
        let _ = writeln!(text, "  n{number}([\"{title}\"])");
    }
    subgraph(program, &numbers, part.component, 1, &mut text);
    for (other, node) in edges {
        let (other, node) = (numbers[&other], numbers[&node]);
        let _ = writeln!(text, "  n{other} --> n{node}");
    }
    text
}

fn subgraph(
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
            let (ty, name) = (node.ty.short_name(), node.urn.name().replace('"', "'"));
            let _ = writeln!(text, "{indent}n{number}[\"{ty}<br/>{name}\"]");
        }
    }
    for (place, inner) in program.components.iter().enumerate().skip(1) {
        if inner.parent == component {
            let name = inner.path.rsplit('/').next().unwrap_or_default().replace('"', "'");
            let _ = writeln!(text, "{indent}subgraph c{place} [\"{name}\"]");
            subgraph(program, numbers, place as u32, depth + 1, text);
            let _ = writeln!(text, "{indent}end");
        }
    }
}

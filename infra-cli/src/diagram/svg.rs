//! The program as a picture that needs nothing else: components as nested boxes.

use std::fmt::Write;

use infra_core::graph::Program;

const LINE: usize = 16;
const WIDTH: usize = 320;
const PAD: usize = 10;

/// The program as a picture.
pub(crate) fn svg(program: &Program) -> String {
    let mut body = String::new();
    let height = component(program, 0, PAD, PAD, WIDTH, &mut body);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" font-family=\"sans-serif\" font-size=\"11\">\n{body}</svg>\n",
        w = WIDTH + 2 * PAD,
        h = height + 2 * PAD
    )
}

/// Draws a component and returns its height.
fn component(
    program: &Program,
    place: u32,
    x: usize,
    y: usize,
    width: usize,
    body: &mut String,
) -> usize {
    let mut at = y + LINE;
    let mut inside = String::new();
    for node in program.nodes.iter().filter(|node| node.component == place) {
        at += LINE;
        let text = escaped(&format!("{} {}", node.ty.short_name(), node.urn.name()));
        let _ = writeln!(inside, "<text x=\"{}\" y=\"{at}\">{text}</text>", x + PAD);
    }
    for (inner, child) in program.components.iter().enumerate().skip(1) {
        if child.parent == place {
            at += PAD;
            at += component(program, inner as u32, x + PAD, at, width - 2 * PAD, &mut inside);
        }
    }
    let height = at - y + PAD;
    let name = &program.components[place as usize].path;
    let name = if place == 0 { &program.stack } else { name };
    let _ = writeln!(
        body,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"none\" stroke=\"#667\" rx=\"4\"/>\n<text x=\"{}\" y=\"{}\" font-weight=\"bold\">{}</text>\n{inside}",
        x + PAD,
        y + LINE,
        escaped(name)
    );
    height
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

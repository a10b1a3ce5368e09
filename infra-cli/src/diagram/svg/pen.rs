//! [`Pen`]: boxes, text and arrows.

use svg::node::element::{Definitions, Group, Marker, Path, Rectangle, Style, Text, path::Data};

/// The height of a line of text.
pub(super) const LINE: f64 = 16.0;
/// How wide a letter is at most, about, at the size that most text has.
const LETTER: f64 = 6.4;

/// Collects what is drawn, in the order in which it covers what was drawn before.
#[derive(Default)]
pub(super) struct Pen {
    group: Group,
}

/// A rectangle on the paper.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Area {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) w: f64,
    pub(super) h: f64,
}

impl Area {
    pub(super) fn right(self) -> f64 {
        self.x + self.w
    }

    pub(super) fn bottom(self) -> f64 {
        self.y + self.h
    }
}

impl Pen {
    fn add(&mut self, node: impl Into<Box<dyn svg::node::Node>>) {
        self.group = std::mem::take(&mut self.group).add(node);
    }

    /// A box of a class.
    pub(super) fn area(&mut self, class: &str, area: Area) {
        let Area { x, y, w, h } = area;
        let rect = Rectangle::new().set("x", x).set("y", y).set("width", w).set("height", h);
        self.add(rect.set("rx", 5).set("class", class));
    }

    /// Text of a class that begins at a place, cut to a width.
    pub(super) fn text(&mut self, class: &str, x: f64, y: f64, width: f64, text: &str) {
        let cut = cut(text, width);
        let mut element = Text::new(cut.clone()).set("x", x).set("y", y).set("class", class);
        if cut != text {
            element = element.add(svg::node::element::Title::new(text));
        }
        self.add(element);
    }

    /// An arrow along corners.
    pub(super) fn arrow(&mut self, corners: &[(f64, f64)]) {
        let mut data = Data::new();
        for (index, corner) in corners.iter().enumerate() {
            data = if index == 0 { data.move_to(*corner) } else { data.line_to(*corner) };
        }
        self.add(Path::new().set("d", data).set("class", "flow").set("marker-end", "url(#tip)"));
    }

    /// The whole picture.
    pub(super) fn finish(self, width: f64, height: f64) -> String {
        let tip = Marker::new()
            .set("id", "tip")
            .set("viewBox", "0 0 8 8")
            .set("refX", 7)
            .set("refY", 4)
            .set("markerWidth", 7)
            .set("markerHeight", 7)
            .set("orient", "auto-start-reverse")
            .add(Path::new().set("d", "M0 0 8 4 0 8z").set("class", "tip"));
        let document = svg::Document::new()
            .set("viewBox", (0, 0, width, height))
            .set("width", width)
            .set("height", height)
            .add(Style::new(STYLE))
            .add(Definitions::new().add(tip))
            .add(self.group);
        document.to_string()
    }
}

/// How wide a text is, about.
pub(super) fn width(text: &str) -> f64 {
    text.chars().count() as f64 * LETTER
}

fn cut(text: &str, room: f64) -> String {
    let letters = (room / LETTER) as usize;
    if text.chars().count() <= letters {
        return text.to_owned();
    }
    let kept: String = text.chars().take(letters.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// Colours follow the service's kind, as AWS's own pictures do.
const STYLE: &str = "
svg { font: 11px system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; }
.paper { fill: #fff; }
.region { fill: #f7f8fa; stroke: #8b95a5; stroke-dasharray: 6 4; }
.vpc { fill: #fff; stroke: #8c4fff; stroke-width: 1.5; }
.zone { fill: none; stroke: #5a6b86; stroke-dasharray: 4 4; }
.public { fill: #eef6e6; stroke: #b7d69b; }
.private { fill: #e8f1fb; stroke: #a9c8ea; }
.isolated { fill: #f1eefa; stroke: #c3b6e6; }
.shelf { fill: #fff; stroke: #d5dae2; }
.item { fill: #fff; stroke: #c2c9d3; }
.stripe.ec2, .stripe.elbv2 { fill: #8c4fff; }
.stripe.ecs, .stripe.autoscaling, .stripe.ecr { fill: #ed7100; }
.stripe.rds, .stripe.elasticache { fill: #c925d1; }
.stripe.efs, .stripe.s3 { fill: #7aa116; }
.stripe.iam, .stripe.secretsmanager, .stripe.acm, .stripe.kms { fill: #dd344c; }
.stripe { fill: #e7157b; }
.title { font-size: 15px; font-weight: 600; fill: #1b2330; }
.head { font-weight: 600; fill: #38435a; }
.vpc-head { font-weight: 600; fill: #6b35d6; }
.name { font-weight: 600; fill: #1b2330; }
.kind, .small { fill: #5a6b86; }
.small { font-size: 10px; }
.flow { fill: none; stroke: #38435a; stroke-width: 1.2; }
.tip { fill: #38435a; }
.port { font-size: 10px; fill: #38435a; }
@media (prefers-color-scheme: dark) {
.paper { fill: #12161d; }
.region { fill: #171c25; }
.vpc, .shelf { fill: #12161d; stroke: #6f5bb5; }
.shelf, .item { stroke: #394353; }
.item { fill: #1c232e; }
.public { fill: #1a2a15; stroke: #3c5c2c; }
.private { fill: #14253a; stroke: #2b4d75; }
.isolated { fill: #221c38; stroke: #4b3f78; }
.title, .name { fill: #e8ecf3; }
.head, .port { fill: #c3ccda; }
.vpc-head { fill: #b79bff; }
.kind, .small { fill: #93a0b5; }
.flow { stroke: #c3ccda; }
.tip { fill: #c3ccda; }
}
";

//! Where everything in a [`Scene`] stands on paper.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    flows::Flow,
    pen::{Area, LINE, Pen, width},
    scene::{Cell, Item, Layer, Scene, VpcScene},
};

const PAD: f64 = 14.0;
const GAP: f64 = 8.0;
const ZONE: f64 = 226.0;
const ITEM: f64 = 34.0;
const SHELF: f64 = 250.0;
/// How many things a service shows before the rest is counted.
const SHELF_ITEMS: usize = 8;
/// Room for ports beside what they lead to, and between two lanes.
const GUTTER: f64 = 64.0;
const LANE: f64 = 12.0;

/// The picture.
pub(super) fn draw(scene: &Scene) -> String {
    let mut drawing = Drawing::default();
    let top = PAD + LINE + PAD;
    let mut left = Area { x: 2.0 * PAD, y: top + LINE + GAP, ..Area::default() };
    for vpc in &scene.vpcs {
        let area = drawing.vpc(vpc, left.x, left.y);
        left = Area { w: left.w.max(area.w), y: area.bottom() + PAD, ..left };
    }
    let beside = if scene.vpcs.is_empty() { left.x } else { left.right() + PAD };
    let shelves = drawing.shelves(scene, beside, top + LINE + GAP);
    let bottom = left.y.max(shelves + PAD);
    let right = if scene.regional.is_empty() { left.right() } else { beside + SHELF } + PAD;
    let region = Area { x: PAD, y: top, w: right - PAD, h: bottom - top };
    let counted = counted(scene, region.w);
    let whole = Area {
        w: region.right() + PAD,
        h: region.bottom() + PAD + counted.len() as f64 * LINE,
        ..Area::default()
    };
    let mut pen = Pen::default();
    pen.area("paper", whole);
    pen.text("title", PAD, PAD + 12.0, whole.w - 2.0 * PAD, &scene.title);
    pen.area("region", region);
    pen.text("head", region.x + GAP, region.y + LINE, region.w, "Region");
    drawing.ink.drain(..).for_each(|ink| ink(&mut pen));
    for (index, line) in counted.iter().enumerate() {
        let y = region.bottom() + LINE * (index + 1) as f64;
        pen.text("small", PAD, y, f64::MAX, line);
    }
    pen.finish(whole.w, whole.h)
}

/// What is not drawn, in lines that fit.
fn counted(scene: &Scene, room: f64) -> Vec<String> {
    let mut lines = vec![];
    let mut line = String::new();
    for (name, count) in &scene.counted {
        let word = format!("{count} × {name}");
        if !line.is_empty() && width(&line) + width(&word) > room {
            lines.push(std::mem::take(&mut line));
        }
        line.push_str(if line.is_empty() { "and " } else { ", " });
        line.push_str(&word);
    }
    lines.extend((!line.is_empty()).then_some(line));
    lines
}

type Ink = Box<dyn FnOnce(&mut Pen)>;

/// How many arrows end at each side already.
#[derive(Default)]
struct Ports(BTreeMap<(u64, u64), f64>);

impl Ports {
    /// The height of the next one.
    fn next(&mut self, area: Area) -> f64 {
        let count = self.0.entry((area.x.to_bits(), area.y.to_bits())).or_insert(0.0);
        *count += 1.0;
        area.y + (9.0 * *count).min(area.h - 4.0)
    }
}

/// What is to be drawn once it is known how large everything is.
#[derive(Default)]
struct Drawing {
    ink: Vec<Ink>,
    /// Where the members of security groups stand.
    members: Vec<(BTreeSet<u32>, Area)>,
}

impl Drawing {
    fn area(&mut self, class: &str, area: Area) {
        let class = class.to_owned();
        self.ink.push(Box::new(move |pen| pen.area(&class, area)));
    }

    fn text(&mut self, class: &str, x: f64, y: f64, width: f64, text: &str) {
        let (class, text) = (class.to_owned(), text.to_owned());
        self.ink.push(Box::new(move |pen| pen.text(&class, x, y, width, &text)));
    }

    /// A VPC; says how large it became.
    fn vpc(&mut self, vpc: &VpcScene, x: f64, y: f64) -> Area {
        let zones = vpc.zones.len().max(1) as f64;
        let inner = zones * ZONE + (zones - 1.0) * PAD;
        let place = self.ink.len();
        let mut at = y + LINE + GAP;
        at = self.edge(vpc, x + PAD, at, inner);
        let zones_top = at;
        at += LINE + GAP;
        for layer in &vpc.layers {
            at = self.layer(layer, x + PAD, at) + PAD;
        }
        let arrows: usize = vpc.flows.iter().map(|flow| self.members(flow.to).len()).sum();
        let gutter = if arrows == 0 { PAD } else { GUTTER + arrows as f64 * LANE + PAD };
        let area = Area { x, y, w: PAD + inner + gutter, h: at - y };
        // The frames lie under what was drawn into them.
        let under = self.ink.split_off(place);
        self.area("vpc", area);
        self.text("vpc-head", x + GAP, y + LINE, inner, &format!("VPC {}", vpc.name));
        for (index, zone) in vpc.zones.iter().enumerate() {
            let left = x + PAD + index as f64 * (ZONE + PAD);
            let column = Area { x: left, y: zones_top, w: ZONE, h: at - PAD / 2.0 - zones_top };
            self.area("zone", column);
            self.text("head", left + GAP, zones_top + LINE, ZONE, zone);
        }
        self.ink.extend(under);
        self.flows(&vpc.flows, x + PAD + inner, y);
        area
    }

    /// What stands in the VPC and in no subnet, in rows.
    fn edge(&mut self, vpc: &VpcScene, x: f64, y: f64, room: f64) -> f64 {
        let per_row = ((room + GAP) / (ZONE + GAP)).max(1.0) as usize;
        for (index, item) in vpc.edge.iter().enumerate() {
            let (row, column) = ((index / per_row) as f64, (index % per_row) as f64);
            let area =
                Area { x: x + column * (ZONE + PAD), y: y + row * (ITEM + GAP), w: ZONE, h: ITEM };
            self.item(item, area);
        }
        y + vpc.edge.len().div_ceil(per_row) as f64 * (ITEM + GAP)
    }

    /// A layer: what spans its subnets, and the subnets. Says where it ends.
    fn layer(&mut self, layer: &Layer, x: f64, y: f64) -> f64 {
        let zones = layer.cells.len() as f64;
        let inner = zones * ZONE + (zones - 1.0) * PAD;
        let mut at = y;
        for span in &layer.spans {
            self.item(span, Area { x: x + GAP, y: at, w: inner - 2.0 * GAP, h: ITEM });
            at += ITEM + GAP;
        }
        let items = layer.cells.iter().flatten().map(|cell| cell.items.len()).max().unwrap_or(0);
        let height = 2.0 * LINE + GAP + items as f64 * (ITEM + GAP);
        for (index, cell) in layer.cells.iter().enumerate() {
            let Some(cell) = cell else { continue };
            let left = x + index as f64 * (ZONE + PAD) + GAP;
            let area = Area { x: left, y: at, w: ZONE - 2.0 * GAP, h: height };
            self.cell(layer, cell, area);
        }
        at + height
    }

    fn cell(&mut self, layer: &Layer, cell: &Cell, area: Area) {
        let word = layer.reach.word();
        self.area(word, area);
        let room = area.w - 2.0 * GAP;
        self.text("head", area.x + GAP, area.y + LINE, room, &format!("Subnet {}", cell.name));
        let told = [cell.cidr.as_str(), word].join(" · ");
        self.text("small", area.x + GAP, area.y + LINE + 14.0, room, &told);
        for (index, item) in cell.items.iter().enumerate() {
            let y = area.y + 2.0 * LINE + GAP + index as f64 * (ITEM + GAP);
            self.item(item, Area { x: area.x + GAP, y, w: room, h: ITEM });
        }
    }

    fn item(&mut self, item: &Item, area: Area) {
        self.area("item", area);
        self.area(&format!("stripe {}", item.service), Area { w: 5.0, ..area });
        let (x, room) = (area.x + 12.0, area.w - 18.0);
        self.text("name", x, area.y + 14.0, room, &item.name);
        let kind = match item.note.as_str() {
            "" => item.kind.clone(),
            note => format!("{} · {note}", item.kind),
        };
        self.text("kind", x, area.y + 28.0, room, &kind);
        if !item.groups.is_empty() {
            self.members.push((item.groups.clone(), area));
        }
    }

    /// Arrows from who talks to whom, each in a lane of its own to the right.
    fn flows(&mut self, flows: &[Flow], edge: f64, top: f64) {
        let mut ports = Ports::default();
        let (mut lane, mut entries) = (edge + GUTTER, 0);
        let mut arrows = vec![];
        for flow in flows {
            let from = flow.from.map(|group| self.members(group));
            for to in self.members(flow.to) {
                let start = match from.as_deref() {
                    None => {
                        entries += 1;
                        [(lane, top - GAP), (lane, top - GAP)]
                    }
                    Some([from, ..]) if *from != to => {
                        let y = ports.next(*from);
                        [(from.right(), y), (lane, y)]
                    }
                    Some(_) => continue,
                };
                let end = ports.next(to);
                let corners = [start[0], start[1], (lane, end), (to.right() + 1.0, end)];
                // Two lines of text would lie on each other.
                let told =
                    arrows.iter().any(|(_, text, y)| *text == flow.ports && (end - y).abs() < LINE);
                let text = if told { String::new() } else { flow.ports.clone() };
                arrows.push((corners, text, end));
                lane += LANE;
            }
        }
        for (corners, text, y) in arrows {
            self.ink.push(Box::new(move |pen| pen.arrow(&corners)));
            if !text.is_empty() {
                self.text("port", edge + GAP, y - 3.0, GUTTER, &text);
            }
        }
        if entries > 0 {
            self.text("head", edge + GUTTER - 28.0, top - GAP - 4.0, 120.0, "Internet");
        }
    }

    /// Where the members of a group stand that are farthest to the right: one of each that there
    /// is in every zone.
    fn members(&self, group: u32) -> Vec<Area> {
        let all = self.members.iter().filter(|(groups, _)| groups.contains(&group));
        let areas: Vec<Area> = all.map(|(_, area)| *area).collect();
        let right = areas.iter().map(|area| area.right()).fold(0.0, f64::max);
        areas.into_iter().filter(|area| area.right() >= right).collect()
    }

    /// What stands in no VPC; says where it ends.
    fn shelves(&mut self, scene: &Scene, x: f64, y: f64) -> f64 {
        let mut at = y;
        for (service, items) in &scene.regional {
            let shown = items.len().min(SHELF_ITEMS);
            let more = items.len() - shown;
            let rows = shown + usize::from(more > 0);
            let area = Area { x, y: at, w: SHELF, h: LINE + GAP + rows as f64 * LINE + GAP };
            self.area("shelf", area);
            self.area(&format!("stripe {service}"), Area { w: 5.0, ..area });
            self.text("head", x + 12.0, at + LINE, SHELF, service);
            for (index, item) in items[..shown].iter().enumerate() {
                let y = at + LINE * (index + 2) as f64 + 2.0;
                let name = format!("{} {}", item.kind, item.name);
                let text = match item.note.as_str() {
                    "" => name,
                    note => format!("{name} · {note}"),
                };
                self.text("kind", x + 12.0, y, SHELF - 20.0, &text);
            }
            if more > 0 {
                let y = at + LINE * (rows + 1) as f64 + 2.0;
                self.text("small", x + 12.0, y, SHELF - 20.0, &format!("and {more} more"));
            }
            at = area.bottom() + GAP;
        }
        at
    }
}

"use strict";
const make = (name, text, kind) => {
  const node = document.createElement(name);
  if (text !== undefined) node.textContent = text;
  if (kind) node.className = kind;
  return node;
};
const fill = (id, nodes) => document.getElementById(id).replaceChildren(...nodes);
const pairs = (all) => {
  const list = make("ul");
  for (const [name, how] of all) {
    const item = make("li");
    item.append(make("b", name), " " + how);
    list.append(item);
  }
  return list;
};
const head = (name, ...notes) => {
  const node = make("h4", name);
  for (const note of notes) node.append(" ", make("small", note));
  return node;
};
const article = (kind, ...nodes) => {
  const node = make("article", undefined, kind);
  node.append(...nodes);
  return node;
};

function report(told) {
  const zones = new Map();
  for (const place of told.places) {
    if (!zones.has(place.zone)) {
      const zone = make("section");
      zone.append(make("h3", place.zone));
      zones.set(place.zone, zone);
    }
    zones.get(place.zone).append(article("", head(place.name, place.state), pairs(place.holds)));
  }
  fill("places", [...zones.keys()].sort().map((zone) => zones.get(zone)));
  const parts = [];
  const events = [];
  for (const part of told.parts.filter((part) => part.things.length)) {
    const things = make("div", undefined, "things");
    for (const thing of part.things) {
      const notes = thing.redundant ? [thing.level] : [thing.level, "not redundant"];
      things.append(article(thing.level, head(thing.id, ...notes), make("p", thing.message), pairs(thing.parts)));
      for (const [at, words] of thing.events) events.push([at, thing.id, words]);
    }
    parts.push(make("h2", part.name), things);
  }
  fill("parts", parts);
  events.sort((one, other) => other[0] - one[0]);
  fill("events", events.slice(0, 60).map(([at, id, words]) => {
    const item = make("li");
    item.append(make("time", new Date(at).toLocaleTimeString()), " ", make("b", id), " " + words);
    return item;
  }));
}

const TITLES = { requests: "requests a second", errors: "errors a second", p95: "95 of 100 answer within", tasks: "tasks", instances: "instances" };
const shown = (name, value) =>
  value === null || value === undefined ? "–" : name === "p95" ? Math.round(value * 1000) + " ms" : String(Math.round(value * 10) / 10);

function chart(name, values) {
  const figure = make("figure");
  const caption = make("figcaption", TITLES[name] || name);
  const known = values.filter((value) => value !== null);
  const highest = Math.max(...known, name === "p95" ? 0.01 : 1);
  caption.append(" ", make("small", "up to " + shown(name, highest)), make("b", shown(name, known[known.length - 1])));
  const of = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(of, "svg");
  svg.setAttribute("viewBox", `0 0 ${Math.max(values.length - 1, 1)} 100`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", caption.textContent);
  const path = document.createElementNS(of, "path");
  let way = "";
  let on = false;
  values.forEach((value, at) => {
    if (value !== null) way += (on ? "L" : "M") + at + " " + (98 - 96 * value / highest).toFixed(1);
    on = value !== null;
  });
  path.setAttribute("d", way);
  svg.append(path);
  figure.append(caption, svg);
  return figure;
}

async function look() {
  let well = true;
  try {
    const [told, series] = await Promise.all(["report.json", "series.json"].map(async (path) => {
      const answer = await fetch("/" + path);
      if (!answer.ok) throw new Error(answer.statusText);
      return answer.json();
    }));
    report(told);
    fill("charts", Object.keys(TITLES).filter((name) => series.lines[name]).map((name) => chart(name, series.lines[name])));
  } catch {
    well = false;
  }
  document.getElementById("stale").hidden = well;
  setTimeout(look, document.hidden ? 5000 : 1000);
}
look();

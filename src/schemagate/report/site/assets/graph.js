// Who uses whose types: what a subject rests on, and whom a change of it reaches.

const BOX = { width: 200, height: 38, gap: 12, column: 264 };
const MOST_BOXES = 9;

const uses = new Map();
const users = new Map();
for (const [user, used] of site.uses) {
  if (!uses.has(user)) uses.set(user, []);
  if (!users.has(used)) users.set(used, []);
  uses.get(user).push(used);
  users.get(used).push(user);
}

/** Everything that can be reached, by how many steps it takes. */
function reached(start, edges) {
  const distance = new Map([[start, 0]]);
  const queue = [start];
  for (const node of queue) {
    for (const next of edges.get(node) || []) {
      if (!distance.has(next)) {
        distance.set(next, distance.get(node) + 1);
        queue.push(next);
      }
    }
  }
  distance.delete(start);
  return distance;
}

function nodeOf(number) {
  const subject = subjects[number];
  if (subject) return { number, title: subject.name, file: subject.path, href: linkTo(subject), health: subject.health };
  const [file, types] = site.shared[number - subjects.length];
  return { number, title: types[0] || file, file, shared: true };
}

function referencesSection(subject) {
  const below = reached(subject.number, uses);
  const above = reached(subject.number, users);
  if (!below.size && !above.size) return h("p", { class: "calm" }, "It uses no other file's types, and nobody uses its own.");
  const reach = [...above.keys()].filter((number) => number < subjects.length).length;
  const radius = reach ? `A change here is judged for ${count(reach, "other subject")} too.` : "Nobody else uses its types: a change stays here.";
  return [
    h("p", { class: "lead" }, radius),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Graph of references" }, drawGraph(subject.number, below, above)),
    sideList("It uses", below),
    sideList("Its types are used by", above),
  ];
}

function sideList(title, distances) {
  if (!distances.size) return "";
  const nodes = [...distances.entries()].sort((a, b) => a[1] - b[1]).map(([number, steps]) => ({ ...nodeOf(number), steps }));
  const item = (node) =>
    h("li", {}, node.href ? h("a", { href: node.href }, named(node.title)) : named(node.title), h("bdi", { class: "file" }, node.file), node.steps > 1 ? h("span", { class: "about" }, `${node.steps} steps away`) : "");
  return h("details", { class: "around" }, h("summary", {}, `${title} (${nodes.length})`), h("ul", {}, nodes.map(item)));
}

function drawGraph(start, below, above) {
  const columns = new Map([[0, [start]]]);
  const put = (distances, way) => {
    for (const [number, steps] of distances) {
      const at = way * steps;
      // A cycle shows on one side only.
      if (way > 0 && below.has(number)) continue;
      if (!columns.has(at)) columns.set(at, []);
      columns.get(at).push(number);
    }
  };
  put(below, -1);
  put(above, 1);
  const order = [...columns.keys()].sort((a, b) => a - b);
  const tallest = Math.max(...order.map((at) => Math.min(columns.get(at).length, MOST_BOXES + 1)));
  const height = tallest * (BOX.height + BOX.gap) + 30;
  const width = order.length * BOX.column - (BOX.column - BOX.width) + 16;
  const places = new Map();
  const parts = [];
  order.forEach((at, x) => {
    const nodes = columns.get(at);
    const shown = nodes.slice(0, MOST_BOXES);
    const rows = shown.length + (nodes.length > shown.length ? 1 : 0);
    const top = 22 + (height - 30 - rows * (BOX.height + BOX.gap)) / 2;
    shown.forEach((number, row) => places.set(number, { x: x * BOX.column + 8, y: top + row * (BOX.height + BOX.gap) }));
    const heading = at < 0 ? "uses" : at > 0 ? "reaches" : "";
    if (Math.abs(at) === 1) parts.push(s("text", { class: "when", x: x * BOX.column + 8, y: 12 }, heading));
    if (nodes.length > shown.length) {
      const y = top + shown.length * (BOX.height + BOX.gap) + 22;
      parts.push(s("text", { class: "when", x: x * BOX.column + 20, y }, `and ${numbers.format(nodes.length - shown.length)} more, listed below`));
    }
  });
  const edges = [...places.keys()].flatMap((user) => (uses.get(user) || []).filter((used) => places.has(used)).map((used) => [user, used]));
  const curves = edges.map(([user, used]) => curve(places.get(used), places.get(user)));
  const boxes = [...places].map(([number, place]) => box(nodeOf(number), place, number === start));
  const label = `${below.size} used, ${above.size} reached`;
  return s("svg", { class: "graph", width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": label }, arrowHead(), parts, curves, boxes);
}

function arrowHead() {
  const marker = { id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" };
  return s("defs", {}, s("marker", marker, s("path", { class: "head", d: "M0 0.5L7 4L0 7.5z" })));
}

/** From what is used to who uses it: the way that a change travels. */
function curve(from, to) {
  const ahead = to.x > from.x;
  const [x1, x2] = ahead ? [from.x + BOX.width, to.x] : [from.x, to.x + BOX.width];
  const [y1, y2] = [from.y + BOX.height / 2, to.y + BOX.height / 2];
  const bend = ahead ? 32 : -32;
  return s("path", { class: "edge", d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2 - (ahead ? 2 : -2)} ${y2}`, "marker-end": "url(#arrow)" });
}

function box(node, { x, y }, here) {
  const cut = node.title.lastIndexOf(".");
  const short = clipped(node.title.slice(cut + 1), 24);
  const under = clipped(node.shared ? "only types, no subject" : node.title.slice(0, Math.max(cut, 0)) || node.file, 30);
  const classes = `box ${here ? "here" : ""} ${node.shared ? "shared" : ""}`;
  const inside = [
    s("title", {}, `${node.title} (${node.file})`),
    s("rect", { x, y, width: BOX.width, height: BOX.height, rx: 6 }),
    s("text", { class: "short", x: x + 12, y: y + 16 }, short),
    s("text", { class: "under", x: x + 12, y: y + 30 }, under),
  ];
  if (!node.href || here) return s("g", { class: classes }, inside);
  return s("a", { href: node.href, class: classes, "aria-label": node.title }, inside);
}

const clipped = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

// The fields of a subject as lines over its versions, with a sign for everything that happened to one.

const EVENTS = {
  born: "added",
  back: "came back",
  renamed: "renamed",
  retyped: "type changed",
  symbols: "symbols changed",
  defaulted: "got a default",
  undefaulted: "lost its default",
  default: "default changed",
  reworded: "doc or properties changed",
  retired: "removed",
};

const GRAVITY = ["renamed", "retired", "retyped", "undefaulted", "symbols", "born", "back", "defaulted", "default", "reworded"];

const ROW = 24;
const HEAD = 46;
const MANY_FIELDS = 30;
const MOST_LINES = 400;

const isInteresting = ([, , , spans, events], end) =>
  events.some(([, what]) => what !== "reworded") || spans[spans.length - 1][1] < end;

function fieldsSection(data, versions) {
  const whole = [[0, versions.length]];
  const lines = data.lines.map(([name, type, depth, spans = whole, events = []]) => [name, type, depth, spans, events]);
  if (!lines.length) return h("p", { class: "calm" }, "This type has no fields.");
  const moved = lines.filter((line) => isInteresting(line, versions.length));
  const state = { all: lines.length <= MANY_FIELDS || !moved.length };
  const box = h("div", { class: "lifelines" });
  const draw = (width) => {
    const shown = (state.all ? lines : moved).slice(0, MOST_LINES);
    box.replaceChildren(chart(shown, versions, width || box.clientWidth || 900));
  };
  const choice = (all, word) => {
    const turn = () => {
      state.all = all;
      for (const [button, is] of buttons) button.setAttribute("aria-pressed", is === state.all);
      draw();
    };
    return h("button", { type: "button", "aria-pressed": state.all === all, onclick: turn }, word);
  };
  const buttons = [
    [choice(false, `Changed (${moved.length})`), false],
    [choice(true, `All fields (${lines.length})`), true],
  ];
  addEventListener("shown", () => draw(), { once: true });
  const redraw = () => (box.isConnected ? draw() : removeEventListener("resize", redraw));
  addEventListener("resize", redraw);
  addEventListener("beforeprint", () => box.isConnected && draw(680));
  addEventListener("afterprint", redraw);
  const both = moved.length && moved.length < lines.length;
  const cut = lines.length > MOST_LINES ? h("p", { class: "calm" }, `The first ${MOST_LINES} are drawn; the changes below tell of all.`) : "";
  return [both ? h("div", { class: "choice", role: "group", "aria-label": "Fields" }, buttons.map(([b]) => b)) : "", box, legend(lines), cut];
}

function legend(lines) {
  const kinds = new Set(lines.flatMap(([, , , , events]) => events.map(([, what]) => what)));
  const shown = Object.keys(EVENTS).filter((what) => kinds.has(what));
  if (!shown.length && !bothSides) return "";
  const item = (what) =>
    h("li", {}, s("svg", { class: "sign", width: 18, height: 14, viewBox: "0 0 18 14", "aria-hidden": "true" }, sign(what, 9, 7)), EVENTS[what]);
  const place = (source, word) => h("li", {}, h("span", { class: `source-mark ${source}`, "aria-hidden": "true" }), word);
  const places = bothSides ? [place("git", "in git"), place("registry", "in the registry")] : [];
  const types = h("li", { class: "types" }, "string? may be null · T[] array · T{} map");
  return h("ul", { class: "legend" }, shown.map(item), places, types);
}

function chart(lines, versions, width) {
  const narrow = width < 560;
  const names = h("ol", { class: "fields", "aria-hidden": "true" }, lines.map(fieldName));
  const room = width - (narrow ? 150 : 300) - 24;
  const step = Math.max(versions.length > 30 ? 18 : 26, Math.min(96, Math.floor(room / versions.length)));
  const size = { step, width: step * versions.length + 24, height: HEAD + lines.length * ROW + 6 };
  const svg = s(
    "svg",
    { width: size.width, height: size.height, viewBox: `0 0 ${size.width} ${size.height}`, role: "group", "aria-label": "Fields over versions; arrow keys go from event to event" },
    backdrop(versions, lines.length, size),
    axis(versions, size),
  );
  const events = lines.map((line, row) => drawLine(svg, line, row, versions, size));
  roving(svg, events.flat()[0], (target, key) => neighbour(events, target, key));
  return h("div", { class: "chart" }, names, h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Timeline of the fields" }, svg));
}

function fieldName([path, type, depth, spans]) {
  const cut = Math.max(path.lastIndexOf("."), 0) + 1;
  return h("li", { title: `${path}: ${type}`, class: `depth-${Math.min(depth, 5)}` }, h("bdi", { class: "field" }, path.slice(cut)), h("bdi", { class: "type" }, type));
}

const middle = (at, { step }) => 12 + at * step + step / 2;

const level = (row) => HEAD + row * ROW + ROW / 2;

function backdrop(versions, rows, { step, width }) {
  const stripes = [];
  for (let row = 0; row < rows; row += 2) stripes.push(s("rect", { class: "stripe", x: 0, y: HEAD + row * ROW, width, height: ROW }));
  const last = versions.length - 1;
  if (versions[last].proposed) {
    stripes.push(s("rect", { class: "proposal", x: 12 + last * step, y: 0, width: step, height: HEAD + rows * ROW + 6, rx: 4 }));
  }
  return stripes;
}

function axis(versions, size) {
  const every = Math.ceil(34 / size.step);
  const dated = size.step * every >= 52;
  return versions.flatMap((one, at) => {
    const x = middle(at, size);
    const parts = [s("line", { class: "tick", x1: x, x2: x, y1: HEAD - 4, y2: size.height })];
    const last = versions.length - 1;
    if (at === last || (at % every === 0 && last - at >= every / 2)) {
      const label = one.proposed && size.step >= 60 ? one.name : brief(one.name);
      parts.push(s("text", { class: "version", x, y: 14, "text-anchor": "middle" }, label));
      const date = one.places.map(([, , when]) => when).find(Boolean);
      if (date && dated) parts.push(s("text", { class: "when", x, y: 28, "text-anchor": "middle" }, day(date, size.step * every > 84)));
    }
    if (bothSides && !one.proposed) {
      parts.push(s("circle", { class: `lane git ${one.sides.has("git") ? "in" : "out"}`, cx: x - 4, cy: 36, r: 3 }));
      parts.push(s("rect", { class: `lane registry ${one.sides.has("registry") ? "in" : "out"}`, x: x + 1.5, y: 33, width: 6, height: 6 }));
    }
    return parts;
  });
}

function drawLine(svg, [path, type, , spans, events], row, versions, size) {
  const y = level(row);
  const end = versions.length;
  const proposed = versions[end - 1].proposed;
  for (const [from, past] of spans) {
    const x1 = middle(from, size);
    const stop = past === end ? middle(end - 1, size) + size.step * 0.36 : middle(past, size) - size.step * 0.5;
    const solid = proposed && past === end && from < end - 1 ? middle(end - 1, size) - size.step / 2 : stop;
    if (!(proposed && from === end - 1)) svg.append(s("line", { class: "life", x1, x2: Math.max(solid, x1 + 2), y1: y, y2: y }));
    if (proposed && past === end) svg.append(s("line", { class: "life planned", x1: Math.max(solid, x1), x2: stop, y1: y, y2: y }));
  }
  const grouped = new Map();
  for (const [at, what, text] of events) {
    if (!grouped.has(at)) grouped.set(at, []);
    grouped.get(at).push([what, text]);
  }
  return [...grouped].map(([at, told]) => {
    const worst = GRAVITY.find((what) => told.some(([one]) => one === what));
    const x = middle(at, size) - (worst === "retired" ? size.step * 0.5 : 0);
    const words = told.map(([what, text]) => (text ? `${EVENTS[what]}: ${text}` : EVENTS[what]));
    const label = `${path}, ${versions[at].name}: ${words.join("; ")}`;
    const group = s("g", { class: "event", tabindex: "-1", role: "img", "aria-label": label }, s("rect", { class: "hit", x: x - 10, y: y - 11, width: 20, height: 22, rx: 4 }), sign(worst, x, y));
    svg.append(tip(group, () => [`${path} in ${versions[at].name}`, ...words]));
    return group;
  });
}

/** The sign of an event: its shape tells it, its colour only helps. */
function sign(what, x, y) {
  const at = { class: `sign-${what}` };
  switch (what) {
    case "born":
      return s("circle", { ...at, cx: x, cy: y, r: 4.5 });
    case "back":
      return [s("circle", { ...at, cx: x, cy: y, r: 5 }), s("circle", { class: "inner", cx: x, cy: y, r: 2 })];
    case "renamed":
      return s("path", { ...at, d: `M${x} ${y - 6}l6 6l-6 6l-6 -6z` });
    case "retyped":
      return s("rect", { ...at, x: x - 4.5, y: y - 4.5, width: 9, height: 9, rx: 1 });
    case "symbols":
      return s("path", { ...at, d: `M${x} ${y - 5.5}l5.5 9.5h-11z` });
    case "defaulted":
      return s("circle", { ...at, cx: x, cy: y, r: 4 });
    case "undefaulted":
      return s("path", { ...at, d: `M${x - 4} ${y - 4}h8v8h-8z` });
    case "default":
      return s("path", { ...at, d: `M${x - 4} ${y + 3}l4 -6l4 6` });
    case "retired":
      return s("path", { ...at, d: `M${x} ${y - 6}v12` });
    default:
      return s("path", { ...at, d: `M${x} ${y - 4}v8` });
  }
}

function neighbour(events, target, key) {
  const row = events.findIndex((all) => all.includes(target));
  if (row < 0) return null;
  const at = events[row].indexOf(target);
  if (key === "ArrowRight") return events[row][at + 1];
  if (key === "ArrowLeft") return events[row][at - 1];
  const rows = events.filter((all) => all.length);
  const here = rows.indexOf(events[row]);
  const other = key === "ArrowDown" ? rows[here + 1] : key === "ArrowUp" ? rows[here - 1] : null;
  return other && other[Math.min(at, other.length - 1)];
}

// All subjects: what they are, how they stand, and a way to find one of ten thousand.

const PAGE = 50;

const list = { words: "", health: "", side: "", by: "", down: false, page: 0 };

const ORDER = Object.keys(HEALTH);

const SORTS = {
  health: (a, b) => ORDER.indexOf(a.health) - ORDER.indexOf(b.health),
  name: (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  versions: (a, b) => a.versions - b.versions,
  last: (a, b) => (a.last < b.last ? -1 : a.last > b.last ? 1 : 0),
  owners: (a, b) => ownersOf(a).join().localeCompare(ownersOf(b).join()),
  size: (a, b) => (a.avro || 0) - (b.avro || 0),
};

const SIDES = {
  git: { word: "Only in git", has: (one) => one.inGit > 0 && !one.inRegistry },
  registry: { word: "Only in the registry", has: (one) => one.inRegistry > 0 && !one.inGit },
  apart: { word: "Versions differ", has: (one) => one.inGit > 0 && one.inRegistry > 0 && one.inGit + one.inRegistry > 2 * one.inBoth },
};

const ownersOf = (one) => (one.owners.length ? one.owners : one.authors);

function chosen() {
  const words = list.words.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (one) =>
    (!list.health || one.health === list.health) &&
    (!list.side || SIDES[list.side].has(one)) &&
    words.every((word) => one.found.includes(word));
  const found = subjects.filter(fits);
  const way = list.down ? -1 : 1;
  // The worst first, unless something else is asked for; names decide between equals.
  const by = list.by ? (a, b) => way * SORTS[list.by](a, b) : SORTS.health;
  return found.sort((a, b) => by(a, b) || SORTS.name(a, b));
}

function overviewView() {
  const results = h("div", { class: "results" });
  const redraw = (focus) => {
    drawResults(results, redraw);
    if (focus && $(focus)) $(focus).focus();
  };
  const search = h("input", {
    type: "search",
    id: "search",
    placeholder: "Name, file or owner",
    autocomplete: "off",
    spellcheck: "false",
    value: list.words,
    oninput: (event) => {
      list.words = event.target.value;
      list.page = 0;
      redraw();
    },
  });
  redraw();
  return h(
    "div",
    { class: "view" },
    h("h1", { tabindex: "-1" }, count(subjects.length, "subject")),
    h("p", { class: "lead" }, leadText()),
    site.notes.length ? h("ul", { class: "notes" }, site.notes.map((note) => h("li", {}, note))) : "",
    h("div", { class: "tiles", role: "group", "aria-label": "Show only" }, tiles(redraw)),
    h("label", { class: "find", for: "search" }, h("span", {}, "Find"), search),
    results,
  );
}

function leadText() {
  const versions = subjects.reduce((sum, one) => sum + one.versions, 0);
  const modes = new Set(subjects.map((one) => one.mode));
  const under = modes.size === 1 ? `, all ${[...modes][0]}` : "";
  return `${count(versions, "published version")}${under}.`;
}

function tiles(redraw) {
  const made = [];
  const tile = (kind, key, number, word, about, sign) => {
    const pressed = () => (kind === "all" ? !list.health && !list.side : list[kind] === key);
    const turn = () => {
      const was = pressed();
      list.health = list.side = "";
      if (kind !== "all" && !was) list[kind] = key;
      list.page = 0;
      for (const one of made) one.button.setAttribute("aria-pressed", one.pressed());
      redraw();
    };
    const attributes = { type: "button", class: `tile ${kind} ${key}`, "aria-pressed": pressed(), onclick: turn, title: about };
    const button = h("button", attributes, h("b", {}, numbers.format(number)), h("span", {}, sign, word));
    made.push({ button, pressed });
  };
  tile("all", "", subjects.length, "All", "every subject", "");
  for (const health of ORDER) {
    const number = subjects.filter((one) => one.health === health).length;
    if (number) tile("health", health, number, HEALTH[health].word, HEALTH[health].about, mark(health));
  }
  for (const [side, { word, has }] of Object.entries(bothSides ? SIDES : {})) {
    const number = subjects.filter(has).length;
    if (number) tile("side", side, number, word, word, "");
  }
  return made.map((one) => one.button);
}

function drawResults(results, redraw) {
  const found = chosen();
  const start = list.page * PAGE;
  const shown = found.slice(start, start + PAGE);
  const modes = new Set(subjects.map((one) => one.mode)).size > 1;
  const sizes = subjects.some((one) => one.avro !== undefined);
  const of = found.length > PAGE ? `${numbers.format(start + 1)}–${numbers.format(start + shown.length)} of ` : "";
  const told = found.length ? `${of}${count(found.length, "subject")}` : "No subject fits.";
  results.replaceChildren(
    h("p", { class: "count", role: "status" }, told),
    found.length ? table(shown, redraw, { modes, sizes }) : "",
    pager(list, PAGE, found.length, redraw),
  );
}

function table(shown, redraw, { modes, sizes }) {
  const head = (label, key, options) => sortable(label, key, list, redraw, options);
  return h(
    "table",
    { class: "subjects" },
    h("caption", { class: "hidden" }, "Subjects"),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        head("Health", "health"),
        head("Subject", "name"),
        head("Versions", "versions", { class: "number", down: true }),
        bothSides ? h("th", { scope: "col" }, "Where") : "",
        head("Last change", "last", { down: true }),
        head("Owners", "owners"),
        sizes ? head("Message", "size", { class: "number", down: true }) : "",
        modes ? h("th", { scope: "col" }, "Mode") : "",
      ),
    ),
    h("tbody", {}, shown.map((one) => row(one, { modes, sizes }))),
  );
}

const STATES = { proposed: "new, proposed", changed: "a change is proposed", "not a schema": "not a schema" };

function row(one, { modes, sizes }) {
  const state = STATES[one.state] ? h("span", { class: "chip" }, STATES[one.state]) : "";
  const last = one.owners.length ? "" : one.authors.length ? "last: " : "";
  return h(
    "tr",
    {},
    h("td", { class: "is", "data-label": "Health" }, badge(one.health)),
    h("th", { scope: "row" }, h("a", { href: linkTo(one) }, named(one.name)), " ", state, h("bdi", { class: "file" }, one.path)),
    h("td", { class: "number", "data-label": "Versions" }, dots(one), numbers.format(one.versions)),
    bothSides ? h("td", { "data-label": "Where" }, where(one)) : "",
    h("td", { class: "date", "data-label": "Last change" }, day(one.last) || "–"),
    h("td", { class: "who", "data-label": "Owners" }, last, h("bdi", {}, ownersOf(one).join(", ") || "–")),
    sizes ? h("td", { class: "number", "data-label": "Message" }, one.avro === undefined ? "–" : bytes(one.avro)) : "",
    modes ? h("td", { class: "mode", "data-label": "Mode" }, one.mode) : "",
  );
}

function where(one) {
  if (!one.inRegistry) return one.inGit ? "only git" : "–";
  if (!one.inGit) return "only registry";
  const apart = [
    [one.inGit - one.inBoth, "only git"],
    [one.inRegistry - one.inBoth, "only registry"],
  ].filter(([number]) => number);
  return apart.length ? apart.map(([number, word]) => `${number} ${word}`).join(", ") : "both";
}

const MOST_DOTS = 12;

/** The last versions as dots: filled where a version and the one before read each other. */
function dots(one) {
  const last = one.dots.slice(-MOST_DOTS);
  if (last.length < 2) return "";
  const step = 7;
  const circles = last.map((kind, i) => s("circle", { cx: i * step + 4, cy: 5, r: 2.4, class: ["fine", "broken", "undecided"][kind] }));
  const width = last.length * step + 2;
  return s("svg", { class: "dots", width, height: 10, viewBox: `0 0 ${width} 10`, "aria-hidden": "true" }, circles);
}

// What every view uses: elements, words, numbers, the tooltip, and the data that the page carries.
"use strict";

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element. Children are nodes or text; text stays text. */
function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** An SVG element. */
function s(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || (value === false && !name.startsWith("aria-"))) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

const $ = (id) => document.getElementById(id);

const read = (id) => JSON.parse($(id).textContent);

const site = read("overview");

/** The subjects by what a view asks of them; the page's data are lists, to be small. */
const subjects = site.subjects.map((row, number) => {
  const [name, path, mode, state, health, versions, inGit, inRegistry, inBoth, last, owners, authors, sizes, dots] = row;
  const found = [name, path, ...owners, ...authors].join("\n").toLowerCase();
  const subject = { number, name, path, mode, state, health, versions, inGit, inRegistry, inBoth, last, owners, authors, dots };
  return Object.assign(subject, { json: sizes[0], avro: sizes[1], found });
});

const sameName = new Map();
for (const { name } of subjects) sameName.set(name, (sameName.get(name) || 0) + 1);
for (const one of subjects) one.key = sameName.get(one.name) > 1 ? `${one.name} ${one.path}` : one.name;
const byKey = new Map(subjects.map((one) => [one.key, one]));

const linkTo = (subject) => `#/s/${encodeURIComponent(subject.key)}`;

const bothSides = Boolean(site.git && site.registry);

const HEALTH = {
  broken: { word: "Broken", about: "what is proposed has an error" },
  undecided: { word: "Undecided", about: "something about it could not be looked at" },
  warned: { word: "Warning", about: "nothing breaks, something is not wise" },
  scarred: { word: "Past break", about: "nothing new, but published versions cannot read each other" },
  sound: { word: "Sound", about: "every version that the mode compares reads the others" },
  gone: { word: "Deleted", about: "the schema is gone; its data may still be read" },
};

const numbers = new Intl.NumberFormat("en");

const count = (number, word) => `${numbers.format(number)} ${word}${number === 1 ? "" : word.endsWith("s") ? "es" : "s"}`;

const percent = (share) => `${Math.round(share * 100)} %`;

/** A number of bytes, in a unit that leaves three digits. */
function bytes(number) {
  if (number < 1000) return `${number < 10 && number % 1 ? number.toFixed(1) : Math.round(number)} B`;
  const units = ["kB", "MB", "GB"];
  let unit = -1;
  do {
    number /= 1000;
    unit += 1;
  } while (number >= 1000 && unit < units.length - 1);
  return `${number < 10 ? number.toFixed(1) : Math.round(number)} ${units[unit]}`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A day as people write it; dates are ISO 8601. */
function day(date, year = true) {
  const [, y, m, d] = /^(\d{4})-(\d{2})-(\d{2})/.exec(date) || [];
  return y ? `${Number(d)} ${MONTHS[Number(m) - 1]}${year ? ` ${y}` : ""}` : "";
}

/** A full name with what is its own in front: the namespace steps back. */
function named(name) {
  const cut = name.lastIndexOf(".", name.indexOf(",") < 0 ? name.length : name.indexOf(","));
  const parts = [h("span", { class: "space" }, name.slice(0, cut + 1)), h("wbr"), name.slice(cut + 1)];
  return h("bdi", { class: "name" }, cut < 0 ? name : parts);
}

/** A version's name where there is little room. */
const brief = (name) => name.replace(/^registry (\d+)$/, "r$1").replace(/^.*@(\w{7})$/, "$1").replace(/^proposed$/, "new");

const PROPOSED = "the proposed one";

/** A path or a file, to be broken behind its joints. */
const path = (text) => h("bdi", { class: "mono" }, text.split(/(?<=[./\]}>])/).flatMap((part, i) => (i ? [h("wbr"), part] : [part])));

/** Versions in few words: v1–v4, v7. ``all`` are the names in order, ``chosen`` positions. */
function ranges(all, chosen) {
  const last = all.length - 1;
  const apart = all[last] === PROPOSED && chosen.includes(last) ? last : -1;
  const sorted = chosen.filter((at) => at !== apart).sort((a, b) => a - b);
  const words = [];
  for (let i = 0; i < sorted.length; ) {
    let j = i;
    while (j + 1 < sorted.length && sorted[j + 1] === sorted[j] + 1) j += 1;
    words.push(j === i ? all[sorted[i]] : `${all[sorted[i]]}${j === i + 1 ? ", " : "–"}${all[sorted[j]]}`);
    i = j + 1;
  }
  const told = words.join(", ");
  return apart < 0 ? told : told ? `${told} and ${PROPOSED}` : PROPOSED;
}

const badge = (health) => h("span", { class: `health ${health}` }, mark(health), HEALTH[health].word);

/** A small sign whose shape says what its colour says. */
function mark(health) {
  const shapes = {
    broken: "M4 4l8 8M12 4l-8 8",
    undecided: "M5.6 6a2.4 2.4 0 1 1 3.4 2.3c-.7.3-1 .7-1 1.5M8 12.2v.1",
    warned: "M8 2.2L14.6 13.5H1.4zM8 6.6v3M8 11.6v.1",
    scarred: "M2 8h3.5l1.8-4.5 2 9L11 8h3",
    sound: "M3.5 8.5l3 3 6-7",
    gone: "M3.5 8h9",
    notice: "M8 7v4.8M8 4.2v.1",
  };
  return s("svg", { class: "mark", viewBox: "0 0 16 16", "aria-hidden": "true" }, s("path", { d: shapes[health] }));
}

/** Shows a tooltip for an element while it is pointed at or has the focus; ``text`` gives its lines. */
function tip(element, text) {
  element.addEventListener("pointerenter", () => showTip(element, text()));
  element.addEventListener("pointerleave", hideTip);
  element.addEventListener("focus", () => showTip(element, text()));
  element.addEventListener("blur", hideTip);
  return element;
}

function showTip(element, lines) {
  const box = $("tip");
  box.replaceChildren(...lines.map((line, i) => h(i ? "div" : "strong", {}, line)));
  box.hidden = false;
  const at = element.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const left = Math.min(Math.max(8, at.left + at.width / 2 - width / 2), window.innerWidth - width - 8);
  const above = at.top - height - 8;
  box.style.left = `${left + window.scrollX}px`;
  box.style.top = `${(above > 4 ? above : at.bottom + 8) + window.scrollY}px`;
}

function hideTip() {
  $("tip").hidden = true;
}

/** Arrow keys move inside a picture with one stop for the Tab key; ``next`` says where a key leads. */
function roving(container, first, next) {
  if (first) first.setAttribute("tabindex", "0");
  container.addEventListener("focusin", (event) => {
    const target = event.target;
    for (const old of container.querySelectorAll('[tabindex="0"]')) {
      if (old !== target) old.setAttribute("tabindex", "-1");
    }
    target.setAttribute("tabindex", "0");
  });
  container.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hideTip();
    const target = next(event.target, event.key);
    if (!target) return;
    event.preventDefault();
    target.focus();
  });
}

/** A table whose columns can be sorted by their heads. */
function sortable(label, key, state, redraw, options = {}) {
  const active = state.by === key;
  const sort = active ? (state.down ? "descending" : "ascending") : undefined;
  const arrow = h("span", { class: "arrow", "aria-hidden": "true" }, active ? (state.down ? "↓" : "↑") : "");
  const turn = () => {
    state.down = active ? !state.down : Boolean(options.down);
    state.by = key;
    state.page = 0;
    redraw(`sort-${key}`);
  };
  const button = h("button", { type: "button", id: `sort-${key}`, onclick: turn }, label, arrow);
  return h("th", { scope: "col", class: options.class, "aria-sort": sort }, button);
}

/** Buttons that leaf through pages, nothing where there is one. */
function pager(state, size, total, redraw) {
  const last = Math.max(0, Math.ceil(total / size) - 1);
  if (!last) return "";
  const go = (id, label, page, off) =>
    h("button", { type: "button", id, disabled: off, onclick: () => ((state.page = page), redraw(id)) }, label);
  return h(
    "nav",
    { class: "pager", "aria-label": "Pages" },
    go("page-first", "First", 0, state.page === 0),
    go("page-before", "Previous", state.page - 1, state.page === 0),
    h("span", {}, `Page ${numbers.format(state.page + 1)} of ${numbers.format(last + 1)}`),
    go("page-next", "Next", state.page + 1, state.page === last),
    go("page-last", "Last", last, state.page === last),
  );
}

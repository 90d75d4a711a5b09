// Every version as reader against every version as writer, with the reason where one cannot read the other.

const LEVELS = ["fine", "unsafe", "broken", "undecided"];
const GLYPHS = ["", "!", "✕", "?"];
const SAID = ["reads it", "reads it, and may get something else than was written", "cannot read it", "undecided"];

function readersSection(matrix, all, subject) {
  const n = matrix.rows.length;
  const versions = all.slice(all.length - n);
  if (n < 2) return h("p", { class: "calm" }, "There is one version only: nobody to disagree with.");
  const kinds = matrix.kinds.map((runs) => {
    const cells = [];
    for (let i = 0; i < runs.length; i += 2) for (let k = 0; k < runs[i]; k += 1) cells.push(runs[i + 1]);
    return cells;
  });
  const verdict = (reader, writer) => matrix.verdicts[kinds[matrix.rows[reader]][writer]];
  const asked = questions(subject.mode, n);
  const reasons = (numbers) => numbers.map((at) => matrix.reasons[at]).map(([place, text]) => (place ? `${place}: ${text}` : text));
  const names = versions.map((one) => (one.proposed ? PROPOSED : one.name));
  const about = (reader, writer) => {
    const [level, ...why] = verdict(reader, writer);
    const rest = asked(reader, writer) ? [] : [`${subject.mode} does not ask for this`];
    return [`${names[reader]} reads what ${names[writer]} wrote: ${LEVELS[level]}`, ...reasons(why), ...rest];
  };
  return h(
    "div",
    { class: "readers" },
    h("p", { class: "lead" }, n < all.length ? `The newest ${n} of ${all.length} versions. ` : "", summary(verdict, asked, n, subject.mode)),
    h("div", { class: "matrix" }, grid(versions.map((one) => one.name), verdict, asked, about), key(verdict, asked, n)),
    causes(matrix, verdict, names),
  );
}

/** Whether the mode asks for a pair: by direction, and all pairs or only neighbours. */
function questions(mode, n) {
  const [kind] = mode.split("_");
  const all = mode.endsWith("_TRANSITIVE");
  return (reader, writer) => {
    if (kind === "NONE" || reader === writer) return false;
    if (!all && Math.abs(reader - writer) > 1) return false;
    return kind === "FULL" || (kind === "BACKWARD") === reader > writer;
  };
}

function summary(verdict, asked, n, mode) {
  const tally = [0, 0, 0, 0];
  let pairs = 0;
  for (let r = 0; r < n; r += 1)
    for (let w = 0; w < n; w += 1)
      if (asked(r, w)) {
        pairs += 1;
        tally[verdict(r, w)[0]] += 1;
      }
  if (!pairs) return `${mode} asks for nothing; the picture shows what holds all the same.`;
  const bad = [
    [tally[2], "cannot be read"],
    [tally[1], "may be misread"],
    [tally[3], "undecided"],
  ].filter(([number]) => number);
  const told = bad.map(([number, word]) => `${numbers.format(number)} ${word}`).join(", ");
  return `${mode} asks for ${count(pairs, "pair")}: ${told || "every reader reads every writer"}.`;
}

function grid(names, verdict, asked, about) {
  const n = names.length;
  const size = n <= 12 ? "large" : n <= 26 ? "middle" : "small";
  const every = n <= 26 ? 1 : 5;
  const label = (at) => (at % every === 0 || at === n - 1 ? brief(names[at]) : "");
  const cells = [];
  const column = (at) => h("th", { scope: "col", class: "writer", "aria-label": names[at] }, h("span", {}, label(at)));
  const cell = (reader, writer) => {
    const [level] = verdict(reader, writer);
    const self = reader === writer;
    const classes = ["cell", LEVELS[level], self ? "self" : "", self || asked(reader, writer) ? "" : "aside"].filter(Boolean).join(" ");
    const told = about(reader, writer).join(". ");
    const made = h("td", { class: classes, role: "gridcell", tabindex: "-1", "aria-label": told }, h("span", { "aria-hidden": "true" }, self ? "" : GLYPHS[level]));
    cells[reader][writer] = tip(made, () => about(reader, writer));
    return made;
  };
  const row = (reader) => {
    cells[reader] = [];
    const head = h("th", { scope: "row", class: "reader", "aria-label": names[reader] }, label(reader));
    return h("tr", { role: "row" }, head, names.map((_, writer) => cell(reader, writer)));
  };
  const table = h(
    "table",
    { class: `grid ${size}`, role: "grid", "aria-label": "Who reads whom: a row reads, a column wrote" },
    h("thead", {}, h("tr", { role: "row" }, h("td", { class: "corner" }, h("span", { "aria-hidden": "true" }, "reads ↓ wrote →")), names.map((_, at) => column(at)))),
    h("tbody", {}, names.map((_, at) => row(at))),
  );
  roving(table, cells[n - 1][0], (target, key) => {
    const at = cells.findIndex((all) => all.includes(target));
    if (at < 0) return null;
    const left = cells[at].indexOf(target);
    const moves = { ArrowUp: [at - 1, left], ArrowDown: [at + 1, left], ArrowLeft: [at, left - 1], ArrowRight: [at, left + 1], Home: [at, 0], End: [at, n - 1] };
    const [to, across] = moves[key] || [-1, -1];
    return cells[to] && cells[to][across];
  });
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Matrix of readers and writers" }, table);
}

function key(verdict, asked, n) {
  const seen = new Set([0]);
  let aside = false;
  for (let r = 0; r < n; r += 1)
    for (let w = 0; w < n; w += 1) {
      seen.add(verdict(r, w)[0]);
      aside = aside || (r !== w && !asked(r, w));
    }
  const item = (classes, glyph, word) => h("li", {}, h("span", { class: `cell ${classes}`, "aria-hidden": "true" }, glyph), word);
  const levels = [...seen].sort().map((level) => item(LEVELS[level], GLYPHS[level], SAID[level]));
  return h("ul", { class: "legend column" }, levels, aside ? item("fine aside", "", "the mode does not ask for it") : "");
}

/** The reasons in words: who cannot read whom, and why, each reason once. */
function causes(matrix, verdict, names) {
  if (!matrix.reasons.length) return "";
  const pairs = matrix.reasons.map(() => new Map());
  const levels = matrix.reasons.map(([, , , level]) => level);
  names.forEach((_, reader) =>
    names.forEach((__, writer) => {
      const [, ...why] = verdict(reader, writer);
      for (const at of why) {
        if (!pairs[at].has(writer)) pairs[at].set(writer, []);
        pairs[at].get(writer).push(reader);
      }
    }),
  );
  const order = matrix.reasons.map((_, at) => at).sort((a, b) => (levels[b] % 3) - (levels[a] % 3) || a - b);
  const shown = order.slice(0, 40);
  const rest = order.length - shown.length;
  const item = (at) => {
    const [place, text, rule] = matrix.reasons[at];
    const level = LEVELS[levels[at]];
    return h(
      "li",
      {},
      h("span", { class: `cell ${level}`, "aria-hidden": "true" }, GLYPHS[levels[at]]),
      h("div", {}, h("p", {}, place ? [path(place), " "] : "", h("bdi", {}, text), " ", rule ? h("code", { class: "rule" }, rule) : ""), h("p", { class: "harm" }, said(pairs[at], names, levels[at]))),
    );
  };
  return [h("h3", {}, "Why"), h("ul", { class: "causes" }, shown.map(item)), rest ? h("p", { class: "calm" }, `and ${count(rest, "more reason")}; point at the picture`) : ""];
}

/** Which readers and which writers, the writers that trouble the same readers together. */
function said(writers, names, level) {
  const groups = new Map();
  for (const [writer, readers] of writers) {
    const same = ranges(names, readers);
    if (!groups.has(same)) groups.set(same, []);
    groups.get(same).push(writer);
  }
  const verb = ["reads", "may misread", "cannot read", "is undecided on"][level];
  const told = [...groups].map(([readers, wrote]) => `${readers} ${verb} ${ranges(names, wrote)}`);
  return told.length > 4 ? `${told.slice(0, 4).join("; ")}; and ${told.length - 4} more groups` : told.join("; ");
}

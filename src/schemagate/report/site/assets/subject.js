// One subject: how it stands, its fields over time, who reads whom, what changed, its neighbours, its bytes.

function subjectView(subject) {
  const data = read(`subject-${subject.number}`);
  const versions = data.versions.map(([name, note, places, changes, reads, undecided, before]) => {
    const sides = new Set(places.map(([source]) => (source === "registry" ? "registry" : "git")));
    return { name, note, places, changes, reads, undecided, before, sides, proposed: !places.length };
  });
  const sections = [
    ["findings", "Findings", findingsSection(data, subject)],
    ["fields", "Fields over time", fieldsSection(data, versions)],
    ["readers", "Who reads whom", readersSection(data.matrix, versions, subject)],
    ["changes", "Changes", changesSection(versions, data.leftOut)],
    ["references", "References", referencesSection(subject)],
    ["wire", "Bytes on the wire", data.cost ? wireSection(data.cost) : null],
  ].filter(([, , body]) => body);
  const jump = (id) => (event) => {
    event.preventDefault();
    const target = $(id);
    target.scrollIntoView({ block: "start" });
    target.querySelector("h2").focus({ preventScroll: true });
  };
  return h(
    "div",
    { class: "view subject" },
    h("p", { class: "up" }, h("a", { href: "#/" }, "← All subjects")),
    h("h1", { tabindex: "-1" }, named(subject.name)),
    facts(subject, versions),
    h(
      "nav",
      { class: "sections", "aria-label": "On this page" },
      sections.map(([id, title]) => h("a", { href: location.hash, onclick: jump(id) }, title)),
    ),
    sections.map(([id, title, body]) =>
      h("section", { id, "aria-labelledby": `${id}-title` }, h("h2", { id: `${id}-title`, tabindex: "-1" }, title), body),
    ),
  );
}

function facts(subject, versions) {
  const fact = (name, value) => (value ? h("div", {}, h("dt", {}, name), h("dd", {}, value)) : "");
  const owner = subject.owners.length ? "Owner" : "Last authors";
  const apart = bothSides ? where(subject) : "";
  return h(
    "dl",
    { class: "facts" },
    fact("Health", [badge(subject.health), h("span", { class: "about" }, HEALTH[subject.health].about)]),
    fact("Mode", h("code", {}, subject.mode)),
    fact("Versions", [String(subject.versions), versions.some((one) => one.proposed) ? " and one proposed" : ""]),
    fact("Where", apart),
    fact("Last change", day(subject.last)),
    fact(owner, ownersOf(subject).length ? h("bdi", {}, ownersOf(subject).join(", ")) : ""),
    fact("File", subject.path && path(subject.path)),
  );
}

const SEVERITIES = { error: "broken", warning: "warned", notice: "notice" };

function findingsSection(data, subject) {
  const fresh = data.findings.filter((one) => !one.inherited);
  const past = data.findings.filter((one) => one.inherited);
  const group = (title, rows) =>
    rows.length ? [title ? h("h3", {}, title) : "", h("ul", { class: "findings" }, rows.map(findingItem))] : [];
  const calm = !subject.path
    ? "Not judged: no file in git has this subject."
    : subject.state === "deleted" ? "The file is gone: there is nothing to judge." : "Nothing to say: clean.";
  const all = [
    data.undecided.length ? h("ul", { class: "notes" }, data.undecided.map((why) => h("li", {}, `Undecided: ${why}`))) : "",
    ...group("", fresh),
    ...group("What published versions already have against each other", past),
    ...group("Accepted", data.accepted),
  ].filter(Boolean);
  return all.length ? all : h("p", { class: "calm" }, calm);
}

function findingItem(one) {
  const accepted = one.reason
    ? h("p", { class: "reason" }, `Accepted${one.owner ? ` by ${one.owner}` : ""}${one.expires ? ` until ${day(one.expires) || one.expires}` : ""}: ${one.reason}`)
    : "";
  return h(
    "li",
    { class: one.inherited || one.reason ? "past" : one.severity },
    h("span", { class: `health ${SEVERITIES[one.severity] || "notice"}` }, mark(SEVERITIES[one.severity] || "notice"), one.severity),
    h(
      "div",
      {},
      h("p", { class: "message" }, h("bdi", {}, one.message), " ", h("code", { class: "rule" }, one.rule)),
      one.place || one.path ? h("p", { class: "place" }, one.path ? path(one.path) : "", one.path && one.place ? " · " : "", one.place ? path(one.place) : "") : "",
      one.harms.map((harm) => h("p", { class: "harm" }, harm)),
      one.proof.map(proofLine),
      one.help && !one.inherited ? h("pre", { class: "help", tabindex: "0", role: "group", "aria-label": "Help" }, one.help) : "",
      accepted,
    ),
  );
}

/** "proof: ..." or "known: ...", with what was run or is known behind its label. */
function proofLine(told) {
  const cut = told.indexOf(": ");
  return h("p", { class: "proof" }, h("span", { class: "label" }, told.slice(0, cut)), " ", h("bdi", {}, told.slice(cut + 2)));
}

const FIRST_CHANGES = 12;

function changesSection(versions, leftOut) {
  const newest = versions.map((one, at) => ({ one, at })).reverse();
  const box = h("div", {});
  const draw = (all) => {
    const shown = all ? newest : newest.slice(0, FIRST_CHANGES);
    const more = () => {
      draw(true);
      box.querySelectorAll("h3")[FIRST_CHANGES].focus();
    };
    const rest = newest.length - shown.length;
    box.replaceChildren(
      h("ol", { class: "changes" }, shown.map(({ one, at }) => changeItem(one, versions[at - 1]))),
      rest ? h("button", { type: "button", class: "more", onclick: more }, `Show ${count(rest, "older version")}`) : "",
    );
  };
  draw(false);
  addEventListener("beforeprint", () => draw(true));
  const out = leftOut.length ? [h("h3", {}, "Left out"), h("ul", { class: "notes" }, leftOut.map((why) => h("li", {}, why)))] : "";
  return [box, out];
}

function changeItem(one, before) {
  const kind = one.proposed ? "proposed" : "";
  return h(
    "li",
    { class: kind },
    h(
      "div",
      { class: "head" },
      h("h3", { tabindex: "-1" }, one.name, one.note && !one.proposed ? h("span", { class: "chip" }, one.note) : ""),
      bothSides && one.sides.size === 1 ? h("span", { class: "chip side" }, `only in ${one.sides.has("git") ? "git" : "the registry"}`) : "",
      one.proposed ? h("span", { class: "chip" }, one.note.replace("not published: ", "")) : "",
    ),
    placesList(one.places),
    one.before ? h("p", { class: "edit" }, "the file before: ", h("bdi", { class: "mono" }, one.before)) : "",
    one.changes === null
      ? h("p", { class: "calm" }, "The first version.")
      : one.changes.length
        ? h("dl", { class: "edits" }, one.changes.map(editRows))
        : h("p", { class: "calm" }, "The same in meaning."),
    before ? verdictLine(one, before) : "",
  );
}

const MOST_PLACES = 3;

function placesList(places) {
  if (!places.length) return "";
  const item = ([source, label, date, author, title, file]) =>
    h(
      "li",
      {},
      h("span", { class: `source-mark ${source}`, "aria-hidden": "true" }),
      h("bdi", { class: "label mono", title: file }, label),
      date ? h("time", { datetime: date }, day(date)) : "",
      title ? h("bdi", { class: "title" }, title) : "",
      author ? h("bdi", { class: "author" }, author) : "",
    );
  const more = places.length - MOST_PLACES;
  return h(
    "ul",
    { class: "places" },
    places.slice(0, MOST_PLACES).map(item),
    more > 0 ? h("li", {}, `and published ${count(more, "more time")}`) : "",
  );
}

function editRows([place, edits]) {
  return h(
    "div",
    {},
    h("dt", {}, path(place)),
    h("dd", {}, edits.map(([what, text]) => h("div", { class: `edit ${what}` }, h("span", { class: "what" }, what), h("bdi", {}, text)))),
  );
}

function verdictLine(one, before) {
  if (one.undecided) return h("p", { class: "verdicts" }, `Undecided: ${one.undecided}`);
  const [backward, forward] = one.reads;
  const told = (fine, yes, no) =>
    fine === null ? "" : h("span", { class: `health ${fine ? "sound" : "broken"}` }, mark(fine ? "sound" : "broken"), fine ? yes : no);
  return h(
    "p",
    { class: "verdicts" },
    told(backward, `reads ${before.name}`, `cannot read ${before.name}`),
    told(forward, `read by ${before.name}`, `${before.name} cannot read it`),
  );
}

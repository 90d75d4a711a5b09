// What messages cost on the wire: JSON with its field names against Avro with the registry's header.

const WAYS = { alone: "One by one", plain: "Batch of 100", gzip: "Batch of 100, gzip", zstd: "Batch of 100, zstd" };

const costs = { by: "avro", down: true, page: 0 };

function bytesView() {
  const table = h("div", {});
  const redraw = (focus) => {
    drawCosts(table, redraw);
    if (focus && $(focus)) $(focus).focus();
  };
  redraw();
  return h(
    "div",
    { class: "view" },
    h("h1", { tabindex: "-1" }, "Bytes on the wire"),
    wireSection(site.costs),
    site.assumptions.length ? h("ul", { class: "notes" }, site.assumptions.map((one) => h("li", {}, one))) : "",
    h("h2", {}, "By subject"),
    table,
  );
}

function wireSection(cost) {
  if (!cost.messages) return h("p", { class: "calm" }, "No message could be made.");
  const rows = [["alone", cost.json, cost.avro], ...Object.entries(cost.batches).filter(([way]) => way !== "plain").map(([way, [json, avro]]) => [way, json, avro])];
  const most = Math.max(...rows.flatMap(([, json, avro]) => [json, avro]));
  const share = cost.names / cost.json;
  return h(
    "div",
    { class: "wire" },
    h("p", { class: "lead" }, `Of ${count(cost.messages, "message")}, field names are ${percent(share)} of the JSON; Avro takes ${percent(1 - cost.avro / cost.json)} less, its 5-byte header included.`),
    h(
      "table",
      { class: "bars" },
      h("caption", { class: "hidden" }, "Bytes a message"),
      h("thead", {}, h("tr", {}, ["", "Format", "Bytes a message", "Saved"].map((word) => (word ? h("th", { scope: "col" }, word) : h("td", {}))))),
      h("tbody", {}, rows.map(([way, json, avro]) => pair(way, json, avro, most, cost))),
    ),
  );
}

function pair(way, json, avro, most, cost) {
  const each = (total) => bytes(total / cost.messages);
  const names = way === "alone" ? cost.names : 0;
  const saved = json ? 1 - avro / json : 0;
  return [
    h("tr", { class: "first" }, h("th", { scope: "rowgroup", rowspan: 2 }, WAYS[way]), h("td", { class: "format" }, "JSON"), h("td", {}, bar(json, most, "json", names), h("span", { class: "value" }, each(json), names ? h("span", { class: "about" }, ` ${each(names)} of it names`) : "")), h("td", {})),
    h("tr", {}, h("td", { class: "format" }, "Avro"), h("td", {}, bar(avro, most, "avro", 0), h("span", { class: "value" }, each(avro))), h("td", { class: "number" }, percent(saved))),
  ];
}

function bar(value, most, kind, names) {
  const width = 420;
  const full = Math.max(2, (value / most) * width);
  const part = names ? (names / most) * width : 0;
  const parts = [s("rect", { class: `bar ${kind}`, x: 0, y: 1, width: full, height: 12, rx: 2 })];
  if (part) parts.push(s("rect", { class: "bar names", x: 0, y: 1, width: part, height: 12, rx: 2 }));
  return s("svg", { class: "barbox", viewBox: `0 0 ${width} 14`, preserveAspectRatio: "none", "aria-hidden": "true" }, parts);
}

function drawCosts(box, redraw) {
  const sized = subjects.filter((one) => one.avro !== undefined);
  const value = { name: (one) => one.name, json: (one) => one.json, avro: (one) => one.avro, saved: (one) => 1 - one.avro / one.json }[costs.by];
  const way = costs.down ? -1 : 1;
  const rows = [...sized].sort((a, b) => way * (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0));
  const shown = rows.slice(costs.page * PAGE, (costs.page + 1) * PAGE);
  const most = Math.max(...sized.map((one) => one.json));
  const head = (label, key, options) => sortable(label, key, costs, redraw, options);
  const line = (one) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, h("a", { href: linkTo(one) }, named(one.name))),
      h("td", { class: "number", "data-label": "JSON" }, bytes(one.json)),
      h("td", { class: "number", "data-label": "Avro" }, bytes(one.avro)),
      h("td", { class: "number", "data-label": "Saved" }, percent(1 - one.avro / one.json)),
      h("td", { class: "two", "aria-hidden": "true" }, bar(one.json, most, "json", 0), bar(one.avro, most, "avro", 0)),
    );
  const left = subjects.length - sized.length;
  const number = { class: "number", down: true };
  box.replaceChildren(
    h(
      "table",
      { class: "subjects sizes" },
      h("thead", {}, h("tr", {}, head("Subject", "name"), head("JSON", "json", number), head("Avro", "avro", number), head("Saved", "saved", number), h("td", {}))),
      h("tbody", {}, shown.map(line)),
    ),
    pager(costs, PAGE, rows.length, redraw),
    left ? h("p", { class: "calm" }, `${count(left, "subject")} not measured.`) : "",
  );
}

// Which view the address asks for, and what stands around every view.

const VIEWS = { "": overviewView, bytes: bytesView };

function route() {
  const raw = location.hash.replace(/^#\/?/, "");
  const subject = raw.startsWith("s/") ? byKey.get(safely(raw.slice(2))) : undefined;
  if (subject) return { view: () => subjectView(subject), title: subject.name, here: "subject" };
  const view = VIEWS[raw];
  if (view) return { view, title: raw ? "Bytes on the wire" : "", here: raw };
  return { view: () => missing(raw), title: "Not on this page", here: "missing" };
}

function safely(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

function missing(what) {
  return h(
    "div",
    { class: "view" },
    h("h1", { tabindex: "-1" }, "Not on this page"),
    h("p", {}, "There is no subject ", h("bdi", {}, safely(what).replace(/^s\//, "")), " here. "),
    h("p", {}, h("a", { href: "#/" }, "All subjects")),
  );
}

let first = true;

function show() {
  hideTip();
  const { view, title, here } = route();
  document.title = title ? `${title} · ${site.title}` : `${site.title}: schema history`;
  drawTop(here);
  $("main").replaceChildren(view());
  dispatchEvent(new Event("shown"));
  if (!first) {
    window.scrollTo(0, 0);
    const head = $("main").querySelector("h1");
    if (head) head.focus({ preventScroll: true });
  }
  first = false;
}

function drawTop(here) {
  const link = (href, key, word) => h("a", { href, "aria-current": here === key ? "page" : undefined }, word);
  const logo = s(
    "svg",
    { class: "logo", viewBox: "0 0 16 16", "aria-hidden": "true" },
    s("path", { d: "M2 4h12M2 8h7M5 12h9" }),
  );
  $("top").replaceChildren(
    h("a", { class: "brand", href: "#/" }, logo, h("bdi", {}, site.title)),
    h("nav", { "aria-label": "Views" }, link("#/", "", "Subjects"), site.costs ? link("#/bytes", "bytes", "Bytes on the wire") : ""),
    h("p", { class: "source" }, sources(), " · ", h("time", { datetime: site.made }, day(site.made))),
  );
}

function sources() {
  const words = [];
  if (site.git) words.push("git ", h("bdi", {}, site.git));
  if (bothSides) words.push(" and ");
  if (site.registry) words.push("registry ", h("bdi", {}, site.registry));
  return words;
}

$("foot").replaceChildren(h("p", {}, `Made by schemagate ${site.tool} on ${day(site.made)}. Everything is in this file: nothing is loaded from anywhere.`));

addEventListener("hashchange", show);
addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
  if (event.key === "/" && !typing && $("search")) {
    event.preventDefault();
    $("search").focus();
  }
});

show();

// Runs in the page: the elements asked for, with the rules of the page's style that they use, in an SVG of their own.
({selector, name, source, title, told}) => {
  const SVG = "http://www.w3.org/2000/svg", XHTML = "http://www.w3.org/1999/xhtml";
  const found = [...document.querySelectorAll(selector)];
  const box = document.createElementNS(XHTML, "div");
  box.setAttribute("class", "drawing");
  for (const one of found) {
    const copy = one.cloneNode(true);
    for (const link of copy.querySelectorAll("a")) {
      const group = document.createElementNS(SVG, "g");
      group.setAttribute("class", link.getAttribute("class"));
      group.append(...link.childNodes);
      link.replaceWith(group);
    }
    for (const each of [copy, ...copy.querySelectorAll("*")]) {
      for (const dropped of [...each.attributes].map((one) => one.name)) {
        if (/^(tabindex|role|href|title|id|aria-.*)$/.test(dropped) && !each.closest("marker")) each.removeAttribute(dropped);
      }
    }
    for (const hit of copy.querySelectorAll(".hit, .event > title")) hit.remove();
    box.append(copy);
  }
  const places = found.map((one) => one.getBoundingClientRect());
  const sized = (a, b) => Math.ceil(Math.max(...places.map((one) => one[b])) - Math.min(...places.map((one) => one[a])));
  const width = Math.ceil((sized("left", "right") + 34) / 10) * 10, height = Math.ceil((sized("top", "bottom") + 34) / 10) * 10;
  document.body.append(box);
  const used = (rule) => rule.selectorText.split(",").some((one) => /^\s*(:root|\*)\s*$/.test(one)
    || (!/:(hover|focus)/.test(one) && [box, ...box.querySelectorAll("*")].some((each) => each !== box && each.matches(one))));
  const kept = (rules) => [...rules].flatMap((rule) => {
    if (rule instanceof CSSStyleRule) return used(rule) ? [rule.cssText] : [];
    if (rule instanceof CSSMediaRule && /prefers-color-scheme/.test(rule.conditionText)) {
      const inner = kept(rule.cssRules);
      return inner.length ? [`@media ${rule.conditionText} { ${inner.join(" ")} }`] : [];
    }
    return [];
  });
  const style = [
    ...kept(document.styleSheets[0].cssRules),
    ":root { font-size: 15px; }",
    ".drawing { font: 15px/1.5 var(--sans); color: var(--ink); background: var(--paper); padding: 16px; border-radius: 9px; height: 100%; }",
  ].join("\n    ").replace(/[<&]/g, (one) => one === "<" ? "&lt;" : "&amp;");
  box.remove();
  const escaped = (text) => text.replace(/[<&]/g, (one) => one === "<" ? "&lt;" : "&amp;");
  const body = new XMLSerializer().serializeToString(box);
  return [
    `<svg xmlns="${SVG}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img"`,
    `  aria-labelledby="${name}-title ${name}-told" data-source="${source}">`,
    `  <title id="${name}-title">${escaped(title)}</title>`,
    `  <desc id="${name}-told">${escaped(told)}</desc>`,
    `  <style>\n    ${style}\n  </style>`,
    `  <foreignObject width="${width}" height="${height}">${body}</foreignObject>`,
    "</svg>",
  ].join("\n");
}

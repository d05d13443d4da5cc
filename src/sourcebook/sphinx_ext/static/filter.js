// Filters for the pages of the record. Every entry is static; this only hides those that were not asked for.
"use strict";
(() => {
  const lists = [...document.querySelectorAll("dl.evidence-entries")];
  const facetsOf = (term) =>
    [...term.classList].filter((name) => name.startsWith("facet-")).map((name) => name.slice(6).split("--"));
  const entries = lists.flatMap((list) => [...list.children].filter((child) => child.tagName === "DT"));
  const values = new Map(); // facet -> value -> entries
  for (const entry of entries) {
    for (const [facet, value] of facetsOf(entry)) {
      if (!values.has(facet)) values.set(facet, new Map());
      const counts = values.get(facet);
      counts.set(value, (counts.get(value) || 0) + 1);
    }
  }
  if (!values.size || entries.length < 12) return;
  const names = JSON.parse(document.getElementById("facet-names").textContent);
  const nameOf = (facet, value) => names[facet]?.[value] ?? value.replace(/[-_]/g, " ");

  const form = document.createElement("form");
  form.className = "record-filter";
  form.setAttribute("role", "search");
  form.setAttribute("aria-label", "Filter the entries");
  const told = document.createElement("output");
  const selects = [...values].sort().map(([facet, counts]) => {
    const label = document.createElement("label");
    const select = document.createElement("select");
    select.name = facet;
    select.append(new Option("any", ""));
    const options = [...counts].map(([value, count]) => [`${nameOf(facet, value)} (${count})`, value]);
    options.sort(([one], [other]) => one.localeCompare(other, "en"));
    for (const [name, value] of options) select.append(new Option(name, value));
    label.append(`${facet} `, select);
    form.append(label);
    return select;
  });
  const reset = document.createElement("button");
  reset.type = "reset";
  reset.textContent = "Show all";
  form.append(reset, told);

  const apply = () => {
    const asked = selects.filter((select) => select.value).map((select) => [select.name, select.value]);
    let shown = 0;
    for (const entry of entries) {
      const has = facetsOf(entry);
      const fits = asked.every(([facet, value]) => has.some(([f, v]) => f === facet && v === value));
      shown += fits;
      entry.hidden = !fits;
      for (let next = entry.nextElementSibling; next && next.tagName === "DD"; next = next.nextElementSibling) {
        next.hidden = !fits;
      }
    }
    told.textContent = asked.length ? `${shown} of ${entries.length} entries` : "";
  };
  form.addEventListener("change", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  // after what the page says of itself
  document.querySelector(".bd-article section").querySelector(":scope > :is(section, dl)").before(form);
  // an entry that a link leads to is shown, whatever was asked for
  window.addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target?.closest("[hidden]")) form.reset();
  });
})();

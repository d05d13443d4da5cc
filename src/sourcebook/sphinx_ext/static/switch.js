// The source switch: what is left of the page without some documents. Everything was computed when the book was built;
// this script only selects, by the documents that are set aside. Without it the page is as it was written.
(() => {
  "use strict";
  const island = document.getElementById("left-without");
  if (!island) return;
  const { documents, left, figures, single } = JSON.parse(island.textContent);
  const drawn = new URL("without/", document.currentScript.src).href;
  const PARAMETER = "without";

  const make = (tag, properties, ...parts) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...parts);
    return element;
  };
  const hidden = (text) => make("span", { className: "visually-hidden" }, text);
  const of = ([bits, texts], away) => texts[away & bits]; // undefined where nothing changes, null where nothing is left
  // A choice is a number: a bit for each document; of a large library the place of the one document set aside, from 1.
  const choice = (set) => documents.reduce((away, [id], i) => (!set(id, i) ? away : single ? i + 1 : away | 1 << i), 0);
  const holds = (away, i) => (single ? away === i + 1 : Boolean(away & (1 << i)));
  const names = (away) => documents.filter((_, i) => holds(away, i)).map(([, name]) => name);
  const listed = (words) => (words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : words[0]);

  // The choice: in the address, so that it can be shared; else as it was made in this tab.
  const read = (text) => choice((id) => text.split(",").includes(id));
  const written = (away) => documents.filter((_, i) => holds(away, i)).map(([id]) => id).join(",");
  function remembered() {
    const asked = new URLSearchParams(location.search).get(PARAMETER);
    if (asked !== null) return read(asked);
    try {
      return read(sessionStorage.getItem(PARAMETER) ?? "");
    } catch {
      return 0; // storage may be forbidden: then the links carry the choice
    }
  }

  function address(url, away) {
    const others = url.search.slice(1).split("&").filter((part) => part && part.split("=")[0] !== PARAMETER);
    if (away) others.push(`${PARAMETER}=${written(away)}`);
    url.search = others.join("&");
    return url;
  }

  function remember(away) {
    try {
      sessionStorage.setItem(PARAMETER, written(away));
    } catch {} // as above
    try {
      history.replaceState(history.state, "", address(new URL(location.href), away));
    } catch {} // a page opened from a file may not be allowed to
    const book = new URL(document.documentElement.dataset.content_root, location.href).href;
    for (const link of document.querySelectorAll("a[href]")) {
      const page = /\.html$/.test(link.pathname) || link.pathname.endsWith("/");
      if (page && link.href.startsWith(book) && !link.getAttribute("href").startsWith("#")) address(link, away);
    }
  }

  // What is marked: bound numbers, the entries of this page, and places that wait for a note.
  const marked = [];
  for (const link of document.querySelectorAll("a.evidence")) {
    const key = link.hash.slice(1);
    if (left[key]) marked.push({ element: link, behind: link, key });
  }
  for (const [key, found] of Object.entries(left)) {
    const entry = document.getElementById(key)?.closest("dt");
    if (entry) marked.push({ element: entry, behind: entry.querySelector("strong") ?? entry.lastElementChild, key });
    for (const place of document.getElementsByClassName(`left-of--${key}`)) {
      marked.push({ element: place.closest("li, p") ?? place, behind: place, key, told: true });
    }
  }

  function mark(place, away) {
    const { element, behind, key } = place;
    const text = of(left[key], away);
    if (text === place.text && !text) return; // most of a page stands, or stays gone
    place.text = text;
    place.note?.remove();
    element.toggleAttribute("data-gone", text === null);
    element.toggleAttribute("data-changed", Boolean(text));
    delete element.dataset.left;
    if (text === undefined) return;
    element.dataset.left = text === null ? "rests only on what is set aside" : text; // the card tells it
    const told = text === null
      ? [hidden(" (rests only on what is set aside)"), make("span", { ariaHidden: "true" }, "\u2298")]
      : [hidden("; without what is set aside: "), `[${text}]`];
    place.note = make("span", { className: "left-note" }, ...told);
    behind.after(place.note);
  }

  function follow(name, { left: found, drawn: again }, away) {
    const figure = document.getElementById(`fig-${name}`) ?? document.querySelector(`.picture-of--${name}`);
    const text = away ? of(found, away) : undefined;
    figure.querySelector(".left-figure")?.remove();
    const pictures = again ? figure.querySelectorAll("img.only-light, img.only-dark") : [];
    for (const picture of pictures) {
      picture.dataset.whole ??= JSON.stringify([picture.getAttribute("src"), picture.alt]);
      const [src, alt] = JSON.parse(picture.dataset.whole);
      const dark = picture.classList.contains("only-dark") ? "-dark" : "";
      picture.src = away ? `${drawn}${name}${dark}.${away}.svg` : src;
      picture.alt = away ? `Drawn without ${listed(names(away))}. ${text}` : alt;
    }
    const words = away && again ? `Drawn without ${listed(names(away))}; the caption is on all documents.` : text;
    if (words) figure.prepend(make("p", { className: "left-figure" }, words));
  }

  const status = make("p", { className: "left-status" });
  status.setAttribute("role", "status");
  const all = make("button", { type: "button" }, "Read with all");
  const banner = make("div", { className: "left-banner", hidden: true }, status, all);

  function tell(away) {
    const gone = marked.filter(({ element, told }) => !told && element.hasAttribute("data-gone")).length;
    const changed = marked.filter(({ element, told }) => !told && element.hasAttribute("data-changed")).length;
    banner.hidden = !away;
    status.textContent = away
      ? `Read without ${listed(names(away))}. Of what this page leads to, ${gone} ${gone === 1 ? "rests" : "rest"} only on what is set aside (\u2298), and ${changed} ${changed === 1 ? "changes" : "change"} ([ ]).`
      : "Read with all documents.";
  }

  function apply(away) {
    for (const place of marked) mark(place, away);
    for (const [name, found] of Object.entries(figures)) follow(name, found, away);
    toggle.textContent = away ? `Documents: ${documents.length - names(away).length} of ${documents.length}` : "Documents: all";
    toggle.toggleAttribute("data-on", Boolean(away));
    boxes.forEach((box, i) => { box.checked = !holds(away, i); });
    tell(away);
  }

  function choose(away) {
    remember(away);
    apply(away);
  }

  const boxes = documents.map(([id]) => make("input", { type: "checkbox", value: id, checked: true }));
  const toggle = make("button", { type: "button", className: "left-toggle", ariaExpanded: "false" });
  const fields = make("fieldset", {}, make("legend", {}, "Read with these documents"));
  boxes.forEach((box, i) => fields.append(make("label", {}, box, ` ${documents[i][1]}`)));
  const panel = make("div", { className: "left-panel", id: "left-panel", hidden: true }, fields,
    make("p", {}, "What rests only on a document that is set aside is marked on every page; counts follow."));
  const control = make("div", { className: "left-control" }, toggle, panel);
  toggle.setAttribute("aria-controls", panel.id);

  function show(open) {
    panel.hidden = !open;
    toggle.ariaExpanded = String(open);
  }
  toggle.addEventListener("click", () => show(panel.hidden));
  fields.addEventListener("change", ({ target }) => choose(choice((_, i) => !boxes[i].checked && (!single || boxes[i] === target))));
  all.addEventListener("click", () => {
    choose(0);
    toggle.focus();
  });
  control.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || panel.hidden) return;
    event.stopPropagation();
    show(false);
    toggle.focus();
  });
  document.addEventListener("pointerdown", ({ target }) => control.contains(target) || show(false));
  control.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !control.contains(relatedTarget)) show(false);
  });

  const home = document.querySelector(".article-header-buttons");
  if (home) home.append(control);
  else document.querySelector("main")?.prepend(control);
  document.querySelector(".bd-article")?.prepend(banner);
  const asked = remembered();
  apply(0);
  if (asked) setTimeout(choose, 0, asked); // once the live region is there: else a screen reader does not tell it
})();

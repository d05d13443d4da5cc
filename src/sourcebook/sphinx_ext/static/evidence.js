// The card of a bound number, and the control that quietens numbers. Without this script each number is a plain link.
(() => {
  "use strict";
  const OPEN_AFTER = 120; // ms: a pointer that only passes by opens nothing
  const CLOSE_AFTER = 250; // ms: enough to cross from the number into its card
  const GAP = 6; // px between number and card
  const MARGIN = 8; // px between card and window

  const make = (tag, name, ...parts) => {
    const element = document.createElement(tag);
    if (name) element.className = name;
    element.append(...parts); // strings become text nodes: what a document says is never read as markup
    return element;
  };

  // A bdi keeps right-to-left words from reordering what stands beside them.
  const words = (text) => make("bdi", "", text ?? "");

  function linkTo(text, url) {
    const link = make("a", "", words(text));
    try {
      // The base makes relative addresses https: too; javascript:, data: and file: keep their scheme and fail.
      if (url && /^https?:$/.test(new URL(url, "https://base.invalid").protocol)) link.href = url;
    } catch {} // no address at all
    return link.href ? link : words(text);
  }

  // Places in a quote are counted in code points, as Python counts; JavaScript's own count differs beyond U+FFFF.
  function quotation({ text, mark, source, place }) {
    const points = [...text];
    const quote = make("blockquote");
    quote.dir = "auto";
    let at = 0;
    for (const [start, end] of mark ?? []) {
      quote.append(points.slice(at, start).join(""), make("mark", "", points.slice(start, end).join("")));
      at = end;
    }
    quote.append(points.slice(at).join(""));
    return [quote, make("p", "evidence-card-place", words(source), place ? ", " : "", words(place))];
  }

  function facts(lines, inputs) {
    const rows = lines.flatMap(({ label, text, url }) => [make("dt", "", label), make("dd", "", linkTo(text, url))]);
    if (inputs.length) rows.push(make("dt", "", "From"));
    for (const { text, href } of inputs) rows.push(make("dd", "", linkTo(text, href)));
    return rows.length ? [make("dl", "", ...rows)] : [];
  }

  function review({ verdict, key, publisher, url, text, note }) {
    const found = make("strong", "", verdict);
    found.dataset.verdict = key;
    const who = publisher ? [linkTo(publisher, url), " "] : [];
    const what = text ? [": ", words(text)] : [];
    return make("p", "evidence-card-review", ...who, found, ...what, ". ", words(note));
  }

  function conflict({ severity, what, used, href }) {
    const choice = used ? [" The book uses: ", words(used.replace(/\.$/, "")), "."] : [];
    return make("p", "evidence-card-conflict", linkTo("In conflict", href), ` (${severity}): `, words(what), ...choice);
  }

  function content(record) {
    const kind = make("p", "evidence-card-kind", record.kind);
    const title = make("p", "evidence-card-title", words(record.title));
    kind.id = "evidence-card-kind";
    title.id = "evidence-card-title";
    return [
      kind, make("p", "evidence-card-value", words(record.value)), title,
      ...(record.quote ? quotation(record.quote) : []),
      ...facts(record.lines ?? [], record.inputs ?? []),
      ...(record.conflicts ?? []).map(conflict), // first: who follows the mark wants these
      ...(record.verdicts ?? []).map(review),
    ];
  }

  function cards(records) {
    const body = make("div");
    const entry = make("a", "");
    const copy = make("button", "", "Copy citation");
    const status = make("span", "");
    const citation = make("p", "");
    const actions = make("div", "evidence-card-actions", copy, status, citation);
    const card = make("div", "evidence-card", body, actions);
    card.id = "evidence-card";
    card.popover = "manual"; // light dismissal of "auto" fails on iOS before 18.3, and takes a scroll for a tap
    card.tabIndex = -1;
    card.setAttribute("role", "dialog");
    card.setAttribute("aria-labelledby", "evidence-card-title");
    copy.type = "button";
    status.setAttribute("role", "status");
    document.body.append(card);

    const opened = { "aria-expanded": "true", "aria-controls": card.id, "aria-describedby": "evidence-card-kind" };
    let number = null; // the link whose card is open
    let dismissed = null; // the link under the pointer when Esc was pressed: not to open again at once
    let openBefore = null; // the number whose card was open when the pointer went down
    let timer = 0, touched = false, outside = false, returning = false;

    const recordOf = (link) => records.get(link.hash.slice(1));
    const inside = (node) => Boolean(number && node && (number.contains(node) || card.contains(node)));
    // Held by the keyboard: a pointer lying still over another number, moved there by scrolling, does not take over.
    const held = () => inside(document.activeElement) && document.activeElement.matches(":focus-visible");

    function boundNumber(node) {
      const link = node instanceof Element ? node.closest("a.evidence") : null;
      return link && recordOf(link) ? link : null;
    }

    function place() {
      if (!number) return;
      const { clientWidth, clientHeight } = document.documentElement;
      const box = number.getBoundingClientRect();
      const lines = number.getClientRects();
      const seen = lines.length && box.bottom > 0 && box.top < clientHeight;
      if (!seen && !held()) return close(); // under a keyboard focus the browser is just scrolling it into view
      const above = box.top - GAP - MARGIN;
      const below = clientHeight - box.bottom - GAP - MARGIN;
      const wanted = card.scrollHeight + card.offsetHeight - card.clientHeight;
      const under = wanted <= below || (wanted > above && below >= above);
      card.style.maxHeight = `${under ? below : above}px`;
      card.style.top = `${under ? box.bottom + GAP : box.top - GAP - card.offsetHeight}px`;
      const nearest = lines[under ? lines.length - 1 : 0] ?? box; // a number may break over two lines
      card.style.left = `${Math.max(MARGIN, Math.min(nearest.left, clientWidth - card.offsetWidth - MARGIN))}px`;
    }

    function open(link) {
      clearTimeout(timer);
      if (link === number) return;
      close();
      const record = recordOf(link);
      number = link;
      body.replaceChildren(...content(record));
      const { left } = link.dataset; // what the source switch says of it
      if (left) body.append(make("p", "evidence-card-left", make("strong", "", "Without what is set aside: "), left));
      entry.href = link.href;
      actions.prepend(entry); // not before: a link that leads nowhere yet is a fault of the page
      entry.textContent = record.entry ?? "Entry in the record";
      citation.hidden = true;
      status.textContent = "";
      for (const [name, value] of Object.entries(opened)) link.setAttribute(name, value);
      card.showPopover();
      card.scrollTop = 0; // Chromium remembers it from the card before
      place();
    }

    function close() {
      clearTimeout(timer);
      if (!number) return;
      for (const name of Object.keys(opened)) number.removeAttribute(name);
      number = null;
      card.hidePopover();
    }

    function returnTo(link) {
      returning = true;
      link.focus({ preventScroll: true });
      returning = false;
    }

    function tab(event) {
      const controls = [...card.querySelectorAll("a[href], button:not([hidden])")];
      const focused = document.activeElement;
      if (focused === number && !event.shiftKey) {
        event.preventDefault();
        controls[0].focus();
      } else if (event.shiftKey && (focused === controls[0] || focused === card)) {
        event.preventDefault();
        returnTo(number);
      } else if (!event.shiftKey && focused === controls.at(-1)) {
        const link = number;
        close();
        returnTo(link); // and the browser's own Tab goes on from there
      }
    }

    copy.addEventListener("click", async () => {
      const { cite } = recordOf(number);
      status.textContent = "";
      try {
        await navigator.clipboard.writeText(cite);
        status.textContent = "Copied";
      } catch { // a page opened from a file may have no clipboard, or no leave to use it
        citation.textContent = cite;
        citation.hidden = false;
        getSelection().selectAllChildren(citation);
        status.textContent = document.execCommand("copy") ? "Copied" : "Selected, ready to be copied";
        place();
      }
    });

    function pointTo(target) {
      clearTimeout(timer);
      const link = boundNumber(target);
      if (link !== dismissed) dismissed = null;
      if (held() || inside(target)) return;
      timer = link && !dismissed ? setTimeout(open, OPEN_AFTER, link) : setTimeout(close, CLOSE_AFTER);
    }

    document.addEventListener("pointerover", ({ pointerType, buttons, target }) => {
      if (pointerType === "mouse" && !buttons) pointTo(target);
    });
    document.documentElement.addEventListener("pointerleave", ({ pointerType }) => {
      if (pointerType === "mouse") pointTo(null);
    });

    document.addEventListener("pointerdown", ({ pointerType, target }) => {
      touched = pointerType !== "mouse";
      openBefore = number;
      outside = !inside(target);
    });
    // Not at pointerdown: a finger that scrolls the page ends in pointercancel, and the card stays.
    document.addEventListener("pointerup", () => outside && close());

    document.addEventListener("click", (event) => {
      const link = boundNumber(event.target);
      // A second tap follows the link, as does Enter after an earlier touch (detail 0).
      if (link && touched && event.detail && link !== openBefore) {
        event.preventDefault();
        open(link);
        card.focus({ preventScroll: true });
      } else if (event.target.closest("a")) close();
    });

    document.addEventListener("focusin", ({ target }) => {
      const link = returning ? null : boundNumber(target);
      if (link?.matches(":focus-visible")) open(link);
    });
    document.addEventListener("focusout", ({ target, relatedTarget }) => {
      if (inside(target) && !inside(relatedTarget) && document.hasFocus()) close();
    });

    document.addEventListener("keydown", (event) => {
      if (!number) return;
      if (event.key === "Tab" && !event.ctrlKey && !event.altKey && !event.metaKey) return tab(event);
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      const back = inside(document.activeElement) ? number : null;
      dismissed = number.matches(":hover") ? number : null;
      close();
      if (back) returnTo(back);
    }, true);

    addEventListener("scroll", ({ target }) => target !== card && place(), { passive: true, capture: true });
    addEventListener("resize", place);
    addEventListener("pagehide", close); // else Back would show it open
  }

  function quietControl() {
    const home = document.querySelector(".article-header-buttons");
    const button = make("button", "evidence-quiet", "Quiet numbers");
    let quiet = false;
    const show = () => {
      document.documentElement.toggleAttribute("data-quiet-numbers", quiet);
      button.setAttribute("aria-pressed", String(quiet));
    };
    try {
      quiet = localStorage.getItem("quiet-numbers") === "true";
    } catch {} // storage may be forbidden: the choice then lasts for the page
    show();
    button.type = "button";
    button.addEventListener("click", () => {
      quiet = !quiet;
      show();
      try {
        localStorage.setItem("quiet-numbers", String(quiet));
      } catch {} // as above
    });
    if (home) home.append(button);
    else document.querySelector("main")?.prepend(button);
  }

  if (document.querySelector("a.evidence")) quietControl();
  const island = document.getElementById("evidence-records");
  if (island && "popover" in HTMLElement.prototype) cards(new Map(Object.entries(JSON.parse(island.textContent))));
})();

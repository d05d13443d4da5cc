// What a page does for its reader: colours, search, contents on a narrow screen, and where one is on the page.
// Without this script the page is whole: its buttons are hidden, contents stand in the page.
(() => {
  "use strict";
  const page = document.documentElement;
  const all = (selector, of = document) => [...of.querySelectorAll(selector)];
  const stored = (key, value) => {
    try {
      if (value === undefined) return localStorage.getItem(key);
      localStorage.setItem(key, value);
    } catch {} // storage may be forbidden: the choice then holds for this page
    return null;
  };

  // Colours: those of the system, light, dark. The first script of the page has set what was chosen before.
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const NAMES = { auto: "as the system has them", light: "light", dark: "dark" };
  function colour(mode) {
    page.dataset.mode = mode;
    page.dataset.theme = mode === "auto" ? (dark.matches ? "dark" : "light") : mode;
    for (const button of all(".theme-switch-button")) button.ariaLabel = button.title = `Colours: ${NAMES[mode]}`;
  }
  const modes = () => (dark.matches ? ["auto", "light", "dark"] : ["auto", "dark", "light"]);
  for (const button of all(".theme-switch-button")) {
    button.addEventListener("click", () => {
      const order = modes();
      const next = order[(order.indexOf(page.dataset.mode) + 1) % order.length];
      stored("mode", next);
      colour(next);
    });
  }
  dark.addEventListener("change", () => colour(page.dataset.mode));
  colour(page.dataset.mode ?? "auto");

  // A click on what lies behind a dialog closes it.
  const closing = (dialog) => dialog.addEventListener("click", ({ clientX: x, clientY: y, target }) => {
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    if (target === dialog && (x < left || x > right || y < top || y > bottom)) dialog.close();
  });

  // Search
  const dialog = document.getElementById("pst-search-dialog");
  const field = document.querySelector(".bd-search-container input");
  function search() {
    if (field) field.select();
    else if (dialog.open) dialog.close();
    else {
      dialog.showModal();
      dialog.querySelector("input").select();
    }
  }
  if (dialog) closing(dialog);
  for (const button of all(".search-button__button")) button.addEventListener("click", search);
  const apple = /^(Mac|iPhone|iPad)/.test(navigator.platform);
  if (apple) for (const key of all(".search-button__kbd-shortcut kbd:first-child")) key.textContent = "⌘";
  addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || event.shiftKey || event.altKey) return;
    if (apple ? !event.metaKey : !event.ctrlKey) return;
    event.preventDefault();
    search();
  });
  field?.focus();

  // Contents of the book and of the page: beside the text, or where there is no room, in a dialog.
  const move = (from, to) => {
    to.append(...from.childNodes);
    for (const name of [...from.classList]) {
      from.classList.remove(name);
      to.classList.add(name);
    }
  };
  function drawer(name) {
    const toggle = document.querySelector(`.${name}-toggle`);
    const modal = document.getElementById(`pst-${name}-sidebar-modal`);
    const beside = document.getElementById(`pst-${name}-sidebar`);
    if (!toggle || !modal || !beside) return;
    toggle.addEventListener("click", () => {
      if (name === "primary" && matchMedia("(min-width: 992px)").matches) {
        toggle.ariaExpanded = String(!beside.classList.toggle("pst-sidebar-hidden"));
        return;
      }
      modal.setAttribute("aria-label", toggle.getAttribute("aria-label"));
      move(beside, modal);
      modal.showModal();
    });
    closing(modal);
    modal.addEventListener("click", ({ target }) => target.closest("a") && modal.close());
    modal.addEventListener("close", () => {
      move(modal, beside);
      toggle.focus();
    });
  }
  drawer("primary");
  drawer("secondary");

  // The page's own place in the contents of the book is in view.
  const here = all("#pst-primary-sidebar .current.active").at(-1);
  const beside = document.getElementById("pst-primary-sidebar");
  if (here && beside && here.getBoundingClientRect().top > innerHeight * 0.6) {
    beside.scrollTop = here.getBoundingClientRect().top - beside.getBoundingClientRect().top - beside.clientHeight / 4;
  }

  // Where one is on the page: the last heading above the upper third.
  const entries = all("#pst-page-toc-nav a[href^='#']").map((link) => [link, document.getElementById(link.hash.slice(1))]);
  const headings = entries.filter(([, section]) => section);
  let waiting = false;
  function follow() {
    waiting = false;
    const passed = headings.filter(([, section]) => section.getBoundingClientRect().top < innerHeight / 3).at(-1);
    for (const entry of headings) {
      const on = entry === passed;
      entry[0].classList.toggle("active", on);
      if (on) entry[0].setAttribute("aria-current", "true");
      else entry[0].removeAttribute("aria-current");
    }
  }
  if (headings.length) {
    addEventListener("scroll", () => {
      if (!waiting) requestAnimationFrame(follow);
      waiting = true;
    }, { passive: true });
    follow();
  }

  // What scrolls sideways can be reached and scrolled by keys. What is folded away is measured when it is opened; and
  // all is measured before any is changed, or the page would be laid out again for each.
  const scrolling = () => {
    const boxes = all("pre, .cell_output > .output, .pst-scrollable-table-container")
      .filter((box) => !box.closest("details:not([open])"));
    const wide = boxes.map((box) => box.scrollWidth > box.clientWidth);
    boxes.forEach((box, i) => (wide[i] ? (box.tabIndex = 0) : box.removeAttribute("tabindex")));
  };
  addEventListener("resize", scrolling, { passive: true });
  addEventListener("load", scrolling);
  document.addEventListener("toggle", scrolling, true);
})();

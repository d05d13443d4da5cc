// The plot behind a figure, drawn when a reader asks for it. Without this script there is the picture alone.
(() => {
  "use strict";
  const here = document.currentScript.src;
  const page = document.documentElement;

  const make = (tag, properties, ...parts) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...parts);
    return element;
  };

  let library; // of all figures of the page
  const plotly = (guard) => (library ??= new Promise((resolve, reject) => {
    // Elements with these ids, the first with this class, keep plotly.js from writing styles into the page.
    const style = { id: "plotly.js-style-global", className: "no-inline-styles", rel: "stylesheet" };
    const script = { id: guard, onload: () => resolve(window.Plotly), onerror: reject };
    document.head.append(
      make("link", { ...style, href: new URL("plotly.css", here).href }),
      make("script", { ...script, src: new URL("plotly.min.js", here).href }),
    );
  }));

  function explorable(island) {
    const figure = island.closest("figure");
    const { name } = island.dataset;
    const { dark, guard, data } = JSON.parse(island.textContent);
    const points = data.flatMap(({ customdata = [] }, curveNumber) =>
      customdata.map((reference, pointNumber) => ({ reference, curveNumber, pointNumber })));
    const button = (properties, words) => make("button", { type: "button", ...properties }, words);
    const named = { ariaLabel: `Explore this figure: ${name}`, ariaExpanded: "false", className: "figure-explore" };
    const toggle = button(named, "Explore this figure");
    const stepper = (words, by) => button({ onclick: () => Plotly && step(by) }, words);
    const canvas = make("div", { className: "figure-canvas" });
    const told = make("p", { className: "figure-told", role: "status" });
    const steps = make("p", {}, stepper("Previous point", -1), " ", stepper("Next point", 1));
    const group = { role: "group", ariaLabel: `Plot: ${name}`, className: "figure-plot", hidden: true };
    const plot = make("div", group, canvas, steps, told);
    let at = -1, Plotly;

    async function draw() {
      // The colours of a dark page are twins of the others; no other word of the data looks like one.
      const twin = (colour) => (page.dataset.theme === "dark" && dark[colour]) || colour;
      const { layout, config, data: traces } = JSON.parse(island.textContent.replace(/#[0-9a-f]{6}\b/g, twin));
      // A finger scrolls the page, until its reader chooses to zoom or pan.
      const dragmode = matchMedia("(pointer: fine)").matches && "zoom";
      await Plotly.react(canvas, traces, { ...layout, dragmode }, config);
    }

    function tell(index) {
      at = index;
      // What the record says of a point stands in the table under the figure.
      const entry = figure.querySelector(`.figure-data a[href$="#${points[at].reference.replace(":", "-")}"]`);
      const cells = [...entry.closest("tr").cells].map((cell) => cell.textContent.trim()).filter(Boolean);
      told.replaceChildren(`${cells.join(" · ")}. `, make("a", { href: entry.href }, "Entry in the record"));
    }

    function step(by) {
      tell(at < 0 && by < 0 ? points.length - 1 : (at + by + points.length) % points.length);
      Plotly.Fx.hover(canvas, [points[at]]);
    }

    async function start() {
      Plotly = await plotly(guard);
      Plotly.purge(canvas); // the window may be another than when the plot was closed
      await draw();
      // Read out letter by letter the drawing would tell nothing.
      canvas.querySelectorAll(".main-svg").forEach((svg) => (svg.ariaHidden = "true"));
      canvas.on("plotly_click", ({ points: [to] }) =>
        tell(points.findIndex((p) => p.curveNumber === to.curveNumber && p.pointNumber === to.pointNumber)));
    }

    async function show(open) {
      plot.hidden = !open;
      toggle.ariaExpanded = toggle.ariaBusy = open;
      try {
        if (open) await start();
        figure.classList.toggle("figure-open", open);
      } catch {
        library = null; // another try may succeed
        told.textContent = "The plot could not be loaded.";
      }
      toggle.ariaBusy = "false";
    }

    island.after(toggle, plot);
    toggle.onclick = () => show(plot.hidden);
    figure.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape" || plot.hidden) return;
      show(false);
      toggle.focus();
    });
    new MutationObserver(() => plot.hidden || (Plotly && draw())).observe(page, { attributeFilter: ["data-theme"] });
  }

  document.querySelectorAll("script.figure-plot").forEach(explorable);
})();

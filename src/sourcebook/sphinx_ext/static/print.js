// Paper is light: a page that is shown dark is printed in the colours of the light one.
"use strict";
(() => {
  const root = document.documentElement;
  let shown = null;
  const toPaper = () => {
    shown ??= root.dataset.theme;
    root.dataset.theme = "light";
  };
  const toScreen = () => {
    if (shown) root.dataset.theme = shown;
    shown = null;
  };
  addEventListener("beforeprint", toPaper);
  addEventListener("afterprint", toScreen);
  matchMedia("print").addEventListener("change", ({ matches }) => (matches ? toPaper() : toScreen()));
})();

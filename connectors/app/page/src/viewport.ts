/**
 * Keeps the page exactly as high as what is visible above the on-screen keyboard, so that the input is
 * never covered (browsers that do not resize the page themselves move the visual viewport instead).
 */
export function followViewport(): void {
  const view = window.visualViewport;
  if (!view) return;
  const root = document.documentElement;
  const fit = (): void => {
    if (view.scale > 1.01) return; // pinched: the person wants to look closer, leave the layout alone
    root.style.setProperty("--app-height", `${Math.round(view.height)}px`);
    if (view.offsetTop > 0) window.scrollTo(0, 0);
  };
  view.addEventListener("resize", fit);
  view.addEventListener("scroll", fit);
  fit();
}

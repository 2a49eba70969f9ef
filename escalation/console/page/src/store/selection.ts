/** Which tab and which conversation are open, kept in the address so that reload and Back work. */

import { reactive, readonly } from "vue";

import { hashOf, parseHash, type Selection } from "./address";

const current = reactive<Selection>(parseHash(location.hash));

export const selection = readonly(current);

/** `replace`: passing by, as with the arrow keys, leaves no step for Back. */
export function select(change: Partial<Selection>, how: "push" | "replace" = "push"): void {
  Object.assign(current, change);
  const hash = hashOf(current);
  if (hash === location.hash) return;
  if (how === "push") history.pushState(null, "", hash);
  else history.replaceState(null, "", hash);
}

/** Follow Back and Forward; returns how to stop. */
export function followHistory(): () => void {
  const follow = (): void => {
    Object.assign(current, parseHash(location.hash));
  };
  window.addEventListener("popstate", follow);
  return () => window.removeEventListener("popstate", follow);
}

/** Which tab and which conversation are open, kept in the address so that reload and Back work. */

import { reactive, readonly } from "vue";

import type { Tab } from "../api/contract";
import { TABS } from "../desk/conversations";

export interface Selection {
  tab: Tab;
  id: string | null;
}

/** `#/queued/<id>`; anything else is the agent's own tab. */
export function parseHash(hash: string): Selection {
  const [, tab, id] = hash.replace(/^#/, "").split("/");
  let decoded: string | null = null;
  try {
    decoded = id ? decodeURIComponent(id) : null;
  } catch {
    decoded = null;
  }
  const known = TABS.find((name) => name === tab);
  return known === undefined ? { tab: "mine", id: null } : { tab: known, id: decoded };
}

export function hashOf(selection: Selection): string {
  return `#/${selection.tab}${selection.id === null ? "" : `/${encodeURIComponent(selection.id)}`}`;
}

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

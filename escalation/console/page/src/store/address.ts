/** Tab and conversation as an address: `#/queued/<id>`. Pure. */

import type { Tab } from "../api/contract";
import { TABS } from "../desk/conversations";

export interface Selection {
  tab: Tab;
  id: string | null;
}

/** Anything that is not such an address is the agent's own tab. */
export function parseHash(hash: string): Selection {
  const [, tab, id] = hash.replace(/^#/, "").split("/");
  const known = TABS.find((name) => name === tab);
  return known === undefined ? { tab: "mine", id: null } : { tab: known, id: decoded(id) };
}

function decoded(id: string | undefined): string | null {
  try {
    return id ? decodeURIComponent(id) : null;
  } catch {
    return null;
  }
}

export function hashOf(selection: Selection): string {
  return `#/${selection.tab}${selection.id === null ? "" : `/${encodeURIComponent(selection.id)}`}`;
}

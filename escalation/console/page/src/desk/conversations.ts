/** Which conversation stands where: tab, order, and which of two summaries is the newer. Pure. */

import type { Summary, Tab } from "../api/contract";

export const TABS: readonly Tab[] = ["mine", "queued", "bot", "closed"];

/** The tab a conversation belongs to, or null when another agent has it. */
export function tabOf(summary: Summary, me: string): Tab | null {
  if (summary.desk === "human") return summary.agent?.id === me ? "mine" : null;
  return summary.desk;
}

export function isMine(summary: Summary, me: string): boolean {
  return tabOf(summary, me) === "mine";
}

/** Feed and answers may overtake each other: the higher epoch wins, then the higher seq, then the later come. */
export function newerSummary(known: Summary | undefined, arrived: Summary): Summary {
  if (known === undefined) return arrived;
  if (arrived.epoch !== known.epoch) return arrived.epoch > known.epoch ? arrived : known;
  return arrived.last_seq >= known.last_seq ? arrived : known;
}

const time = (iso: string | null | undefined): number => (iso ? Date.parse(iso) : 0);
const lastAt = (summary: Summary): number => time(summary.last_message?.at);

type Order = (a: Summary, b: Summary) => number;
const byId: Order = (a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const ORDERS: Readonly<Record<Tab, Order>> = {
  // oldest first: a chat keeps its place while the agent works on several
  mine: (a, b) => time(a.claimed_at) - time(b.claimed_at) || byId(a, b),
  // as the server serves them: priority, then who asked first
  queued: (a, b) => b.priority - a.priority || time(a.waiting_since) - time(b.waiting_since) || byId(a, b),
  bot: (a, b) => lastAt(b) - lastAt(a) || byId(a, b),
  closed: (a, b) => lastAt(b) - lastAt(a) || byId(a, b),
};

export function conversationsOf(all: Iterable<Summary>, tab: Tab, me: string): Summary[] {
  return [...all].filter((summary) => tabOf(summary, me) === tab).sort(ORDERS[tab]);
}

/** While the agent points at the list nothing moves under his hand: old rows keep their order, new ones follow. */
export function heldOrder(shown: readonly string[], sorted: readonly Summary[]): Summary[] {
  const byKey = new Map(sorted.map((summary) => [summary.id, summary]));
  const kept = shown.flatMap((id) => byKey.get(id) ?? []);
  const known = new Set(shown);
  return [...kept, ...sorted.filter((summary) => !known.has(summary.id))];
}

/** The neighbour to select after `id`, `step` rows on; stays inside the list, null when it is empty. */
export function neighbour(ids: readonly string[], id: string | null, step: number): string | null {
  if (ids.length === 0) return null;
  const at = id === null ? -1 : ids.indexOf(id);
  if (at < 0) return (step > 0 ? ids[0] : ids[ids.length - 1]) ?? null;
  return ids[Math.min(ids.length - 1, Math.max(0, at + step))] ?? null;
}

/** What in a feed frame deserves the agent's ear and the title's number. Pure. */

import type { Summary } from "../api/contract";
import { conversationsOf, isMine } from "./conversations";
import type { ConsoleState } from "./state";

export interface Alerts {
  /** Conversations that began to wait for a person. */
  waiting: readonly Summary[];
  /** The agent's own conversations in which the customer wrote. */
  messages: readonly Summary[];
}

export function alertsBetween(before: ConsoleState, after: ConsoleState): Alerts {
  const waiting: Summary[] = [];
  const messages: Summary[] = [];
  for (const summary of Object.values(after.conversations)) {
    const old = before.conversations[summary.id];
    if (old === summary) continue;
    if (summary.desk === "queued" && old?.desk !== "queued") waiting.push(summary);
    if (old && isMine(summary, after.me) && summary.unread > old.unread) messages.push(summary);
  }
  return { waiting, messages };
}

/** The agent's conversations that moved out of his hands between two states. */
export function lostBetween(before: ConsoleState, after: ConsoleState): string[] {
  return Object.values(before.conversations)
    .filter((old) => isMine(old, before.me))
    .map((old) => after.conversations[old.id])
    .flatMap((now) => (now && !isMine(now, after.me) ? [now.id] : []));
}

/** Customers waiting for an answer: the queue, and the agent's own chats with something unanswered. */
export function openMatters(state: ConsoleState): number {
  const unanswered = conversationsOf(Object.values(state.conversations), "mine", state.me);
  return state.counts.queued + unanswered.filter((summary) => summary.unread > 0).length;
}

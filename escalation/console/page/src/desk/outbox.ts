/**
 * Replies on their way, per conversation, shown after the journal until the journal has them.
 * One `client_msg_id` for all tries of one reply, so that a retry never becomes a second message. Pure.
 */

import type { ChatEvent } from "../api/contract";

export type PendingState = "sending" | "sent" | "failed";

export interface Pending {
  readonly clientMsgId: string;
  readonly conversation: string;
  readonly text: string;
  readonly epoch: number;
  /** When the agent sent it, ms since 1970. */
  readonly at: number;
  readonly state: PendingState;
  /** The seq the server gave it, once accepted. */
  readonly seq: number | null;
  readonly error: string | null;
}

export type Outbox = readonly Pending[];

export function queued(
  outbox: Outbox,
  reply: Pick<Pending, "clientMsgId" | "conversation" | "text" | "epoch" | "at">,
): Outbox {
  return [...outbox, { ...reply, state: "sending", seq: null, error: null }];
}

export function changed(outbox: Outbox, clientMsgId: string, change: Partial<Pending>): Outbox {
  return outbox.map((pending) => (pending.clientMsgId === clientMsgId ? { ...pending, ...change } : pending));
}

export function without(outbox: Outbox, clientMsgId: string): Outbox {
  return outbox.filter((pending) => pending.clientMsgId !== clientMsgId);
}

/** Replies the journal now has are no longer pending: known by their own id, or by the seq they were given. */
export function settled(outbox: Outbox, conversation: string, events: readonly ChatEvent[]): Outbox {
  const ids = new Set(events.flatMap((event) => event.client_msg_id ?? []));
  const last = events.at(-1)?.seq ?? 0;
  const kept = outbox.filter(
    (pending) =>
      pending.conversation !== conversation ||
      !(ids.has(pending.clientMsgId) || (pending.seq !== null && pending.seq <= last)),
  );
  return kept.length === outbox.length ? outbox : kept;
}

export function pendingOf(outbox: Outbox, conversation: string): Outbox {
  return outbox.filter((pending) => pending.conversation === conversation);
}

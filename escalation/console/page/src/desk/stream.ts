/**
 * What the transcript shows, line by line: days, who speaks, where the bot ended and a person began,
 * private notes at their time, replies still on their way at the end. Pure.
 */

import type { ChatEvent, DeskState, Handover, Note } from "../api/contract";
import { dayLabel } from "./clock";
import type { Pending } from "./outbox";

export type StreamItem =
  | { kind: "day"; key: string; label: string }
  | {
      kind: "divider";
      key: string;
      seq: number;
      title: string;
      reason: string | null;
      text: string;
      at: string;
    }
  | { kind: "system"; key: string; seq: number; text: string; at: string }
  | { kind: "message"; key: string; event: ChatEvent; first: boolean }
  | { kind: "note"; key: string; note: Note }
  | { kind: "pending"; key: string; pending: Pending; first: boolean };

export interface StreamInput {
  events: readonly ChatEvent[];
  notes: readonly Note[];
  handover: Handover | null;
  pending: readonly Pending[];
  now: number;
}

/** Messages of one speaker this close together stand under one name. */
const GROUP_MS = 5 * 60_000;

export function deskOf(event: ChatEvent): DeskState | null {
  return event.type === "desk" ? (event.card?.desk ?? null) : null;
}

/** Desk moves that end the bot's part, with the desk before: bot → queued or bot → human. */
function handedOver(events: readonly ChatEvent[]): ReadonlySet<number> {
  const seqs = new Set<number>();
  let desk: DeskState = "bot";
  for (const event of events) {
    const next = deskOf(event);
    if (next === null) continue;
    if (desk === "bot" && (next === "queued" || next === "human")) seqs.add(event.seq);
    desk = next;
  }
  return seqs;
}

/** Who spoke last, and when. */
interface Group {
  who: string;
  at: number;
}

function sameGroup(group: Group | null, next: Group): boolean {
  return group !== null && group.who === next.who && next.at - group.at < GROUP_MS;
}

function groupOf(event: ChatEvent): Group {
  return { who: `${event.sender} ${event.agent_name ?? ""}`, at: Date.parse(event.at) };
}

interface Place {
  first: boolean;
  divider: boolean;
  reason: string | null;
}

function eventItem(event: ChatEvent, { first, divider, reason }: Place): StreamItem {
  const { seq, text, at } = event;
  const key = event.client_msg_id && event.sender === "agent" ? `m-${event.client_msg_id}` : `e-${event.seq}`;
  if (divider) {
    return { kind: "divider", key, seq, title: "机器人 ⇢ 人工", reason, text, at };
  }
  if (deskOf(event) === "bot")
    return { kind: "divider", key, seq, title: "人工 ⇢ 机器人", reason: null, text, at };
  if (event.type === "desk" || event.sender === "system") return { kind: "system", key, seq, text, at };
  return { kind: "message", key, event, first };
}

interface Line {
  at: string;
  event?: ChatEvent;
  note?: Note;
}

/** Events keep the order of their seq; each note stands before the first event later than itself. */
function interleaved(events: readonly ChatEvent[], notes: readonly Note[]): Line[] {
  const lines: Line[] = [];
  const waiting = [...notes];
  for (const event of events) {
    while (waiting[0] !== undefined && Date.parse(waiting[0].at) < Date.parse(event.at)) {
      const note = waiting.shift() as Note;
      lines.push({ at: note.at, note });
    }
    lines.push({ at: event.at, event });
  }
  return [...lines, ...waiting.map((note) => ({ at: note.at, note }))];
}

/** Replies under way stand under the agent's own name, after his last message or anew. */
function pendingItems(pending: readonly Pending[], after: Group | null): StreamItem[] {
  const who = after?.who.startsWith("agent ") ? after.who : "agent ";
  let group = after;
  return pending.map((one) => {
    const next = { who, at: one.at };
    const first = !sameGroup(group, next);
    group = next;
    return { kind: "pending", key: `m-${one.clientMsgId}`, pending: one, first };
  });
}

export function streamOf(input: StreamInput): StreamItem[] {
  const items: StreamItem[] = [];
  const dividers = handedOver(input.events);
  const latest = Math.max(0, ...dividers);
  const reasonOf = (seq: number): string | null =>
    seq === latest ? (input.handover?.reason.label ?? null) : null;
  let day: string | null = null;
  let group: Group | null = null;
  for (const line of interleaved(input.events, input.notes)) {
    const label = dayLabel(line.at, input.now);
    if (label !== day) {
      items.push({ kind: "day", key: `d-${label}`, label });
      day = label;
      group = null;
    }
    if (line.note) items.push({ kind: "note", key: `n-${line.note.id}`, note: line.note });
    const spoken: Group | null = line.event ? groupOf(line.event) : null;
    if (line.event && spoken) {
      const { seq } = line.event;
      const place = { first: !sameGroup(group, spoken), divider: dividers.has(seq), reason: reasonOf(seq) };
      items.push(eventItem(line.event, place));
    }
    group = items.at(-1)?.kind === "message" ? spoken : null;
  }
  return [...items, ...pendingItems(input.pending, group)];
}

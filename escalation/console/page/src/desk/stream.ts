/**
 * What the transcript shows, line by line: days, who speaks, where the bot ended and a person began,
 * private notes at their time, replies still on their way at the end. Pure.
 */

import type { ChatEvent, DeskState, Handover, Note, Sender } from "../api/contract";
import { dayLabel } from "./clock";
import type { Pending } from "./outbox";

export type StreamItem =
  | { kind: "day"; key: string; label: string }
  | { kind: "divider"; key: string; seq: number; title: string; reason: string | null; text: string; at: string }
  | { kind: "system"; key: string; seq: number; text: string; at: string }
  | { kind: "message"; key: string; event: ChatEvent; first: boolean; agent: string | null }
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

interface Group {
  sender: Sender;
  at: number;
}

function sameGroup(group: Group | null, sender: Sender, at: number): boolean {
  return group !== null && group.sender === sender && at - group.at < GROUP_MS;
}

interface Place {
  first: boolean;
  divider: boolean;
  reason: string | null;
  agent: string | null;
}

function eventItem(event: ChatEvent, { first, divider, reason, agent }: Place): StreamItem {
  const key = event.client_msg_id && event.sender === "agent" ? `m-${event.client_msg_id}` : `e-${event.seq}`;
  if (divider) {
    return { kind: "divider", key, seq: event.seq, title: "机器人 ⇢ 人工", reason, text: event.text, at: event.at };
  }
  if (event.type === "desk" && deskOf(event) === "bot") {
    return { kind: "divider", key, seq: event.seq, title: "人工 ⇢ 机器人", reason: null, text: event.text, at: event.at };
  }
  if (event.type === "desk" || event.sender === "system") {
    return { kind: "system", key, seq: event.seq, text: event.text, at: event.at };
  }
  return { kind: "message", key, event, first, agent: event.sender === "agent" ? agent : null };
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

export function streamOf(input: StreamInput): StreamItem[] {
  const items: StreamItem[] = [];
  const dividers = handedOver(input.events);
  const latest = Math.max(0, ...dividers);
  let day: string | null = null;
  let group: Group | null = null;
  let agent: string | null = null;
  for (const line of interleaved(input.events, input.notes)) {
    const label = dayLabel(line.at, input.now);
    if (label !== day) {
      items.push({ kind: "day", key: `d-${label}`, label });
      day = label;
      group = null;
    }
    if (line.note) {
      items.push({ kind: "note", key: `n-${line.note.id}`, note: line.note });
      group = null;
    } else if (line.event) {
      const { event } = line;
      const at = Date.parse(event.at);
      if (deskOf(event) === "human") agent = event.card?.agent_name ?? null;
      const item = eventItem(event, {
        first: !sameGroup(group, event.sender, at),
        divider: dividers.has(event.seq),
        reason: event.seq === latest ? (input.handover?.reason.label ?? null) : null,
        agent,
      });
      items.push(item);
      group = item.kind === "message" ? { sender: event.sender, at } : null;
    }
  }
  for (const pending of input.pending) {
    const first = !sameGroup(group, "agent", pending.at);
    items.push({ kind: "pending", key: `m-${pending.clientMsgId}`, pending, first });
    group = { sender: "agent", at: pending.at };
  }
  return items;
}

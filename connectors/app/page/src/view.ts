/**
 * From the journal and what is still on its way to the lines on the screen. Pure: the same events, the
 * same lines, with keys that stay the same when an echo becomes an event.
 */
import { separatorTime, type Card, type ChatEvent, type Desk, type DeskState, type Pending } from "@yixian/common";
import type { Body } from "./api";
import { agentTitle, AI_NAME } from "./desk";

/** `open` can be pressed, `chosen` was, `shut` no longer can. */
export type ChoiceState = "open" | "chosen" | "shut";

export interface Choice {
  readonly title: string;
  readonly payload: string;
  readonly state: ChoiceState;
}

export interface Bubble {
  readonly kind: "bubble";
  readonly key: string;
  readonly seq: number | null;
  readonly sender: "customer" | "bot" | "agent";
  readonly name: string;
  /** First of a run by the same sender: shows the avatar and the name. */
  readonly first: boolean;
  readonly text: string;
  readonly card: Card | null;
  readonly choices: readonly Choice[];
  /** Own messages: how far it got; null on anybody else's and on older ones. */
  readonly delivery: "sending" | "sent" | "failed" | null;
  readonly pendingId: string | null;
  readonly error: string | null;
  readonly at: string | number;
}

export interface Notice {
  readonly kind: "notice";
  readonly key: string;
  readonly seq: number;
  readonly text: string;
  readonly desk: DeskState | null;
  /** Facts or a way on that come with the notice, such as a plan's. */
  readonly card: Card | null;
}

export interface Mark {
  readonly kind: "time" | "past" | "unread";
  readonly key: string;
  readonly text: string;
}

export type Line = Bubble | Notice | Mark;

export interface Shown {
  /** Names the conversation, so that keys of two conversations differ. */
  readonly conversation: string;
  readonly events: readonly ChatEvent[];
  readonly pending: readonly Pending<Body>[];
  readonly desk: Desk;
  /** Payloads pressed on this page, by the seq of their message. */
  readonly pressed: ReadonlyMap<number, string>;
  /** The last seq seen before scrolling away; null when at the end. */
  readonly seenSeq: number | null;
  readonly now: number;
}

const PAUSE_MS = 5 * 60_000;

export function linesOf(shown: Shown): Line[] {
  const lines: Line[] = [];
  let before: number | null = null;
  let unread = false;
  const chosen = chosenPayloads(shown.events, shown.pressed);
  const lastMoveSeq = shown.events.reduce((seq, event) => (event.type === "desk" ? event.seq : seq), 0);
  const lastOwn = shown.pending.length > 0 ? -1 : lastOwnSeq(shown.events);

  for (const event of shown.events) {
    const at = Date.parse(event.at);
    if (!Number.isNaN(at) && (before === null || at - before > PAUSE_MS)) {
      lines.push({ kind: "time", key: `${shown.conversation}-t${event.seq}`, text: separatorTime(at, shown.now) });
    }
    if (!Number.isNaN(at)) before = at;
    if (!unread && shown.seenSeq !== null && event.seq > shown.seenSeq && event.sender !== "customer") {
      unread = true;
      lines.push({ kind: "unread", key: `${shown.conversation}-unread`, text: "以下是新消息" });
    }
    if (event.type === "desk" || event.sender === "system") lines.push(noticeOf(event, shown.conversation));
    else {
      const shut = shown.desk.state !== "bot" || event.seq < lastMoveSeq;
      lines.push(bubbleOf(event, event.sender, shown, {
        name: event.sender === "agent" ? agentTitle(event.agent_name ?? null) : AI_NAME,
        first: isFirst(lines, event.sender),
        chosen: chosen.get(event.seq) ?? null,
        shut,
        delivery: event.seq === lastOwn ? "sent" : null,
      }));
    }
  }
  for (const item of shown.pending) lines.push(echoOf(item, shown.conversation, isFirst(lines, "customer")));
  return lines;
}

interface Around {
  readonly name: string;
  readonly first: boolean;
  readonly chosen: string | null;
  readonly shut: boolean;
  readonly delivery: Bubble["delivery"];
}

function bubbleOf(event: ChatEvent, sender: Bubble["sender"], shown: Shown, around: Around): Bubble {
  return {
    kind: "bubble",
    key: `${shown.conversation}-${event.client_msg_id ?? event.seq}`,
    seq: event.seq,
    sender,
    name: sender === "customer" ? "我" : around.name,
    first: around.first,
    text: event.text,
    card: event.card,
    choices: event.buttons.map((button) => ({
      ...button,
      state: around.chosen === button.payload ? "chosen" : around.chosen !== null || around.shut ? "shut" : "open",
    })),
    delivery: around.delivery,
    pendingId: null,
    error: null,
    at: event.at,
  };
}

function echoOf(item: Pending<Body>, conversation: string, first: boolean): Bubble {
  return {
    kind: "bubble", key: `${conversation}-${item.id}`, seq: null, sender: "customer", name: "我", first,
    text: item.text, card: null, choices: [], delivery: item.state, pendingId: item.id, error: item.error, at: item.at,
  };
}

function noticeOf(event: ChatEvent, conversation: string): Notice {
  return {
    kind: "notice", key: `${conversation}-${event.seq}`, seq: event.seq, text: event.text,
    desk: event.card?.kind === "desk" ? (event.card.desk ?? null) : null,
    card: event.card && event.card.kind !== "desk" ? event.card : null,
  };
}

function isFirst(lines: readonly Line[], sender: Bubble["sender"]): boolean {
  const last = lines[lines.length - 1];
  return !(last?.kind === "bubble" && last.sender === sender);
}

function lastOwnSeq(events: readonly ChatEvent[]): number {
  for (let i = events.length - 1; i >= 0; i--) {
    const event = events[i];
    if (event?.sender === "customer") return event.seq;
  }
  return 0;
}

/** Pressed on this page, or before a reload: the customer's next message says what a button says. */
function chosenPayloads(
  events: readonly ChatEvent[], pressed: ReadonlyMap<number, string>,
): Map<number, string> {
  const chosen = new Map(pressed);
  events.forEach((event, at) => {
    if (event.buttons.length === 0 || chosen.has(event.seq)) return;
    const next = events.slice(at + 1).find((later) => later.sender === "customer");
    const match = next && event.buttons.find((button) => button.title === next.text);
    if (match) chosen.set(event.seq, match.payload);
  });
  return chosen;
}

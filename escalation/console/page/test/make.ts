/** Small makers of the contract's shapes for the tests. */

import type { ChatEvent, ConversationDetail, ConversationPage, FeedItem, Summary } from "../src/api/contract";
import { withFeed, type ConsoleState } from "../src/desk/state";

export const ME = "A1";

export function summary(part: Partial<Summary> & { id: string }): Summary {
  return {
    channel: "app",
    desk: "queued",
    epoch: 1,
    customer: { masked_name: "王*芳", customer_id: "C0001", identity: "verified" },
    reason: null,
    priority: 10,
    waiting_since: "2026-03-02T02:00:00Z",
    claimed_at: null,
    agent: null,
    last_message: null,
    last_seq: 0,
    position: null,
    unread: 0,
    tickets: [],
    ...part,
  };
}

export function mine(id: string, part: Partial<Summary> = {}): Summary {
  return summary({ id, desk: "human", epoch: 2, agent: { id: ME, name: "小林" }, ...part });
}

export function event(seq: number, part: Partial<ChatEvent> = {}): ChatEvent {
  return {
    seq,
    type: "message",
    sender: "customer",
    text: `第 ${seq} 条`,
    buttons: [],
    card: null,
    client_msg_id: null,
    agent_name: null,
    at: new Date(Date.parse("2026-03-02T02:00:00Z") + seq * 1000).toISOString(),
    ...part,
  };
}

export function events(from: number, to: number): ChatEvent[] {
  return Array.from({ length: to - from + 1 }, (_, index) => event(from + index));
}

export function detail(of: Summary, ...list: ChatEvent[]): ConversationDetail {
  return { summary: of, handover: null, events: list, notes: [] };
}

export const COUNTS = { mine: 0, queued: 0, bot: 0, closed: 0 };

export function page(conversations: Summary[], part: Partial<ConversationPage> = {}): ConversationPage {
  return { conversations, next: null, counts: COUNTS, cursor: "c1", ...part };
}

export function feed(state: ConsoleState, cursor: string, ...items: FeedItem[]): ConsoleState {
  return withFeed(state, { type: "feed", cursor, items, counts: COUNTS });
}

/** A repeatable stream of numbers in [0, 1). */
export function randoms(seed: number): () => number {
  let value = seed;
  return () => {
    value = (value * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return value / 4_294_967_296;
  };
}

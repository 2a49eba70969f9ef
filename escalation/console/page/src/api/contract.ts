/**
 * The desk API's shapes as the server sends them (`/api/desk/v1`). Owns names and nothing else;
 * times are ISO-8601 UTC strings, ids and cursors are opaque.
 */

import type { Card, CardRow, ChatEvent, ChoiceButton, DeskState, Sender } from "@yixian/common";

export type { Card, CardRow, ChatEvent, ChoiceButton, DeskState, Sender };

export type Tab = "mine" | "queued" | "bot" | "closed";
export type Presence = "online" | "busy" | "offline";
export type IdentityLevel = "none" | "bound" | "verified";

export interface Agent {
  id: string;
  name: string;
  role: string;
  /** Beyond serving customers: knowledge, banners, switches, approvals. */
  rights?: string[];
}

export interface Customer {
  masked_name: string;
  customer_id: string | null;
  identity: IdentityLevel;
  /** The speaker said he is somebody else. */
  speaker_doubted?: boolean;
}

export interface Reason {
  code: string;
  label: string;
}

export interface LastMessage {
  sender: Sender;
  text: string;
  at: string;
}

/** 工单: what the bank owes an answer to; `said` are the journal numbers that say it. */
export interface Ticket {
  number: string;
  kind: Reason;
  title: string;
  state: Reason;
  received_at: string;
  due_at: string;
  said: readonly number[];
  /** Whether the customer can be reached for the answer. */
  contact_left: boolean;
}

export interface Summary {
  id: string;
  channel: string;
  desk: DeskState;
  epoch: number;
  customer: Customer | null;
  reason: Reason | null;
  priority: number;
  waiting_since: string | null;
  claimed_at: string | null;
  agent: { id: string; name: string } | null;
  last_message: LastMessage | null;
  last_seq: number;
  /** Place in the queue, 1 = next; null when not queued. */
  position: number | null;
  /** Customer messages after the agent's last message. */
  unread: number;
  /** Registered in this conversation, the oldest first. */
  tickets: readonly Ticket[];
}

export interface Note {
  id: string;
  agent_name: string;
  text: string;
  at: string;
}

export interface Handover {
  reason: Reason;
  asked: string;
  answered: string;
  facts: readonly CardRow[];
  at: string;
}

export interface Counts {
  mine: number;
  queued: number;
  bot: number;
  closed: number;
}

export interface ConversationPage {
  conversations: Summary[];
  next: string | null;
  counts: Counts;
  /** Where the live feed continues from; opaque. */
  cursor: string;
}

export interface ConversationDetail {
  summary: Summary;
  handover: Handover | null;
  events: ChatEvent[];
  notes: Note[];
}

export type FeedItem =
  | { kind: "summary"; summary: Summary }
  | { kind: "event"; conversation_id: string; event: ChatEvent }
  | { kind: "note"; conversation_id: string; note: Note };

export type ServerFrame =
  | { type: "feed"; cursor: string; items: FeedItem[]; counts: Counts }
  | { type: "typing"; conversation_id: string; on: boolean }
  | { type: "ping" }
  | { type: "resync" };

export interface Session {
  agent: Agent;
  csrf: string;
  presence: Presence;
}

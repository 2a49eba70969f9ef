/**
 * The shapes on the wire that both pages read: events of a conversation, its desk, its cards.
 * Owns no behaviour; field names are the server's.
 */

/** Who may speak: the AI, nobody yet (waiting for a person), a person, nobody any more. */
export type DeskState = "bot" | "queued" | "human" | "closed";

/** Who wrote an event. `system` writes the notices between people. */
export type Sender = "customer" | "bot" | "agent" | "system";

/** A choice offered with a message; `payload` is an opaque id that only this conversation knows. */
export interface ChoiceButton {
  readonly title: string;
  readonly payload: string;
}

export interface CardRow {
  readonly label: string;
  readonly value: string;
}

/**
 * Something neater than text: a bill, a few rows, or the mark of a desk move (`kind: "desk"`).
 * Kinds may be added; one that is not known shows its title and rows when it has them.
 */
export interface Card {
  readonly kind: string;
  readonly title?: string | null;
  readonly rows?: readonly CardRow[] | null;
  readonly note?: string | null;
  readonly desk?: DeskState | null;
  /** Where the card's matter is done: a path of this site, and what the link says. */
  readonly link?: string | null;
  readonly link_title?: string | null;
  readonly offer?: OfferFacts | null;
}

/** What an offer (`kind: "offer"`) tells beside its rows; amounts and rates are text, as they are read. */
export interface OfferFacts {
  readonly schedule: readonly { readonly no: string; readonly day: string; readonly amount: string }[];
  readonly costs: readonly { readonly name: string; readonly payee: string; readonly amount: string }[];
  readonly total: string | null;
  readonly yearly: string | null;
  readonly validUntil: string | null;
}

/** One numbered line of the journal. `seq` counts 1, 2, 3 … without a gap within a conversation. */
export interface ChatEvent {
  readonly seq: number;
  readonly type: "message" | "desk";
  readonly sender: Sender;
  readonly text: string;
  readonly buttons: readonly ChoiceButton[];
  readonly card: Card | null;
  /** The sender's own id, given back so that a local echo can be replaced. */
  readonly client_msg_id: string | null;
  /** Who wrote it, on an agent's message; who came, on the move to a person. */
  readonly agent_name?: string | null;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** The desk as the customer may know it. `position` counts from 1 while queued. */
export interface Desk {
  readonly state: DeskState;
  readonly position: number | null;
  readonly agent_name: string | null;
}

/** What the bank tells everybody on this channel; `stopped` is its sentence when the channel is switched off. */
export interface Notice {
  readonly banners: readonly { readonly id: string; readonly text: string }[];
  readonly stopped: string | null;
}

/** An answer to `GET …/events`: all events after the asked seq, in order. */
export interface EventsPage {
  readonly events: readonly ChatEvent[];
  readonly last_seq: number;
  readonly desk?: Desk | null;
  readonly notice?: Notice | null;
}

/** What the customer's WebSocket sends. Only events are numbered. */
export type ServerFrame =
  | { readonly type: "event"; readonly event: ChatEvent }
  | { readonly type: "desk"; readonly desk: Desk }
  | { readonly type: "typing"; readonly sender: "bot" | "agent"; readonly on: boolean }
  | { readonly type: "notice"; readonly notice: Notice }
  | { readonly type: "ping" };

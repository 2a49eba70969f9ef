/** Reads what the server sent into our types; fields left out get their empty value, nonsense gives null. */
import type { Card, CardRow, ChatEvent, ChoiceButton, Desk, DeskState, EventsPage, Notice, OfferFacts, Sender, ServerFrame } from "./types";

type Fields = Readonly<Record<string, unknown>>;

const DESKS: readonly string[] = ["bot", "queued", "human", "closed"] satisfies DeskState[];
const SENDERS: readonly string[] = ["customer", "bot", "agent", "system"] satisfies Sender[];

const isFields = (raw: unknown): raw is Fields => typeof raw === "object" && raw !== null && !Array.isArray(raw);
const textOf = (raw: unknown): string => (typeof raw === "string" ? raw : "");
const wordOf = (raw: unknown): string => (typeof raw === "number" ? String(raw) : textOf(raw));
const orNull = (raw: unknown): string | null => (typeof raw === "string" && raw !== "" ? raw : null);
const listOf = (raw: unknown): readonly unknown[] => (Array.isArray(raw) ? raw : []);
const deskOf = (raw: unknown): DeskState | null =>
  typeof raw === "string" && DESKS.includes(raw) ? (raw as DeskState) : null;

function present<T>(items: readonly (T | null)[]): T[] {
  return items.filter((item): item is T => item !== null);
}

export function readEvent(raw: unknown): ChatEvent | null {
  if (!isFields(raw) || typeof raw["seq"] !== "number" || !Number.isInteger(raw["seq"])) return null;
  const sender = textOf(raw["sender"]);
  return {
    seq: raw["seq"],
    type: raw["type"] === "desk" ? "desk" : "message",
    sender: SENDERS.includes(sender) ? (sender as Sender) : "system",
    text: textOf(raw["text"]),
    buttons: present(listOf(raw["buttons"]).map(readButton)),
    card: readCard(raw["card"]),
    client_msg_id: orNull(raw["client_msg_id"]),
    agent_name: orNull(raw["agent_name"]),
    at: textOf(raw["at"]),
  };
}

function readButton(raw: unknown): ChoiceButton | null {
  if (!isFields(raw) || !orNull(raw["title"]) || !orNull(raw["payload"])) return null;
  return { title: textOf(raw["title"]), payload: textOf(raw["payload"]) };
}

function readCard(raw: unknown): Card | null {
  if (!isFields(raw) || !orNull(raw["kind"])) return null;
  return {
    kind: textOf(raw["kind"]),
    title: orNull(raw["title"]),
    rows: present([...listOf(raw["rows"]), ...listOf(raw["lines"])].map(readRow)),
    note: orNull(raw["note"]),
    desk: deskOf(raw["desk"]),
    ...(pathOf(raw["link"]) ? { link: pathOf(raw["link"]), link_title: orNull(raw["link_title"]) } : {}),
    ...(raw["kind"] === "offer" ? { offer: readOffer(raw) } : {}),
  };
}

function readOffer(raw: Fields): OfferFacts {
  return {
    schedule: listOf(raw["schedule"]).filter(isFields).map((one) => ({
      no: wordOf(one["no"]), day: textOf(one["day"]), amount: wordOf(one["amount"]),
    })),
    costs: listOf(raw["cost_table"]).filter(isFields).map((one) => ({
      name: textOf(one["name"]), payee: textOf(one["payee"]), amount: wordOf(one["amount"] ?? one["value"]),
    })),
    total: orNull(raw["total"]),
    yearly: orNull(raw["yearly"]),
    validUntil: orNull(raw["valid_until"]),
  };
}

/** A path of this site; anything else is no link. */
function pathOf(raw: unknown): string | null {
  return typeof raw === "string" && /^\/[\w-][\w\-./?=&%#]*$/.test(raw) ? raw : null;
}

function readRow(raw: unknown): CardRow | null {
  if (!isFields(raw)) return null;
  return { label: textOf(raw["label"]), value: wordOf(raw["value"]) };
}

export function readDesk(raw: unknown): Desk | null {
  const state = isFields(raw) ? deskOf(raw["state"]) : null;
  if (!isFields(raw) || state === null) return null;
  const position = typeof raw["position"] === "number" ? raw["position"] : null;
  return { state, position, agent_name: orNull(raw["agent_name"]) };
}

export function readNotice(raw: unknown): Notice | null {
  if (!isFields(raw)) return null;
  const banners = present(
    listOf(raw["banners"]).map((one) =>
      isFields(one) && orNull(one["text"]) ? { id: textOf(one["id"]), text: textOf(one["text"]) } : null,
    ),
  );
  return { banners, stopped: orNull(raw["stopped"]) };
}

export function readPage(raw: unknown): EventsPage {
  const fields = isFields(raw) ? raw : {};
  const events = present(listOf(fields["events"]).map(readEvent));
  const last = fields["last_seq"];
  return { events, last_seq: typeof last === "number" ? last : 0, desk: readDesk(fields["desk"]), notice: readNotice(fields["notice"]) };
}

/** One WebSocket text frame; null when it is none of ours. */
export function readFrame(data: unknown): ServerFrame | null {
  let raw: unknown;
  try {
    raw = typeof data === "string" ? JSON.parse(data) : null;
  } catch {
    return null;
  }
  if (!isFields(raw)) return null;
  if (raw["type"] === "ping") return { type: "ping" };
  if (raw["type"] === "typing") {
    return { type: "typing", sender: raw["sender"] === "agent" ? "agent" : "bot", on: raw["on"] === true };
  }
  if (raw["type"] === "notice") {
    const notice = readNotice(raw["notice"]);
    return notice && { type: "notice", notice };
  }
  const event = raw["type"] === "event" ? readEvent(raw["event"]) : null;
  if (event) return { type: "event", event };
  const desk = raw["type"] === "desk" ? readDesk(raw["desk"]) : null;
  return desk && { type: "desk", desk };
}

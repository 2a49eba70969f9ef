/**
 * All the page knows of the desk, as one immutable value, and how answers and feed frames change it.
 * Pure: no network, no clock, no Vue.
 */

import type {
  ChatEvent,
  ConversationDetail,
  ConversationPage,
  Counts,
  FeedItem,
  Note,
  ServerFrame,
  Summary,
  Tab,
} from "../api/contract";
import { newerSummary, tabOf } from "./conversations";
import { loaded, withEvents, withNotes, type Transcript } from "./transcript";

export interface Page {
  readonly loaded: boolean;
  readonly next: string | null;
}

export interface ConsoleState {
  /** The agent's own id. */
  readonly me: string;
  /** Where the feed goes on; opaque, null before the first list. */
  readonly cursor: string | null;
  readonly counts: Counts;
  readonly conversations: Readonly<Record<string, Summary>>;
  readonly pages: Readonly<Record<Tab, Page>>;
  readonly transcripts: Readonly<Record<string, Transcript>>;
}

/** Transcripts kept at once; the ones opened longest ago are let go. */
export const MAX_TRANSCRIPTS = 24;

const NO_PAGE: Page = { loaded: false, next: null };

export function emptyDesk(me: string): ConsoleState {
  return {
    me,
    cursor: null,
    counts: { mine: 0, queued: 0, bot: 0, closed: 0 },
    conversations: {},
    pages: { mine: NO_PAGE, queued: NO_PAGE, bot: NO_PAGE, closed: NO_PAGE },
    transcripts: {},
  };
}

export function withSummaries(state: ConsoleState, summaries: readonly Summary[]): ConsoleState {
  if (summaries.length === 0) return state;
  const conversations = { ...state.conversations };
  for (const summary of summaries) {
    conversations[summary.id] = newerSummary(conversations[summary.id], summary);
  }
  return { ...state, conversations };
}

/**
 * The first page of a tab replaces what the tab showed: a conversation the server no longer lists
 * there is dropped, unless the feed brought it after the question was `asked`. Later pages only add.
 */
export function withPage(
  state: ConsoleState,
  tab: Tab,
  page: ConversationPage,
  how: { asked: ConsoleState; first: boolean; takeCursor: boolean },
): ConsoleState {
  const base = how.first ? { ...state, conversations: stillListed(state, tab, page, how.asked) } : state;
  return {
    ...withSummaries(base, page.conversations),
    counts: state.counts === how.asked.counts ? page.counts : state.counts,
    cursor: how.takeCursor ? page.cursor : state.cursor,
    pages: { ...state.pages, [tab]: { loaded: true, next: page.next } },
  };
}

function stillListed(
  state: ConsoleState,
  tab: Tab,
  page: ConversationPage,
  asked: ConsoleState,
): Readonly<Record<string, Summary>> {
  const listed = new Set(page.conversations.map((summary) => summary.id));
  const stale = (id: string, summary: Summary): boolean =>
    tabOf(summary, state.me) === tab && !listed.has(id) && asked.conversations[id] === summary;
  return Object.fromEntries(
    Object.entries(state.conversations).filter(([id, summary]) => !stale(id, summary)),
  );
}

export function withDetail(state: ConsoleState, detail: ConversationDetail): ConsoleState {
  const id = detail.summary.id;
  const known = state.transcripts[id];
  const { [id]: _, ...others } = state.transcripts;
  const kept = Object.entries(others).slice(-(MAX_TRANSCRIPTS - 1));
  const transcripts = { ...Object.fromEntries(kept), [id]: loaded(detail, known) };
  return { ...withSummaries(state, [detail.summary]), transcripts };
}

function withTranscript(
  state: ConsoleState,
  id: string,
  change: (known: Transcript) => Transcript,
): ConsoleState {
  const known = state.transcripts[id];
  if (known === undefined) return state;
  const changed = change(known);
  if (changed === known) return state;
  return { ...state, transcripts: { ...state.transcripts, [id]: changed } };
}

/** The list's line under an event that came before its summary did. */
function touched(summary: Summary, event: ChatEvent): Summary {
  if (event.seq <= summary.last_seq) return summary;
  const said = event.type === "message" ? { sender: event.sender, text: event.text, at: event.at } : null;
  const unread =
    event.sender === "customer" ? summary.unread + 1 : event.sender === "agent" ? 0 : summary.unread;
  return { ...summary, last_seq: event.seq, last_message: said ?? summary.last_message, unread };
}

export function withConversationEvents(
  state: ConsoleState,
  id: string,
  events: readonly ChatEvent[],
): ConsoleState {
  const next = withTranscript(state, id, (known) => withEvents(known, events));
  const summary = next.conversations[id];
  if (summary === undefined) return next;
  const changed = [...events].sort((a, b) => a.seq - b.seq).reduce(touched, summary);
  return changed === summary ? next : { ...next, conversations: { ...next.conversations, [id]: changed } };
}

export function withNote(state: ConsoleState, id: string, note: Note): ConsoleState {
  return withTranscript(state, id, (known) => withNotes(known, [note]));
}

function withItem(state: ConsoleState, item: FeedItem): ConsoleState {
  switch (item.kind) {
    case "summary":
      return withSummaries(state, [item.summary]);
    case "event":
      return withConversationEvents(state, item.conversation_id, [item.event]);
    case "note":
      return withNote(state, item.conversation_id, item.note);
    default:
      return state; // a kind this version does not know yet
  }
}

/** One feed frame; the same frame twice leaves the same state. */
export function withFeed(state: ConsoleState, frame: Extract<ServerFrame, { type: "feed" }>): ConsoleState {
  return { ...frame.items.reduce(withItem, state), cursor: frame.cursor, counts: frame.counts };
}

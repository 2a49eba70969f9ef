/**
 * The page's copy of the desk and what keeps it true: lists, open conversations, the live feed.
 * All changes go through the pure functions of `desk/`; this file only asks, waits and catches up.
 */

import { shallowReactive, shallowRef, type ShallowRef } from "vue";

import type { ConversationPage, ServerFrame, Summary, Tab } from "../api/contract";
import type { DeskApi } from "../api/desk";
import { ApiError } from "../api/http";
import { alertsBetween, lostBetween, type Alerts } from "../desk/alerts";
import { isMine } from "../desk/conversations";
import {
  emptyDesk,
  withConversationEvents,
  withDetail,
  withFeed,
  withPage,
  withSummaries,
  type ConsoleState,
} from "../desk/state";
import { hasGap, heldSeq } from "../desk/transcript";
import type { FeedStatus } from "../live/feed";

/** How long a feed may lag behind its own summaries before the page asks for the events itself. */
const CATCH_UP_MS = 400;
/** A customer who stopped typing without a word is no longer shown typing. */
const TYPING_MS = 8_000;

export type LoadState = "loading" | "ready" | "failed";

export interface WorldOptions {
  api: DeskApi;
  me: string;
  /** The conversation the agent looks at. */
  selected(): string | null;
  onAlerts(alerts: Alerts): void;
}

export type World = ReturnType<typeof createWorld>;

export function createWorld(options: WorldOptions) {
  const { api } = options;
  const state: ShallowRef<ConsoleState> = shallowRef(emptyDesk(options.me));
  const lists = shallowReactive<Record<Tab, LoadState>>({
    mine: "loading",
    queued: "loading",
    bot: "loading",
    closed: "loading",
  });
  const details = shallowReactive(new Map<string, LoadState>());
  /** Why a conversation could not be opened, as the server said it. */
  const troubles = shallowReactive(new Map<string, string>());
  const typing = shallowReactive(new Map<string, ReturnType<typeof setTimeout>>());
  /** Conversations taken out of the agent's hands by somebody else. */
  const lost = shallowReactive(new Set<string>());
  /** The agent's own moves under way: their result is no surprise. */
  const moving = new Set<string>();
  const line = shallowReactive<{ status: FeedStatus; failures: number }>({
    status: "connecting",
    failures: 0,
  });
  const asking = new Map<string, Promise<void>>();
  let catchUpTimer: ReturnType<typeof setTimeout> | undefined;

  function set(next: ConsoleState): void {
    const before = state.value;
    state.value = next;
    for (const id of lostBetween(before, next)) if (!moving.has(id)) lost.add(id);
    for (const id of lost) {
      const summary = next.conversations[id];
      if (summary && isMine(summary, next.me)) lost.delete(id);
    }
  }

  /** The same question asked twice at once is asked once. */
  function once(key: string, ask: () => Promise<void>): Promise<void> {
    const running = asking.get(key);
    if (running !== undefined) return running;
    const started = ask().finally(() => asking.delete(key));
    asking.set(key, started);
    return started;
  }

  async function ask(tab: Tab, takeCursor: boolean): Promise<void> {
    const asked = state.value;
    if (!asked.pages[tab].loaded) lists[tab] = "loading";
    let page: ConversationPage;
    try {
      page = await api.list(tab);
    } catch (error) {
      if (!state.value.pages[tab].loaded) lists[tab] = "failed";
      throw error;
    }
    set(withPage(state.value, tab, page, { asked, first: true, takeCursor }));
    lists[tab] = "ready";
  }

  async function loadMore(tab: Tab): Promise<void> {
    const asked = state.value;
    const before = asked.pages[tab].next;
    if (before === null) return;
    await once(`more:${tab}`, async () => {
      const page = await api.list(tab, before);
      set(withPage(state.value, tab, page, { asked, first: false, takeCursor: false }));
    });
  }

  function loadTab(tab: Tab): Promise<void> {
    return once(`tab:${tab}`, () => ask(tab, false));
  }

  /** Tabs not yet visited are loaded on the first visit; after that the feed keeps them. */
  async function showTab(tab: Tab): Promise<void> {
    if (!state.value.pages[tab].loaded) await loadTab(tab).catch(() => undefined);
  }

  /** Everything shown, anew. The cursor is taken first: what happens meanwhile comes again by the feed. */
  async function reload(): Promise<void> {
    const visited = (["queued", "bot", "closed"] as const).filter(
      (tab) => tab === "queued" || state.value.pages[tab].loaded,
    );
    const first = state.value.cursor === null;
    await ask("mine", true);
    for (const tab of visited) await ask(tab, false);
    if (!first) await reloadSelected();
  }

  /** After a resync any held conversation may lack something: the shown one is loaded anew, the others let go. */
  async function reloadSelected(): Promise<void> {
    const id = options.selected();
    const kept = Object.entries(state.value.transcripts).filter(([held]) => held === id);
    set({ ...state.value, transcripts: Object.fromEntries(kept) });
    if (id === null) return;
    await loadDetail(id).catch(() => undefined);
    await bringUp(id);
  }

  function loadDetail(id: string): Promise<void> {
    return once(`detail:${id}`, async () => {
      if (!(id in state.value.transcripts)) details.set(id, "loading");
      try {
        set(withDetail(state.value, await api.detail(id)));
        details.set(id, "ready");
        troubles.delete(id);
      } catch (error) {
        if (!(id in state.value.transcripts)) details.set(id, "failed");
        troubles.set(id, error instanceof ApiError ? error.message : "没有打开，请重试");
        throw error;
      }
    });
  }

  function catchUp(id: string): Promise<void> {
    return once(`events:${id}`, async () => {
      // a long conversation comes in several answers
      for (;;) {
        const held = state.value.transcripts[id];
        if (held === undefined) return;
        const { events } = await api.eventsAfter(id, heldSeq(held));
        set(withConversationEvents(state.value, id, events));
        if (events.length === 0 || behind(id) !== "events") return;
      }
    });
  }

  function behind(id: string): "events" | "detail" | null {
    const held = state.value.transcripts[id];
    const summary = state.value.conversations[id];
    if (held === undefined || summary === undefined) return null;
    if (held.epoch < summary.epoch) return "detail";
    return hasGap(held) || summary.last_seq > heldSeq(held) ? "events" : null;
  }

  async function bringUp(id: string): Promise<void> {
    const what = behind(id);
    if (what === "detail") await loadDetail(id).catch(() => undefined);
    if (behind(id) === "events") await catchUp(id).catch(() => undefined);
  }

  /** Open a conversation: load it, or bring the held one up to date. */
  async function open(id: string): Promise<void> {
    if (!(id in state.value.transcripts)) await loadDetail(id).catch(() => undefined);
    await bringUp(id);
  }

  function watchSelected(): void {
    const id = options.selected();
    if (id === null || behind(id) === null) return;
    clearTimeout(catchUpTimer);
    catchUpTimer = setTimeout(() => void bringUp(id), CATCH_UP_MS);
  }

  function setTyping(id: string, on: boolean): void {
    clearTimeout(typing.get(id));
    if (on)
      typing.set(
        id,
        setTimeout(() => typing.delete(id), TYPING_MS),
      );
    else typing.delete(id);
  }

  function onFrame(frame: ServerFrame): void {
    if (frame.type === "typing") setTyping(frame.conversation_id, frame.on);
    if (frame.type !== "feed") return;
    for (const item of frame.items) {
      if (item.kind === "event" && item.event.sender === "customer") setTyping(item.conversation_id, false);
    }
    const before = state.value;
    set(withFeed(before, frame));
    options.onAlerts(alertsBetween(before, state.value));
    watchSelected();
  }

  return {
    state,
    lists,
    details,
    troubles,
    typing,
    lost,
    moving,
    line,
    set,
    showTab,
    loadTab,
    loadMore,
    reload,
    open,
    loadDetail,
    catchUp,
    onFrame,
    onStatus(status: FeedStatus, failures: number): void {
      line.status = status;
      line.failures = failures;
    },
    upsert(summary: Summary): void {
      set(withSummaries(state.value, [summary]));
    },
    dispose(): void {
      clearTimeout(catchUpTimer);
      typing.forEach((timer) => clearTimeout(timer));
    },
  };
}

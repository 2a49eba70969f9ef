/** One agent's console, put together: world, replies, moves, drafts, live feed, alerts. Built at login, disposed after. */

import { newUuid } from "@yixian/common";
import { computed, reactive, watch, type InjectionKey } from "vue";

import type { Agent, Summary, Tab } from "../api/contract";
import type { DeskApi } from "../api/desk";
import { API_BASE, type Http } from "../api/http";
import { openMatters, type Alerts } from "../desk/alerts";
import { conversationsOf } from "../desk/conversations";
import { createDrafts, type DraftKind } from "../desk/drafts";
import { customerName } from "../desk/words";
import { createChime } from "../live/chime";
import { createFeed, type Socket } from "../live/feed";
import { serverNow } from "./clock";
import { createMoves, type Notify } from "./moves";
import { preferences } from "./preferences";
import { createReplies } from "./replies";
import { select, selection } from "./selection";
import { createWorld } from "./world";

const TITLE = "一线 · 坐席台";
const TYPING_REPEAT_MS = 4_000;

export type Console = ReturnType<typeof createConsole>;
export const CONSOLE: InjectionKey<Console> = Symbol("console");

export interface ConsoleOptions {
  api: DeskApi;
  http: Http;
  agent: Agent;
  notify: Notify;
}

function connect(cursor: string): Socket {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  return new WebSocket(
    `${scheme}//${location.host}${API_BASE}/ws?cursor=${encodeURIComponent(cursor)}`,
  ) as Socket;
}

export function createConsole(options: ConsoleOptions) {
  const { api, http, agent, notify } = options;
  const drafts = createDrafts(agent.id, sessionStorage);
  /** Signals to the page: what to say to screen readers, where to put the focus, drafts changed, sound allowed. */
  const signals = reactive({
    spoken: "",
    focus: { where: "" as "" | "reply" | "list", count: 0 },
    drafts: 0,
    soundReady: false,
  });
  const chime = createChime((ready) => {
    signals.soundReady = ready;
  });
  const typed = new Map<string, number>();

  const focus = (where: "reply" | "list"): void => {
    signals.focus = { where, count: signals.focus.count + 1 };
  };

  function onAlerts(alerts: Alerts): void {
    const first = alerts.waiting[0];
    if (first)
      signals.spoken = `有客户排队：${customerName(first.customer)}，${first.reason?.label ?? "等待人工"}`;
    const unseen = alerts.messages.filter((summary) => document.hidden || summary.id !== selection.id);
    if (!preferences.sound) return;
    if (alerts.waiting.length > 0) chime.play("waiting");
    else if (unseen.length > 0) chime.play("message");
  }

  const world = createWorld({ api, me: agent.id, selected: () => selection.id, onAlerts });
  const replies = createReplies({
    api,
    world,
    drafts,
    now: serverNow,
    newId: newUuid,
    onDraft: () => {
      signals.drafts += 1;
    },
    onStale: (_, still) => {
      if (still) notify("warning", "会话状态刚刚变化，这条没有发出，已放回输入框，请确认后再发");
    },
  });
  const moves = createMoves({
    api,
    world,
    notify,
    onClaimed(id) {
      select({ tab: "mine", id });
      void world.open(id);
      focus("reply");
    },
    onEnded(id) {
      if (selection.id === id) select({ id: null });
      focus("list");
    },
  });
  const feed = createFeed({
    connect,
    cursor: () => world.state.value.cursor,
    csrf: () => http.csrf,
    onFrame: world.onFrame,
    onStatus: world.onStatus,
    resync: world.reload,
    // either the login is over, and asking says so, or another tab renewed it
    onRefused: () => void http.renew().catch(() => undefined),
  });

  const current = computed<Summary | null>(() =>
    selection.id === null ? null : (world.state.value.conversations[selection.id] ?? null),
  );

  const stops = [
    watch(
      () => selection.id,
      (id) => id !== null && void world.open(id),
      { immediate: true },
    ),
    watch(
      () => selection.tab,
      (tab) => void world.showTab(tab),
    ),
    watch(
      () => openMatters(world.state.value),
      (count) => {
        document.title = count > 0 ? `(${count}) ${TITLE}` : TITLE;
      },
      { immediate: true },
    ),
  ];

  const wake = (): void => {
    if (!document.hidden) feed.retryNow();
  };
  const unlock = (): void => chime.unlock();
  const forgetTyping = (id: string): void => {
    if (!typed.delete(id)) return;
    void api.typing(id, false).catch(() => undefined);
  };

  return {
    agent,
    world,
    replies,
    moves,
    feed,
    signals,
    current,
    focus,
    /** Switch the sound, and let the agent hear it when it goes on. */
    switchSound(): void {
      preferences.sound = !preferences.sound;
      if (preferences.sound) chime.play("waiting");
    },
    list: (tab: Tab): Summary[] =>
      conversationsOf(Object.values(world.state.value.conversations), tab, agent.id),
    draft: (id: string, kind: DraftKind): string => drafts.get(id, kind),
    setDraft: (id: string, kind: DraftKind, text: string): void => drafts.set(id, kind, text),
    openDrafts: (): string[] => drafts.open(),
    clearDrafts: (): void => drafts.clear(),
    /** The agent types in his own chat: tell the customer's page, at most every few seconds. */
    typing(id: string): void {
      const at = Date.now();
      if (world.line.status !== "live" || at - (typed.get(id) ?? 0) < TYPING_REPEAT_MS) return;
      typed.set(id, at);
      void api.typing(id, true).catch(() => undefined);
    },
    forgetTyping,
    start(): void {
      window.addEventListener("online", wake);
      document.addEventListener("visibilitychange", wake);
      window.addEventListener("pointerdown", unlock);
      window.addEventListener("keydown", unlock);
      feed.start();
      void world.showTab(selection.tab);
    },
    dispose(): void {
      window.removeEventListener("online", wake);
      document.removeEventListener("visibilitychange", wake);
      window.removeEventListener("pointerdown", unlock);
      window.removeEventListener("keydown", unlock);
      stops.forEach((stop) => stop());
      feed.stop();
      world.dispose();
      document.title = TITLE;
    },
  };
}

/**
 * One person's conversation on the screen: joins the journal, the outbox and the desk into reactive state.
 * Owns no layout. A closed conversation is followed by a new one below it, so nothing said disappears.
 */
import {
  ApiError, Outbox, ResumeClient, newUuid, realTimers,
  type ChatEvent, type ChoiceButton, type Desk, type Link, type Notice, type Pending,
} from "@yixian/common";
import { computed, onScopeDispose, ref, shallowRef, watch } from "vue";
import { AppApi, type Body } from "./api";
import { AT_BOT, deskAfter } from "./desk";
import { keyOf, tokensFor, type Identity } from "./identity";
import { recall, remember } from "./memory";
import { linesOf, type Line } from "./view";

export type Phase = "opening" | "ready" | "failed";

/** A typing mark is repeated while it lasts. */
const TYPING_LIMIT_MS = 6_000;
/** From the customer's message to the AI's answer: the longest a turn may take, and a little. */
const THINKING_LIMIT_MS = 12_000;
/** How often a page without a conversation looks for a notice. */
const NOTICE_EVERY_MS = 30_000;
/** Losing two conversations within this time is no accident: ask the person instead of trying on. */
const REFUSED_AGAIN_MS = 30_000;

export function useConversation(identity: Identity) {
  const api = new AppApi(tokensFor(identity));
  const phase = ref<Phase>("opening");
  const problem = ref("");
  const conversation = ref("");
  const past = shallowRef<readonly Line[]>([]);
  const events = shallowRef<readonly ChatEvent[]>([]);
  const pending = shallowRef<readonly Pending<Body>[]>([]);
  const desk = shallowRef<Desk>(AT_BOT);
  const link = ref<Link>("connecting");
  const notice = shallowRef<Notice>({ banners: [], stopped: null });
  const loaded = ref(false);
  const typing = ref<"bot" | "agent" | null>(null);
  /** The AI has been asked and has not answered yet. */
  const thinking = ref(false);
  const pressed = shallowRef<ReadonlyMap<number, string>>(new Map());
  const seenSeq = ref<number | null>(null);

  /** Without a conversation nobody pushes the notice: ask. */
  async function askNotice(): Promise<void> {
    if (phase.value === "ready") return;
    notice.value = (await api.notice().catch(() => null)) ?? notice.value;
  }
  const asking = window.setInterval(() => void askNotice(), NOTICE_EVERY_MS);
  void askNotice();

  let client: ResumeClient | null = null;
  let outbox: Outbox<Body> | null = null;
  let typingTimer: number | undefined;
  let refusedAt = 0;
  let disposed = false;

  const lastSeq = computed(() => events.value[events.value.length - 1]?.seq ?? 0);
  const current = computed(() =>
    linesOf({
      conversation: conversation.value, events: events.value, pending: pending.value, desk: desk.value,
      pressed: pressed.value, seenSeq: seenSeq.value, now: Date.now(),
    }),
  );
  const writer = computed(() => typing.value ?? (thinking.value ? "bot" : null));
  const lines = computed<readonly Line[]>(() => [...past.value, ...current.value]);
  const untouched = computed(
    () => pending.value.length === 0 && !events.value.some((event) => event.sender === "customer"),
  );
  /** The very first view, greeting on top: nothing written and no conversation before it. */
  const fresh = computed(() => untouched.value && past.value.length === 0);

  async function open(carry: readonly Pending<Body>[] = []): Promise<void> {
    phase.value = "opening";
    problem.value = "";
    try {
      const id = await api.open();
      if (disposed) return;
      begin(id);
      for (const item of carry) outbox?.add(item.text, item.body);
      phase.value = "ready";
    } catch (error) {
      problem.value = error instanceof ApiError ? error.message : "暂时打不开会话，请稍后再试";
      phase.value = "failed";
    }
  }

  function begin(id: string): void {
    end();
    conversation.value = id;
    events.value = [];
    desk.value = AT_BOT;
    pressed.value = new Map();
    seenSeq.value = null;
    loaded.value = false;
    outbox = outboxFor(id);
    pending.value = outbox.pending;
    client = clientFor(id);
    client.start();
  }

  function end(): void {
    client?.stop();
    outbox?.stop();
    setTyping(null);
  }

  function outboxFor(id: string): Outbox<Body> {
    const key = `outbox.${id}`;
    const saved = (recall(key) ?? []) as readonly Pending<Body>[];
    return new Outbox<Body>(
      {
        timers: realTimers,
        random: Math.random,
        newId: newUuid,
        post: async (messageId, body) => {
          try {
            return await api.post(id, messageId, body);
          } catch (error) {
            if (error instanceof ApiError && error.code === "conversation_closed") closed();
            throw error;
          }
        },
        onChange: (items) => {
          pending.value = items;
          remember(key, items.length > 0 ? items : null);
        },
      },
      saved,
    );
  }

  function clientFor(id: string): ResumeClient {
    return new ResumeClient(
      {
        timers: realTimers,
        random: Math.random,
        token: (fresh) => api.tokens.get(fresh),
        fetchEvents: (after, wait, signal) => api.events(id, after, wait, signal),
        openSocket: (after) => api.socket(id, after),
      },
      {
        onEvents: receive,
        onDesk: (now) => {
          desk.value = now;
          loaded.value = true;
        },
        onNotice: (now) => (notice.value = now),
        onTyping: (sender, on) => setTyping(on ? sender : null),
        onLink: (now) => {
          link.value = now;
          if (now === "live" || now === "polling") loaded.value = true;
        },
        onRefused: refused,
      },
    );
  }

  function receive(fresh: readonly ChatEvent[]): void {
    events.value = [...events.value, ...fresh].sort((a, b) => a.seq - b.seq);
    desk.value = deskAfter(desk.value, fresh);
    outbox?.settle(fresh);
    if (fresh.some((event) => event.sender === typing.value || event.type === "desk")) setTyping(null);
  }

  /** The conversation is gone for this person, as for a guest whose token ran out: go on in a new one. */
  function refused(): void {
    const again = Date.now() - refusedAt < REFUSED_AGAIN_MS;
    refusedAt = Date.now();
    if (!again) return void open(outbox?.pending ?? []);
    problem.value = "暂时打不开会话，请稍后再试";
    phase.value = "failed";
  }

  function setTyping(sender: "bot" | "agent" | null): void {
    window.clearTimeout(typingTimer);
    typing.value = sender;
    if (sender) typingTimer = window.setTimeout(() => (typing.value = null), TYPING_LIMIT_MS);
  }

  let thinkingTimer: number | undefined;
  watch(
    () => {
      const last = events.value[events.value.length - 1];
      return desk.value.state === "bot" && last?.sender === "customer" ? last : null;
    },
    (asked) => {
      window.clearTimeout(thinkingTimer);
      thinking.value = asked !== null && Date.now() - Date.parse(asked.at) < THINKING_LIMIT_MS;
      if (thinking.value) thinkingTimer = window.setTimeout(() => (thinking.value = false), THINKING_LIMIT_MS);
    },
  );

  function closed(): void {
    desk.value = { state: "closed", position: null, agent_name: null };
  }

  function send(text: string): void {
    outbox?.add(text, { text });
  }

  function press(seq: number, button: ChoiceButton): void {
    if (pressed.value.has(seq)) return;
    pressed.value = new Map(pressed.value).set(seq, button.payload);
    outbox?.add(button.title, { payload: button.payload });
  }

  /** A new conversation below the closed one; what the closed one refused goes along. */
  function restart(): Promise<void> {
    const carry = pending.value.filter((item) => item.state !== "sent" && "text" in item.body);
    for (const item of carry) outbox?.discard(item.id);
    const key = `${conversation.value}-past`;
    past.value = [...lines.value.filter((line) => line.kind !== "unread" && !isUnsent(line)),
      { kind: "past", key, text: "以上是之前的会话" }];
    return open(carry);
  }

  const wake = (): void => {
    if (document.visibilityState === "hidden" || !navigator.onLine) return;
    client?.wake();
    outbox?.wake();
  };
  const sleep = (): void => client?.sleep();
  window.addEventListener("online", wake);
  window.addEventListener("offline", sleep);
  window.addEventListener("pageshow", wake);
  document.addEventListener("visibilitychange", wake);
  onScopeDispose(() => {
    disposed = true;
    window.removeEventListener("online", wake);
    window.removeEventListener("offline", sleep);
    window.removeEventListener("pageshow", wake);
    document.removeEventListener("visibilitychange", wake);
    window.clearTimeout(thinkingTimer);
    window.clearInterval(asking);
    end();
  });
  void open();

  return {
    phase, problem, notice, conversation, lines, desk, link, loaded, writer, untouched, fresh, lastSeq, seenSeq,
    draftKey: `draft.${keyOf(identity)}`,
    open, send, press, restart, retry: (id: string) => outbox?.retry(id),
  };
}

function isUnsent(line: Line): boolean {
  return line.kind === "bubble" && line.pendingId !== null;
}

export type Conversation = ReturnType<typeof useConversation>;

/**
 * A stand-in for the desk API, for looking at the page and for trying its failures: the contract's calls
 * over an in-memory desk, a feed with cursors, and `/__fake/…` to make things happen. Development only.
 */

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";

import type { ChatEvent, Counts, FeedItem, Sender, Summary, Tab } from "../src/api/contract";
import { conversationsOf } from "../src/desk/conversations";
import { desk, event, type FakeConversation } from "./script";

const BASE = "/api/desk/v1";
const PASSWORD = "demo";
/** Events in one answer. */
const PAGE = 200;
const AGENTS = [
  { id: "A1", username: "xiaolin", name: "小林", role: "agent" },
  { id: "A2", username: "xiaochen", name: "小陈", role: "agent" },
  { id: "A3", username: "zhuguan", name: "主管", role: "supervisor" },
];

interface Answer {
  status: number;
  body?: unknown;
  cookie?: string;
}

class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export class FakeDesk {
  private conversations: FakeConversation[] = [];
  private readonly log: FeedItem[] = [];
  private readonly sockets = new Set<WebSocket>();
  private readonly wss = new WebSocketServer({ noServer: true });
  private readonly sent = new Map<string, number>();
  private session = { agent: AGENTS[0]!, csrf: "csrf-1", presence: "online", open: false };
  private failures: { path: string; status: number; code: string; times: number }[] = [];
  private down = false;
  private first = 0; // cursors below this are too old

  constructor() {
    this.reset();
  }

  private reset(): void {
    this.conversations = desk(AGENTS[0]!);
    this.failures = [];
    this.down = false;
    this.first = this.log.length;
    this.session.presence = "online";
  }

  // --- HTTP -----------------------------------------------------------------------------------

  async http(request: IncomingMessage, response: ServerResponse, next: () => void): Promise<void> {
    const url = new URL(request.url ?? "/", "http://fake");
    if (!url.pathname.startsWith(BASE) && !url.pathname.startsWith("/__fake/")) return next();
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const body = (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
    let answer: Answer;
    try {
      answer = url.pathname.startsWith("/__fake/")
        ? this.control(url.pathname.slice("/__fake/".length), body)
        : this.api(request, url, body);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      answer = { status: error.status, body: { error: { code: error.code, message: error.message } } };
    }
    if (answer.cookie !== undefined) {
      response.setHeader("Set-Cookie", `yixian_desk=${answer.cookie}; HttpOnly; SameSite=Strict; Path=/`);
    }
    response.statusCode = answer.status;
    response.setHeader("Content-Type", "application/json");
    response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
  }

  private api(request: IncomingMessage, url: URL, body: Record<string, unknown>): Answer {
    const path = url.pathname.slice(BASE.length);
    const failing = this.failures.find((one) => path.includes(one.path) && one.times-- > 0);
    if (failing)
      throw new Refusal(failing.status, failing.code, failing.status >= 500 ? "" : "操作被拒绝（演示）");
    if (this.down) throw new Refusal(503, "down", "");
    if (path === "/login") return this.login(body);
    if (!this.session.open || !request.headers.cookie?.includes("yixian_desk=s1")) {
      throw new Refusal(401, "not_logged_in", "请先登录");
    }
    if (request.method !== "GET" && request.headers["x-csrf-token"] !== this.session.csrf) {
      throw new Refusal(403, "forbidden", "页面已过期，请刷新后重试");
    }
    return this.known(request.method ?? "GET", path, url.searchParams, body);
  }

  private login(body: Record<string, unknown>): Answer {
    const agent = AGENTS.find((one) => one.username === body.username);
    if (!agent || body.password !== PASSWORD) throw new Refusal(401, "bad_login", "账号或密码不正确");
    this.session = { ...this.session, agent, open: true, csrf: `csrf-${Date.now()}` };
    return {
      status: 200,
      body: { agent: this.agent(), csrf: this.session.csrf, presence: this.session.presence },
      cookie: "s1",
    };
  }

  private known(method: string, path: string, query: URLSearchParams, body: Record<string, unknown>): Answer {
    if (path === "/me") {
      return {
        status: 200,
        body: { agent: this.agent(), csrf: this.session.csrf, presence: this.session.presence },
      };
    }
    if (path === "/logout") {
      this.session.open = false;
      this.sockets.forEach((socket) => socket.close(4401));
      return { status: 204, cookie: "" };
    }
    if (path === "/presence") {
      this.session.presence = String(body.presence);
      return { status: 200, body: { presence: this.session.presence } };
    }
    if (path === "/conversations") return this.list(query);
    if (path === "/claim-next") return this.claimNext();
    const [, , id = "", action = ""] = path.split("/");
    const one = this.conversations.find(({ summary }) => summary.id === id);
    if (!one) throw new Refusal(404, "not_found", "没有找到这个会话");
    return method === "GET" ? this.read(one, action, query) : this.write(one, action, body);
  }

  private list(query: URLSearchParams): Answer {
    const tab = query.get("tab") as Tab;
    const conversations = conversationsOf(this.summaries(), tab, this.session.agent.id);
    return {
      status: 200,
      body: { conversations, next: null, counts: this.counts(), cursor: String(this.log.length) },
    };
  }

  private read(one: FakeConversation, action: string, query: URLSearchParams): Answer {
    if (action === "events") {
      const after = Number(query.get("after") ?? 0);
      const events = one.events.filter(({ seq }) => seq > after).slice(0, PAGE);
      return { status: 200, body: { events, last_seq: events.at(-1)?.seq ?? after } };
    }
    return { status: 200, body: { ...one, events: one.events.slice(0, PAGE) } };
  }

  private write(one: FakeConversation, action: string, body: Record<string, unknown>): Answer {
    switch (action) {
      case "claim":
        return this.claim(one);
      case "messages":
        return this.reply(one, body);
      case "notes":
        return this.note(one, this.session.agent.name, String(body.text));
      case "typing":
        return { status: 204 };
      default:
        return this.end(one, action, body);
    }
  }

  private claim(one: FakeConversation): Answer {
    if (one.summary.desk !== "queued") throw new Refusal(409, "claimed_by_another", "已被其他坐席接走");
    this.give(one, this.session.agent);
    return { status: 200, body: { summary: one.summary } };
  }

  private claimNext(): Answer {
    const next = conversationsOf(this.summaries(), "queued", "")[0];
    if (!next) throw new Refusal(404, "queue_empty", "暂无排队客户");
    return this.claim(this.find(next.id));
  }

  private fresh(one: FakeConversation, epoch: unknown): void {
    if (one.summary.epoch !== epoch || one.summary.agent?.id !== this.session.agent.id) {
      throw new Refusal(409, "stale_epoch", "会话已不在您手中");
    }
  }

  private reply(one: FakeConversation, body: Record<string, unknown>): Answer {
    const key = String(body.client_msg_id);
    const before = this.sent.get(key);
    if (before !== undefined) return { status: 202, body: { seq: before } };
    this.fresh(one, body.epoch);
    const seq = this.say(one, "agent", String(body.text), key);
    this.sent.set(key, seq);
    return { status: 202, body: { seq } };
  }

  private end(one: FakeConversation, action: string, body: Record<string, unknown>): Answer {
    this.fresh(one, body.epoch);
    const moves: Record<string, [Summary["desk"], string]> = {
      handback: ["bot", "已转回智能客服"],
      close: ["closed", "会话已结束"],
      release: ["queued", "正在为您重新安排坐席"],
    };
    const [to, text] = moves[action] ?? ["closed", ""];
    const words = String(body.note ?? body.reason ?? "");
    if (words !== "") this.note(one, this.session.agent.name, words);
    this.move(one, to, text);
    return { status: 200, body: { summary: one.summary } };
  }

  // --- what happens ---------------------------------------------------------------------------

  private give(one: FakeConversation, agent: { id: string; name: string }): void {
    one.summary = {
      ...one.summary,
      agent: { id: agent.id, name: agent.name },
      claimed_at: new Date().toISOString(),
    };
    this.move(one, "human", `坐席 ${agent.name} 已接入`);
  }

  private move(one: FakeConversation, to: Summary["desk"], text: string): void {
    one.summary = {
      ...one.summary,
      desk: to,
      epoch: one.summary.epoch + 1,
      agent: to === "human" ? one.summary.agent : null,
      waiting_since: to === "queued" ? (one.summary.waiting_since ?? new Date().toISOString()) : null,
    };
    const line = event(one.events.length + 1, ["system", text, 0, { kind: "desk", desk: to }]);
    this.append(one, line);
  }

  private say(
    one: FakeConversation,
    sender: Sender,
    text: string,
    clientMsgId: string | null = null,
  ): number {
    const line = {
      ...event(one.events.length + 1, [sender, text, 0]),
      client_msg_id: clientMsgId,
      agent_name: sender === "agent" ? this.session.agent.name : null,
    };
    const unread =
      sender === "customer" ? one.summary.unread + 1 : sender === "agent" ? 0 : one.summary.unread;
    one.summary = { ...one.summary, last_message: { sender, text, at: line.at }, unread };
    this.append(one, line);
    return line.seq;
  }

  private append(one: FakeConversation, line: ChatEvent): void {
    one.events.push(line);
    one.summary = { ...one.summary, last_seq: line.seq };
    this.feed([
      { kind: "event", conversation_id: one.summary.id, event: line },
      { kind: "summary", summary: one.summary },
    ]);
  }

  private note(one: FakeConversation, agent: string, text: string): Answer {
    const note = { id: `n${Date.now()}`, agent_name: agent, text, at: new Date().toISOString() };
    one.notes.push(note);
    this.feed([{ kind: "note", conversation_id: one.summary.id, note }]);
    return { status: 201, body: { note } };
  }

  private feed(items: FeedItem[]): void {
    this.log.push(...items);
    const frame = { type: "feed", cursor: String(this.log.length), items, counts: this.counts() };
    this.broadcast(frame);
  }

  private broadcast(frame: unknown): void {
    for (const socket of this.sockets) socket.send(JSON.stringify(frame));
  }

  // --- the feed -------------------------------------------------------------------------------

  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? "/", "http://fake");
    if (url.pathname !== `${BASE}/ws`) return;
    if (this.down) {
      stream.destroy();
      return;
    }
    this.wss.handleUpgrade(request, stream, head, (socket) =>
      this.serve(socket, Number(url.searchParams.get("cursor"))),
    );
  }

  private serve(socket: WebSocket, cursor: number): void {
    socket.once("message", (data) => {
      const { csrf } = JSON.parse(String(data)) as { csrf?: string };
      if (!this.session.open || csrf !== this.session.csrf) return socket.close(4403);
      if (cursor < this.first) return socket.send(JSON.stringify({ type: "resync" }));
      this.sockets.add(socket);
      const items = this.log.slice(cursor);
      socket.send(
        JSON.stringify({ type: "feed", cursor: String(this.log.length), items, counts: this.counts() }),
      );
    });
    const ping = setInterval(() => socket.send(JSON.stringify({ type: "ping" })), 20_000);
    socket.on("close", () => {
      clearInterval(ping);
      this.sockets.delete(socket);
    });
  }

  // --- making things happen -------------------------------------------------------------------

  private control(what: string, body: Record<string, unknown>): Answer {
    const id = String(body.id ?? "");
    const acts: Record<string, () => void> = {
      reset: () => this.reset(),
      /** A busy day: `count` waiting chats and a chat of a thousand messages. */
      flood: () => {
        for (let index = 0; index < Number(body.count ?? 200); index += 1) {
          const copy = structuredClone(this.find("01J0Q3"));
          copy.summary.id = `01J0F${index}`;
          this.conversations.push(copy);
        }
        const long = this.find("01J0A1");
        for (let index = 0; index < 1000; index += 1) {
          long.events.push(
            event(long.events.length + 1, [index % 2 ? "customer" : "agent", `第 ${index} 句`, 0]),
          );
        }
        long.summary = { ...long.summary, last_seq: long.events.length };
      },
      empty: () => {
        this.conversations = [];
      },
      customer: () => void this.say(this.find(id), "customer", String(body.text)),
      bot: () => void this.say(this.find(id), "bot", String(body.text)),
      typing: () => this.broadcast({ type: "typing", conversation_id: id, on: body.on !== false }),
      steal: () => this.give(this.find(id), AGENTS[1]!),
      // as a late agent sees it: the server knows, the feed has not said it yet
      "steal-silently": () => {
        const one = this.find(id);
        one.summary = { ...one.summary, epoch: one.summary.epoch + 1, agent: { id: "A2", name: "小陈" } };
      },
      escalate: () => {
        const one = this.find(id);
        const label = String(body.label ?? "客户要求人工");
        one.handover = {
          reason: { code: "x", label },
          asked: "转人工",
          answered: "",
          facts: [],
          at: new Date().toISOString(),
        };
        one.summary = { ...one.summary, reason: one.handover.reason, priority: Number(body.priority ?? 10) };
        this.move(one, "queued", "已为您转接人工，请稍候");
      },
      fail: () =>
        this.failures.push({
          path: String(body.path),
          status: Number(body.status),
          code: String(body.code ?? "x"),
          times: Number(body.times ?? 1),
        }),
      down: () => {
        this.down = true;
        this.sockets.forEach((socket) => socket.terminate());
      },
      up: () => {
        this.down = false;
      },
      drop: () => this.sockets.forEach((socket) => socket.terminate()),
      resync: () => {
        this.first = this.log.length + 1;
        this.log.push({ kind: "summary", summary: this.summaries()[0]! });
        this.broadcast({ type: "resync" });
      },
      expire: () => {
        this.session.open = false;
        this.sockets.forEach((socket) => socket.close(4401));
      },
    };
    const act = acts[what];
    if (!act) throw new Refusal(404, "unknown", what);
    act();
    return { status: 200, body: {} };
  }

  private agent(): unknown {
    const { id, name, role } = this.session.agent;
    return { id, name, role };
  }

  private find(id: string): FakeConversation {
    const one = this.conversations.find(({ summary }) => summary.id === id);
    if (!one) throw new Refusal(404, "not_found", "没有找到这个会话");
    return one;
  }

  private summaries(): Summary[] {
    return this.conversations.map(({ summary }) => summary);
  }

  private counts(): Counts {
    const count = (tab: Tab): number => conversationsOf(this.summaries(), tab, this.session.agent.id).length;
    return { mine: count("mine"), queued: count("queued"), bot: count("bot"), closed: count("closed") };
  }
}

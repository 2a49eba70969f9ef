import { beforeEach, describe, expect, it, vi } from "vitest";

import type { ConversationDetail, Summary } from "../src/api/contract";
import type { DeskApi } from "../src/api/desk";
import { ApiError } from "../src/api/http";
import { createDrafts, type Drafts } from "../src/desk/drafts";
import { createMoves } from "../src/store/moves";
import { createReplies, TRIES } from "../src/store/replies";
import { createWorld, type World } from "../src/store/world";
import { COUNTS, detail, event, events, ME, mine, page, summary } from "./make";

const storage = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
const offline = new ApiError(0, "network", "网络不通");
const stale = new ApiError(409, "stale_epoch", "会话已不在您手中");
const flush = () => new Promise<void>((done) => setTimeout(done, 0));

/** A server of one conversation, `a`, which is the agent's own. */
function server() {
  const state = { summary: mine("a", { last_seq: 2 }) as Summary, events: events(1, 2) };
  const api = {
    list: vi.fn(async (tab: string) => page(tab === "mine" ? [state.summary] : [])),
    detail: vi.fn(async (): Promise<ConversationDetail> => detail(state.summary, ...state.events)),
    eventsAfter: vi.fn(async (_: string, seq: number) => ({
      events: state.events.filter((one) => one.seq > seq),
      last_seq: state.events.length,
    })),
    send: vi.fn(async (_: string, message: { client_msg_id: string; text: string; epoch: number }) => {
      const seq = state.events.length + 1;
      state.events.push(
        event(seq, { sender: "agent", text: message.text, client_msg_id: message.client_msg_id }),
      );
      return { seq };
    }),
    claim: vi.fn(),
    claimNext: vi.fn(),
    handBack: vi.fn(),
    close: vi.fn(),
    release: vi.fn(),
    addNote: vi.fn(),
  };
  return { state, api, desk: api as unknown as DeskApi };
}

describe("replies", () => {
  let fake: ReturnType<typeof server>;
  let world: World;
  let drafts: Drafts;
  let replies: ReturnType<typeof createReplies>;
  const onStale = vi.fn();

  beforeEach(async () => {
    onStale.mockReset();
    fake = server();
    world = createWorld({ api: fake.desk, me: ME, selected: () => "a", onAlerts: () => undefined });
    drafts = createDrafts(ME, storage);
    let next = 0;
    replies = createReplies({
      api: fake.desk,
      world,
      drafts,
      now: () => 0,
      newId: () => `m${(next += 1)}`,
      pause: async () => undefined,
      onStale,
      onDraft: () => undefined,
    });
    await world.reload();
    await world.open("a");
    world.onStatus("live", 0);
  });

  const arrives = (seq: number): void =>
    world.onFrame({
      type: "feed",
      cursor: `c${seq}`,
      counts: COUNTS,
      items: [{ kind: "event", conversation_id: "a", event: fake.state.events[seq - 1]! }],
    });

  it("are shown at once and give way to the journal's event, never both", async () => {
    replies.send("a", "您好");
    expect(replies.pending("a")).toMatchObject([{ state: "sending", text: "您好" }]);
    await flush();
    expect(replies.pending("a")).toMatchObject([{ state: "sent", seq: 3 }]);
    arrives(3);
    expect(replies.pending("a")).toEqual([]);
    expect(world.state.value.transcripts["a"]?.events.at(-1)?.text).toBe("您好");
  });

  it("give way also when the feed is faster than the answer", async () => {
    fake.api.send.mockImplementationOnce(async (_, message) => {
      fake.state.events.push(event(3, { sender: "agent", client_msg_id: message.client_msg_id }));
      arrives(3);
      return { seq: 3 };
    });
    replies.send("a", "您好");
    await flush();
    expect(replies.pending("a")).toEqual([]);
  });

  it("are tried again under the same id while the network is bad", async () => {
    fake.api.send.mockRejectedValueOnce(offline).mockRejectedValueOnce(offline);
    replies.send("a", "您好");
    await flush();
    const ids = fake.api.send.mock.calls.map(([, message]) => message.client_msg_id);
    expect(ids).toEqual(["m1", "m1", "m1"]);
    expect(replies.pending("a")).toMatchObject([{ state: "sent" }]);
  });

  it("stay on the screen when they fail, and a retry keeps the id", async () => {
    for (let index = 0; index < TRIES; index += 1) fake.api.send.mockRejectedValueOnce(offline);
    replies.send("a", "您好");
    await flush();
    expect(replies.pending("a")).toMatchObject([{ state: "failed", error: "网络不通" }]);
    replies.retry("m1");
    await flush();
    expect(replies.pending("a")).toMatchObject([{ state: "sent", clientMsgId: "m1" }]);
    expect(fake.api.send).toHaveBeenCalledTimes(TRIES + 1);
  });

  it("go out in the order they were written", async () => {
    let release: () => void = () => undefined;
    fake.api.send.mockImplementationOnce(() => new Promise((done) => (release = () => done({ seq: 3 }))));
    replies.send("a", "一");
    replies.send("a", "二");
    await flush();
    expect(fake.api.send).toHaveBeenCalledTimes(1);
    release();
    await flush();
    expect(fake.api.send.mock.calls.map(([, message]) => message.text)).toEqual(["一", "二"]);
  });

  it("refused for a stale epoch go back into the box, nothing more goes out, and the agent is told", async () => {
    fake.api.send.mockRejectedValue(stale);
    fake.state.summary = mine("a", { epoch: 3, last_seq: 2, agent: { id: "A2", name: "小陈" } });
    replies.send("a", "第一句");
    replies.send("a", "第二句");
    drafts.set("a", "reply", "正在写的");
    await flush();
    expect(drafts.get("a", "reply")).toBe("第一句\n第二句\n正在写的");
    expect(replies.pending("a")).toEqual([]);
    expect(fake.api.send).toHaveBeenCalledTimes(1);
    expect(world.lost.has("a")).toBe(true);
    expect(onStale).toHaveBeenCalledWith("a", false);
  });

  it("refused for a stale epoch in a chat that is still mine may be sent again under the new epoch", async () => {
    fake.api.send.mockRejectedValueOnce(stale);
    fake.state.summary = mine("a", { epoch: 5, last_seq: 2 });
    replies.send("a", "您好");
    await flush();
    expect(onStale).toHaveBeenCalledWith("a", true);
    expect(world.lost.has("a")).toBe(false);
    replies.send("a", drafts.get("a", "reply"));
    await flush();
    expect(fake.api.send.mock.lastCall?.[1]).toMatchObject({ text: "您好", epoch: 5 });
  });

  it("find their way into the transcript without the live line", async () => {
    world.onStatus("waiting", 1);
    replies.send("a", "您好");
    await flush();
    expect(replies.pending("a")).toEqual([]);
    expect(world.state.value.transcripts["a"]?.events.at(-1)?.text).toBe("您好");
  });

  it("of nothing but spaces are not sent", () => {
    expect(replies.send("a", "  \n ")).toBe(false);
    expect(replies.send("unknown", "您好")).toBe(false);
    expect(fake.api.send).not.toHaveBeenCalled();
  });

  it("taken back leave the screen and stand in the box again", async () => {
    fake.api.send.mockRejectedValueOnce(new ApiError(413, "too_long", "内容太长"));
    replies.send("a", "很长");
    await flush();
    replies.takeBack("m1");
    expect(replies.pending("a")).toEqual([]);
    expect(drafts.get("a", "reply")).toBe("很长");
  });
});

describe("the copy of the desk", () => {
  it("fetches what the feed did not bring for the open conversation", async () => {
    vi.useFakeTimers();
    const fake = server();
    const world = createWorld({ api: fake.desk, me: ME, selected: () => "a", onAlerts: () => undefined });
    await world.reload();
    await world.open("a");
    fake.state.events.push(event(3), event(4));
    world.onFrame({
      type: "feed",
      cursor: "c2",
      counts: COUNTS,
      items: [{ kind: "event", conversation_id: "a", event: event(4) }],
    });
    expect(world.state.value.transcripts["a"]?.events).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(fake.api.eventsAfter).toHaveBeenCalledExactlyOnceWith("a", 2);
    expect(world.state.value.transcripts["a"]?.events).toHaveLength(4);
    vi.useRealTimers();
  });

  it("opens a long conversation to its end, answer after answer", async () => {
    const fake = server();
    fake.state.events = events(1, 1200);
    fake.state.summary = mine("a", { last_seq: 1200 });
    fake.api.detail.mockImplementation(async () => detail(fake.state.summary, ...events(1, 500)));
    fake.api.eventsAfter.mockImplementation(async (_, seq) => ({
      events: events(seq + 1, Math.min(1200, seq + 500)),
      last_seq: 1200,
    }));
    const world = createWorld({ api: fake.desk, me: ME, selected: () => "a", onAlerts: () => undefined });
    await world.reload();
    await world.open("a");
    expect(world.state.value.transcripts["a"]?.events).toHaveLength(1200);
    expect(fake.api.eventsAfter).toHaveBeenCalledTimes(2);
  });

  it("loads the hand-over anew when the open conversation changed hands", async () => {
    vi.useFakeTimers();
    const fake = server();
    const world = createWorld({ api: fake.desk, me: ME, selected: () => "a", onAlerts: () => undefined });
    await world.reload();
    await world.open("a");
    fake.state.summary = summary({ id: "a", epoch: 7, last_seq: 2 });
    world.onFrame({
      type: "feed",
      cursor: "c2",
      counts: COUNTS,
      items: [{ kind: "summary", summary: fake.state.summary }],
    });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(fake.api.detail).toHaveBeenCalledTimes(2);
    expect(world.state.value.transcripts["a"]?.epoch).toBe(7);
    vi.useRealTimers();
  });

  it("asks nothing while the feed brings everything", async () => {
    vi.useFakeTimers();
    const fake = server();
    const world = createWorld({ api: fake.desk, me: ME, selected: () => "a", onAlerts: () => undefined });
    await world.reload();
    await world.open("a");
    world.onFrame({
      type: "feed",
      cursor: "c2",
      counts: COUNTS,
      items: [{ kind: "summary", summary: mine("a", { last_seq: 3, unread: 1 }) }],
    });
    world.onFrame({
      type: "feed",
      cursor: "c3",
      counts: COUNTS,
      items: [{ kind: "event", conversation_id: "a", event: event(3) }],
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(fake.api.eventsAfter).not.toHaveBeenCalled();
    expect(fake.api.list).toHaveBeenCalledTimes(2);
    vi.useRealTimers();
  });
});

describe("moves", () => {
  const setUp = () => {
    const fake = server();
    const notify = vi.fn();
    const onClaimed = vi.fn();
    const onEnded = vi.fn();
    const world = createWorld({ api: fake.desk, me: ME, selected: () => null, onAlerts: () => undefined });
    const moves = createMoves({ api: fake.desk, world, notify, onClaimed, onEnded });
    return { fake, notify, onClaimed, onEnded, world, moves };
  };

  it("a claim lost to another agent is said and the queue is loaded anew", async () => {
    const { fake, notify, moves, onClaimed } = setUp();
    fake.api.claim.mockRejectedValue(new ApiError(409, "claimed_by_another", "x"));
    await moves.claim("q");
    expect(notify).toHaveBeenCalledWith("warning", "已被其他坐席接走");
    expect(fake.api.list).toHaveBeenCalledWith("queued");
    expect(onClaimed).not.toHaveBeenCalled();
  });

  it("two clicks claim once", async () => {
    const { fake, moves, onClaimed } = setUp();
    fake.api.claimNext.mockResolvedValue({ summary: mine("q") });
    await Promise.all([moves.claimNext(), moves.claimNext()]);
    expect(fake.api.claimNext).toHaveBeenCalledOnce();
    expect(onClaimed).toHaveBeenCalledExactlyOnceWith("q");
  });

  it("an empty queue is no error", async () => {
    const { fake, notify, moves } = setUp();
    fake.api.claimNext.mockRejectedValue(new ApiError(404, "queue_empty", "x"));
    await moves.claimNext();
    expect(notify).toHaveBeenCalledWith("info", "暂无排队客户");
  });

  it("my own hand-back is no loss, carries the epoch", async () => {
    const { fake, world, moves, onEnded } = setUp();
    world.upsert(mine("a", { epoch: 4 }));
    fake.api.handBack.mockResolvedValue({ summary: summary({ id: "a", desk: "bot", epoch: 5 }) });
    expect(await moves.end("a", "handback")).toBe(true);
    expect(fake.api.handBack).toHaveBeenCalledWith("a", { epoch: 4 });
    expect(world.lost.has("a")).toBe(false);
    expect(onEnded).toHaveBeenCalledWith("a");
  });

  it("a refused close leaves the chat as it is and says why", async () => {
    const { fake, world, moves, notify, onEnded } = setUp();
    world.upsert(mine("a"));
    fake.api.close.mockRejectedValue(offline);
    expect(await moves.end("a", "close")).toBe(false);
    expect(notify).toHaveBeenCalledWith("error", "网络不通");
    expect(onEnded).not.toHaveBeenCalled();
    expect(world.state.value.conversations["a"]?.desk).toBe("human");
  });

  it("a note is saved trimmed and stands in the transcript at once", async () => {
    const { fake, world, moves } = setUp();
    await world.open("a");
    fake.api.addNote.mockResolvedValue({
      note: { id: "n1", agent_name: "小林", text: "已核对", at: "2026-03-02T02:00:00Z" },
    });
    expect(await moves.addNote("a", " 已核对 ")).toBe(true);
    expect(fake.api.addNote).toHaveBeenCalledExactlyOnceWith("a", "已核对");
    expect(world.state.value.transcripts["a"]?.notes).toHaveLength(1);
  });

  it("a note that was not saved is not shown as saved", async () => {
    const { fake, moves, notify } = setUp();
    fake.api.addNote.mockRejectedValue(offline);
    expect(await moves.addNote("a", "备注")).toBe(false);
    expect(notify).toHaveBeenCalledWith("error", "备注没有保存：网络不通");
  });
});

import { describe, expect, it } from "vitest";

import { dayLabel, shortTime, timer, timerWords, waitLevel, waitedSeconds } from "../src/desk/clock";
import { composerState, sends, type KeyPress } from "../src/desk/composer";
import { createDrafts, type DraftStorage } from "../src/desk/drafts";
import { streamOf } from "../src/desk/stream";
import { priorityFlag } from "../src/desk/words";
import { hashOf, parseHash } from "../src/store/address";
import { event, ME, mine, summary } from "./make";

const NOON = Date.parse("2026-03-02T04:00:00Z"); // 12:00 in China

describe("times", () => {
  it("are China's, whatever the computer's zone", () => {
    expect(shortTime("2026-03-02T01:05:00Z", NOON)).toBe("09:05");
    expect(dayLabel("2026-03-01T15:59:00Z", NOON)).toBe("昨天");
    expect(dayLabel("2026-03-01T16:01:00Z", NOON)).toBe("今天");
    expect(dayLabel("2025-12-31T00:00:00Z", NOON)).toBe("2025年12月31日");
  });

  it("of waiting grow from fresh over watch to late", () => {
    expect(waitedSeconds("2026-03-02T03:58:00Z", NOON)).toBe(120);
    expect(waitedSeconds("2026-03-02T04:10:00Z", NOON)).toBe(0);
    expect([59, 60, 179, 180].map(waitLevel)).toEqual(["fresh", "watch", "watch", "late"]);
    expect([0, 65, 3600].map(timer)).toEqual(["00:00", "01:05", "1:00:00"]);
    expect(timerWords(65)).toBe("1 分 5 秒");
  });
});

describe("the reply box", () => {
  const press = (part: Partial<KeyPress>): KeyPress => ({
    key: "Enter",
    shiftKey: false,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    isComposing: false,
    keyCode: 13,
    ...part,
  });

  it("sends with Enter and Ctrl+Enter, breaks the line with Shift+Enter", () => {
    expect(sends(press({}))).toBe(true);
    expect(sends(press({ ctrlKey: true }))).toBe(true);
    expect(sends(press({ shiftKey: true }))).toBe(false);
    expect(sends(press({ key: "a" }))).toBe(false);
  });

  it("never sends with the Enter that picks a Chinese candidate", () => {
    expect(sends(press({ isComposing: true }))).toBe(false);
    expect(sends(press({ keyCode: 229 }))).toBe(false);
  });

  it("is open in my own chat only, and says who has it when it was taken", () => {
    expect(composerState(mine("a"), ME, false)).toEqual({ kind: "open" });
    expect(composerState(summary({ id: "a" }), ME, false)).toEqual({ kind: "queued" });
    const taken = mine("a", { agent: { id: "A2", name: "小陈" } });
    expect(composerState(taken, ME, false)).toEqual({ kind: "other", agent: "小陈" });
    expect(composerState(taken, ME, true)).toEqual({ kind: "lost", why: "会话已由 小陈 接手" });
    expect(composerState(mine("a"), ME, true)).toEqual({ kind: "open" });
  });
});

describe("drafts", () => {
  const storage = (): DraftStorage & { data: Map<string, string> } => {
    const data = new Map<string, string>();
    return {
      data,
      getItem: (key) => data.get(key) ?? null,
      setItem: (key, value) => void data.set(key, value),
      removeItem: (key) => void data.delete(key),
    };
  };

  it("survive a reload, each conversation its own, reply and note apart", () => {
    const kept = storage();
    const before = createDrafts("A1", kept);
    before.set("a", "reply", "您好");
    before.set("a", "note", "内部");
    before.set("b", "reply", "稍等");
    const after = createDrafts("A1", kept);
    expect([after.get("a", "reply"), after.get("a", "note"), after.get("b", "reply")]).toEqual([
      "您好",
      "内部",
      "稍等",
    ]);
    expect(after.open().sort()).toEqual(["a", "b"]);
  });

  it("are never another agent's, and are gone after logging out", () => {
    const kept = storage();
    createDrafts("A1", kept).set("a", "reply", "您好");
    expect(createDrafts("A2", kept).get("a", "reply")).toBe("");
    createDrafts("A1", kept).clear();
    expect(kept.data.size).toBe(0);
  });

  it("give unsent words back without losing or doubling what was typed since", () => {
    const drafts = createDrafts("A1", storage());
    expect(drafts.giveBack("a", "第一句")).toBe("第一句");
    expect(drafts.giveBack("a", "第一句")).toBe("第一句");
    drafts.set("a", "reply", "第二句");
    expect(drafts.giveBack("a", "第一句")).toBe("第一句\n第二句");
  });

  it("live on in memory when the storage refuses", () => {
    const full = {
      ...storage(),
      setItem: () => {
        throw new Error("full");
      },
    };
    const drafts = createDrafts("A1", full);
    drafts.set("a", "reply", "您好");
    expect(drafts.get("a", "reply")).toBe("您好");
    expect(createDrafts("A1", { ...storage(), getItem: () => "{not json" }).open()).toEqual([]);
  });
});

describe("the transcript's lines", () => {
  const desk = (seq: number, to: "queued" | "human" | "bot" | "closed") =>
    event(seq, { type: "desk", sender: "system", text: to, card: { kind: "desk", desk: to } });
  const lines = (list: ReturnType<typeof event>[], more: object = {}) =>
    streamOf({ events: list, notes: [], handover: null, pending: [], now: NOON, ...more });
  const handover = {
    reason: { code: "x", label: "投诉" },
    asked: "",
    answered: "",
    facts: [],
    at: "2026-03-02T02:00:02Z",
  };

  it("mark where the bot ended and a person began, with the reason", () => {
    const items = lines([event(1), desk(2, "queued"), desk(3, "human"), event(4)], { handover });
    expect(items.map((item) => item.kind)).toEqual(["day", "message", "divider", "system", "message"]);
    expect(items[2]).toMatchObject({ title: "机器人 ⇢ 人工", reason: "投诉" });
  });

  it("give the reason to the latest hand-over only, and mark the way back", () => {
    const items = lines([desk(1, "queued"), desk(2, "human"), desk(3, "bot"), desk(4, "queued")], {
      handover,
    });
    const dividers = items.filter((item) => item.kind === "divider");
    expect(dividers.map((item) => [item.title, item.reason])).toEqual([
      ["机器人 ⇢ 人工", null],
      ["人工 ⇢ 机器人", null],
      ["机器人 ⇢ 人工", "投诉"],
    ]);
  });

  it("put a note at its time and a reply under way at the end", () => {
    const note = { id: "n", agent_name: "小林", text: "备注", at: "2026-03-02T02:00:01.500Z" };
    const pending = [
      {
        clientMsgId: "m1",
        conversation: "a",
        text: "好",
        epoch: 1,
        at: NOON,
        state: "sending",
        seq: null,
        error: null,
      },
    ];
    const items = lines([event(1), event(2)], { notes: [note], pending });
    expect(items.map((item) => item.kind)).toEqual(["day", "message", "note", "message", "pending"]);
  });

  it("keep one key for a reply before and after it reached the journal, so that it does not flash", () => {
    const pending = [
      {
        clientMsgId: "m1",
        conversation: "a",
        text: "好",
        epoch: 1,
        at: NOON,
        state: "sending",
        seq: null,
        error: null,
      },
    ];
    const before = lines([event(1)], { pending }).at(-1);
    const after = lines([event(1), event(2, { sender: "agent", client_msg_id: "m1" })]).at(-1);
    expect(before?.key).toBe(after?.key);
  });

  it("start anew under another agent's name", () => {
    const said = (seq: number, name: string) => event(seq, { sender: "agent", agent_name: name });
    const items = lines([said(1, "小林"), said(2, "小林"), said(3, "小陈")]);
    expect(items.flatMap((item) => (item.kind === "message" ? [item.first] : []))).toEqual([
      true,
      false,
      true,
    ]);
  });

  it("stand under one name while one person goes on talking", () => {
    const items = lines([
      event(1),
      event(2),
      event(3, { sender: "bot" }),
      event(4, { at: "2026-03-02T03:00:00Z", sender: "bot" }),
    ]);
    expect(items.flatMap((item) => (item.kind === "message" ? [item.first] : []))).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });
});

it("the address keeps tab and conversation, and survives nonsense", () => {
  expect(parseHash(hashOf({ tab: "queued", id: "a/b 1" }))).toEqual({ tab: "queued", id: "a/b 1" });
  expect(parseHash("#/nowhere/x")).toEqual({ tab: "mine", id: null });
  expect(parseHash("#/bot/%E0%A4%A")).toEqual({ tab: "bot", id: null });
  expect(parseHash("")).toEqual({ tab: "mine", id: null });
});

it("priorities become words", () => {
  expect([100, 80, 60, 10].map((value) => priorityFlag(value)?.name ?? null)).toEqual([
    "紧急",
    "紧急",
    "优先",
    null,
  ]);
});

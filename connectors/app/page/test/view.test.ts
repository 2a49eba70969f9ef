import type { ChatEvent, Desk, Pending } from "@yixian/common";
import { describe, expect, it } from "vitest";
import type { Body } from "../src/api";
import { AT_BOT, deskAfter, deskWords } from "../src/desk";
import { linesOf, type Bubble, type Line, type Shown } from "../src/view";

const NOW = Date.parse("2025-03-05T04:00:00Z");
const CHOICES = [{ title: "查账单", payload: "b1" }, { title: "提前还款", payload: "b2" }];

function event(seq: number, over: Partial<ChatEvent> = {}): ChatEvent {
  const at = new Date(NOW - 3_600_000 + seq * 1_000).toISOString();
  return { seq, type: "message", sender: "bot", text: `第${seq}条`, buttons: [], card: null, client_msg_id: null, agent_name: null, at, ...over };
}

function move(seq: number, desk: Desk["state"], text = "", agent: string | null = null): ChatEvent {
  return event(seq, { type: "desk", sender: "system", text, card: { kind: "desk", desk }, agent_name: agent });
}

function pending(id: string, state: Pending<Body>["state"] = "sending"): Pending<Body> {
  return { id, text: `写的${id}`, body: { text: id }, state, error: state === "failed" ? "系统繁忙" : null, code: null, at: NOW };
}

function show(over: Partial<Shown>): Line[] {
  return linesOf({
    conversation: "c", events: [], pending: [], desk: AT_BOT, pressed: new Map(), seenSeq: null, now: NOW, ...over,
  });
}

const bubbles = (lines: Line[]): Bubble[] => lines.filter((line): line is Bubble => line.kind === "bubble");
const choiceStates = (lines: Line[]): string[] => bubbles(lines).flatMap((one) => one.choices.map((it) => it.state));

describe("the lines on the screen", () => {
  it("an echo becomes its event in place: one line, the same key", () => {
    const before = show({ pending: [pending("id1")] });
    const after = show({ events: [event(1, { sender: "customer", client_msg_id: "id1" })] });
    expect(bubbles(before).map((one) => one.key)).toEqual(bubbles(after).map((one) => one.key));
    expect(bubbles(after)).toHaveLength(1);
  });

  it("only the last own message says how far it got, and a failed one says why", () => {
    const own = (seq: number): ChatEvent => event(seq, { sender: "customer" });
    expect(bubbles(show({ events: [own(1), event(2), own(3)] })).map((one) => one.delivery)).toEqual([null, null, "sent"]);
    const waiting = bubbles(show({ events: [own(1)], pending: [pending("a", "failed"), pending("b")] }));
    expect(waiting.map((one) => one.delivery)).toEqual([null, "failed", "sending"]);
    expect(waiting[1]?.error).toBe("系统繁忙");
  });

  it("the bot is always named as AI, never as a person", () => {
    const desk: Desk = { state: "human", position: null, agent_name: "小林" };
    const names = bubbles(show({ events: [event(1), event(2), event(3)], desk })).map((one) => one.name);
    expect(new Set(names)).toEqual(new Set(["AI 智能客服"]));
  });

  it("every person's message carries the name of who wrote it, also after someone else took over", () => {
    const events = [event(1, { sender: "agent", agent_name: "小林" }), event(2, { sender: "agent", agent_name: "小陈" })];
    const desk: Desk = { state: "human", position: null, agent_name: "小陈" };
    expect(bubbles(show({ events, desk })).map((one) => one.name)).toEqual(["坐席 小林", "坐席 小陈"]);
  });

  it("a pause of more than five minutes gets the time", () => {
    const at = (ms: number): string => new Date(NOW + ms).toISOString();
    const events = [event(1, { at: at(0) }), event(2, { at: at(290_000) }), event(3, { at: at(600_000) })];
    const times = show({ events }).filter((line) => line.kind === "time");
    expect(times.map((line) => line.kind === "time" && line.text)).toEqual(["今天 12:00", "今天 12:10"]);
  });

  it("new messages that came while reading history begin after a mark", () => {
    const lines = show({ events: [event(1), event(2), event(3)], seenSeq: 1 });
    expect(lines.map((line) => line.kind)).toEqual(["time", "bubble", "unread", "bubble", "bubble"]);
  });
});

describe("choices", () => {
  const offer = event(1, { buttons: CHOICES });

  it("can be pressed while the AI has the desk", () => {
    expect(choiceStates(show({ events: [offer] }))).toEqual(["open", "open"]);
  });

  it("are done with after one was pressed", () => {
    expect(choiceStates(show({ events: [offer], pressed: new Map([[1, "b2"]]) }))).toEqual(["shut", "chosen"]);
  });

  it("remember the choice over a reload by what the customer said next", () => {
    const events = [offer, event(2, { sender: "customer", text: "查账单" })];
    expect(choiceStates(show({ events }))).toEqual(["chosen", "shut"]);
  });

  it("are shut while a person has the desk and stay shut after the desk came back", () => {
    expect(choiceStates(show({ events: [offer], desk: { ...AT_BOT, state: "queued" } }))).toEqual(["shut", "shut"]);
    expect(choiceStates(show({ events: [offer, move(2, "queued"), move(3, "bot")] }))).toEqual(["shut", "shut"]);
  });
});

describe("the desk", () => {
  it("moves with the last notice; one that repeats the state keeps place and name", () => {
    const queued: Desk = { state: "queued", position: 2, agent_name: null };
    expect(deskAfter(AT_BOT, [move(1, "queued"), event(2)]).state).toBe("queued");
    expect(deskAfter(queued, [move(1, "human"), move(2, "queued")])).toBe(queued);
    expect(deskAfter(queued, [event(3)])).toBe(queued);
    expect(deskAfter(queued, [move(4, "human", "", "小林")])).toEqual({ state: "human", position: null, agent_name: "小林" });
  });

  it("says in words whom one talks with", () => {
    expect(deskWords(AT_BOT).title).toBe("AI 智能客服");
    expect(deskWords({ state: "queued", position: 2, agent_name: null }).spoken).toContain("排队中 第 2 位");
    expect(deskWords({ state: "human", position: null, agent_name: "小林" }).title).toBe("坐席 小林");
    expect(deskWords({ state: "human", position: null, agent_name: null }).title).toBe("人工坐席");
    expect(deskWords({ state: "closed", position: null, agent_name: null }).title).toBe("会话已结束");
  });
});

import { describe, expect, it } from "vitest";

import { alertsBetween, lostBetween, openMatters } from "../src/desk/alerts";
import { conversationsOf, heldOrder, neighbour, newerSummary } from "../src/desk/conversations";
import { emptyDesk, MAX_TRANSCRIPTS, withDetail, withPage, withSummaries } from "../src/desk/state";
import { detail, event, events, feed, ME, mine, page, summary } from "./make";

const START = emptyDesk(ME);
const ids = (list: readonly { id: string }[]): string[] => list.map((one) => one.id);
const first = { first: true, takeCursor: true };

describe("the feed", () => {
  it("leaves the same state when a frame comes twice", () => {
    const open = withDetail(
      withSummaries(START, [mine("a", { last_seq: 2 })]),
      detail(mine("a", { last_seq: 2 }), ...events(1, 2)),
    );
    const items = [
      { kind: "event", conversation_id: "a", event: event(3) },
      { kind: "summary", summary: mine("a", { last_seq: 3, unread: 1 }) },
      { kind: "summary", summary: summary({ id: "b" }) },
    ] as const;
    const once = feed(open, "c2", ...items);
    expect(feed(once, "c2", ...items)).toEqual(once);
    expect(once.cursor).toBe("c2");
    expect(once.transcripts["a"]?.events).toHaveLength(3);
  });

  it("ends in the state a fresh load gives, whichever of the two comes first", () => {
    const before = mine("a", { last_seq: 2 });
    const after = mine("a", { last_seq: 4, unread: 2 });
    const stale = detail(before, ...events(1, 2));
    const byFeed = feed(
      withDetail(START, stale),
      "c2",
      { kind: "event", conversation_id: "a", event: event(3) },
      { kind: "event", conversation_id: "a", event: event(4) },
      { kind: "summary", summary: after },
    );
    const fresh = withDetail(START, detail(after, ...events(1, 4)));
    expect(byFeed.conversations).toEqual(fresh.conversations);
    expect(byFeed.transcripts["a"]?.events).toEqual(fresh.transcripts["a"]?.events);
    // an answer that was on its way since before the feed changes nothing back
    expect(withDetail(byFeed, stale).conversations["a"]).toEqual(after);
    expect(withDetail(byFeed, stale).transcripts["a"]?.events).toHaveLength(4);
  });

  it("shows a customer's words in the list even before the summary arrives", () => {
    const state = withSummaries(START, [mine("a", { last_seq: 1 })]);
    const told = feed(state, "c2", {
      kind: "event",
      conversation_id: "a",
      event: event(2, { text: "在吗" }),
    });
    expect(told.conversations["a"]).toMatchObject({ last_seq: 2, unread: 1, last_message: { text: "在吗" } });
  });

  it("ignores kinds it does not know yet", () => {
    const odd = { kind: "callback", id: 1 } as never;
    expect(feed(START, "c2", odd).conversations).toEqual({});
  });
});

describe("two summaries of one conversation", () => {
  it("the higher epoch wins, even with fewer messages", () => {
    const old = mine("a", { epoch: 2, last_seq: 9 });
    const moved = summary({ id: "a", epoch: 3, last_seq: 8 });
    expect(newerSummary(old, moved)).toBe(moved);
    expect(newerSummary(moved, old)).toBe(moved);
  });

  it("of one epoch the one with more messages wins", () => {
    const less = mine("a", { last_seq: 3 });
    const more = mine("a", { last_seq: 4 });
    expect(newerSummary(less, more)).toBe(more);
    expect(newerSummary(more, less)).toBe(more);
  });
});

describe("a list answer", () => {
  it("drops what the server no longer lists there", () => {
    const held = withSummaries(START, [summary({ id: "a" }), summary({ id: "b" })]);
    const state = withPage(held, "queued", page([summary({ id: "b" })]), { asked: held, ...first });
    expect(ids(conversationsOf(Object.values(state.conversations), "queued", ME))).toEqual(["b"]);
  });

  it("keeps what the feed brought after the question was asked", () => {
    const asked = withSummaries(START, [summary({ id: "a" })]);
    const meanwhile = feed(asked, "c9", { kind: "summary", summary: summary({ id: "new" }) });
    const state = withPage(meanwhile, "queued", page([summary({ id: "a" })]), {
      asked,
      first: true,
      takeCursor: false,
    });
    expect(Object.keys(state.conversations).sort()).toEqual(["a", "new"]);
    expect(state.cursor).toBe("c9");
  });

  it("leaves the other tabs alone", () => {
    const held = withSummaries(START, [mine("m"), summary({ id: "q" })]);
    const state = withPage(held, "queued", page([]), { asked: held, ...first });
    expect(Object.keys(state.conversations)).toEqual(["m"]);
  });

  it("gives the cursor only when it is the first of a load", () => {
    const taken = withPage(START, "mine", page([], { cursor: "c5" }), { asked: START, ...first });
    expect(taken.cursor).toBe("c5");
    const later = withPage(taken, "bot", page([], { cursor: "c9" }), {
      asked: taken,
      first: true,
      takeCursor: false,
    });
    expect(later.cursor).toBe("c5");
  });
});

describe("order", () => {
  it("the queue is served by priority, then by who asked first", () => {
    const all = [
      summary({ id: "late", waiting_since: "2026-03-02T02:05:00Z" }),
      summary({ id: "early", waiting_since: "2026-03-02T02:01:00Z" }),
      summary({ id: "fraud", priority: 90, waiting_since: "2026-03-02T02:09:00Z" }),
    ];
    expect(ids(conversationsOf(all, "queued", ME))).toEqual(["fraud", "early", "late"]);
  });

  it("another agent's conversation is in no tab of mine", () => {
    const other = mine("a", { agent: { id: "A2", name: "小陈" } });
    for (const tab of ["mine", "queued", "bot", "closed"] as const)
      expect(conversationsOf([other], tab, ME)).toEqual([]);
  });

  it("nothing moves under the pointer: old rows stay, gone ones leave, new ones follow", () => {
    const sorted = [summary({ id: "urgent" }), summary({ id: "b" }), summary({ id: "a" })];
    expect(ids(heldOrder(["a", "gone", "b"], sorted))).toEqual(["a", "b", "urgent"]);
  });

  it("moving by key stays inside the list", () => {
    expect(neighbour(["a", "b"], "b", 1)).toBe("b");
    expect(neighbour(["a", "b"], null, 1)).toBe("a");
    expect(neighbour(["a", "b"], "gone", -1)).toBe("b");
    expect(neighbour([], "a", 1)).toBeNull();
  });
});

describe("alerts", () => {
  const base = withSummaries(START, [mine("m", { last_seq: 1 }), summary({ id: "q" })]);

  it("ring once for a conversation that begins to wait, not for one that goes on waiting", () => {
    const after = feed(
      base,
      "c2",
      { kind: "summary", summary: summary({ id: "new" }) },
      { kind: "summary", summary: summary({ id: "q", last_seq: 3 }) },
    );
    expect(ids(alertsBetween(base, after).waiting)).toEqual(["new"]);
    expect(alertsBetween(after, feed(after, "c3")).waiting).toEqual([]);
  });

  it("tell of customers' words in my conversations only", () => {
    const after = feed(
      base,
      "c2",
      { kind: "event", conversation_id: "m", event: event(2) },
      { kind: "event", conversation_id: "q", event: event(2) },
    );
    expect(ids(alertsBetween(base, after).messages)).toEqual(["m"]);
  });

  it("a conversation taken out of my hands is noticed", () => {
    const after = feed(base, "c2", {
      kind: "summary",
      summary: mine("m", { epoch: 3, agent: { id: "A2", name: "小陈" } }),
    });
    expect(lostBetween(base, after)).toEqual(["m"]);
    expect(lostBetween(base, base)).toEqual([]);
  });

  it("the title counts the queue and my unanswered chats", () => {
    const state = {
      ...withSummaries(base, [mine("m", { last_seq: 2, unread: 2 })]),
      counts: { mine: 1, queued: 4, bot: 0, closed: 0 },
    };
    expect(openMatters(state)).toBe(5);
  });
});

it("an eight-hour day does not fill the memory: old transcripts are let go", () => {
  let state = START;
  for (let index = 0; index < MAX_TRANSCRIPTS + 10; index += 1) {
    state = withDetail(state, detail(mine(`c${index}`), event(1)));
  }
  expect(Object.keys(state.transcripts)).toHaveLength(MAX_TRANSCRIPTS);
  expect(state.transcripts[`c${MAX_TRANSCRIPTS + 9}`]).toBeDefined();
});

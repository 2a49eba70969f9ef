import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../src/http";
import { Outbox, type Pending } from "../src/outbox";
import { realTimers } from "../src/timers";
import { event, seeded } from "./helpers";

type Body = { text: string };
type Post = (id: string, body: Body) => Promise<{ seq: number }>;

function rig(post: Post, saved: readonly Pending<Body>[] = []) {
  let count = 0;
  const shown: (readonly Pending<Body>[])[] = [];
  const outbox = new Outbox<Body>(
    {
      timers: realTimers, random: seeded(1), newId: () => `id${++count}`, post,
      onChange: (items) => shown.push(items),
    },
    saved,
  );
  return { outbox, shown };
}

const write = (outbox: Outbox<Body>, text: string): string => outbox.add(text, { text });
const states = (outbox: Outbox<Body>): string[] => outbox.pending.map((item) => `${item.text}:${item.state}`);
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the outbox", () => {
  it("sends one after another, in the order written", async () => {
    const sent: string[] = [];
    let inFlight = 0;
    const { outbox } = rig(async (_, body) => {
      expect(++inFlight).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 100));
      inFlight--;
      sent.push(body.text);
      return { seq: sent.length };
    });
    for (const text of ["甲", "乙", "丙"]) write(outbox, text);
    expect(states(outbox)).toEqual(["甲:sending", "乙:sending", "丙:sending"]);
    await pass(1_000);
    expect(sent).toEqual(["甲", "乙", "丙"]);
    expect(states(outbox)).toEqual(["甲:sent", "乙:sent", "丙:sent"]);
  });

  it("tries again under the same id while the server cannot be reached, keeping the order", async () => {
    const ids: string[] = [];
    const { outbox } = rig((id) => {
      ids.push(id);
      return ids.length < 4 ? Promise.reject(new ApiError(0, "network", "断")) : Promise.resolve({ seq: 1 });
    });
    write(outbox, "甲");
    write(outbox, "乙");
    await pass(60_000);
    expect(ids).toEqual(["id1", "id1", "id1", "id1", "id2"]);
    expect(states(outbox)).toEqual(["甲:sent", "乙:sent"]);
  });

  it("shows the server's words when it refuses, and goes on with the next", async () => {
    const { outbox } = rig((_, body) =>
      body.text === "甲" ? Promise.reject(new ApiError(413, "too_long", "内容太长")) : Promise.resolve({ seq: 1 }),
    );
    write(outbox, "甲");
    write(outbox, "乙");
    await pass(0);
    expect(states(outbox)).toEqual(["甲:failed", "乙:sent"]);
    expect(outbox.pending[0]?.error).toBe("内容太长");
  });

  it("gives up by itself after a few tries; the retry button uses the same id", async () => {
    let down = true;
    const ids: string[] = [];
    const { outbox } = rig((id) => {
      ids.push(id);
      return down ? Promise.reject(new ApiError(503, "busy", "系统繁忙")) : Promise.resolve({ seq: 1 });
    });
    const id = write(outbox, "甲");
    await pass(120_000);
    expect(states(outbox)).toEqual(["甲:failed"]);
    expect(ids).toHaveLength(5);
    down = false;
    outbox.retry(id);
    await pass(0);
    expect(states(outbox)).toEqual(["甲:sent"]);
    expect(new Set(ids)).toEqual(new Set([id]));
  });

  it("waits as long as the server asks", async () => {
    let tries = 0;
    const { outbox } = rig(() =>
      ++tries === 1 ? Promise.reject(new ApiError(429, "too_fast", "慢一点", 20_000)) : Promise.resolve({ seq: 1 }),
    );
    write(outbox, "甲");
    await pass(19_000);
    expect(tries).toBe(1);
    await pass(2_000);
    expect(tries).toBe(2);
  });

  it("lets go of an echo when the journal shows it, even before the answer came", async () => {
    const { outbox, shown } = rig(() => new Promise(() => undefined));
    const id = write(outbox, "甲");
    outbox.settle([event(1, { client_msg_id: id })]);
    expect(outbox.pending).toEqual([]);
    expect(shown[shown.length - 1]).toEqual([]);
  });

  it("does not wait out the back-off when the network comes back", async () => {
    let down = true;
    const { outbox } = rig(() => (down ? Promise.reject(new ApiError(0, "network", "断")) : Promise.resolve({ seq: 1 })));
    write(outbox, "甲");
    await pass(1);
    down = false;
    outbox.wake();
    await pass(0);
    expect(states(outbox)).toEqual(["甲:sent"]);
  });

  it("finishes what a former page could not, under the old ids", async () => {
    const ids: string[] = [];
    const saved: Pending<Body>[] = [
      { id: "old", text: "甲", body: { text: "甲" }, state: "sending", error: null, code: null, at: 0 },
    ];
    rig((id) => {
      ids.push(id);
      return Promise.resolve({ seq: 1 });
    }, saved);
    await pass(0);
    expect(ids).toEqual(["old"]);
  });
});

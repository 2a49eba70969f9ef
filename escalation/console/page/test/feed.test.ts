import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { ServerFrame } from "../src/api/contract";
import {
  createFeed,
  RELOAD_AFTER,
  SILENCE_MS,
  type FeedOptions,
  type FeedStatus,
  type Socket,
} from "../src/live/feed";

class FakeSocket implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readonly sent: string[] = [];
  closed = false;

  constructor(readonly cursor: string) {}

  send(data: string): void {
    this.sent.push(data);
  }

  close(): void {
    this.closed = true;
  }

  says(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

const frame = (cursor: string): ServerFrame => ({
  type: "feed",
  cursor,
  items: [],
  counts: { mine: 0, queued: 0, bot: 0, closed: 0 },
});

function setUp(part: Partial<FeedOptions> = {}) {
  const sockets: FakeSocket[] = [];
  const statuses: FeedStatus[] = [];
  const frames: ServerFrame[] = [];
  let cursor: string | null = "c1";
  const resync = vi.fn(async () => {
    cursor = "fresh";
  });
  const onRefused = vi.fn();
  const feed = createFeed({
    connect: (from) => {
      const socket = new FakeSocket(from);
      sockets.push(socket);
      return socket;
    },
    cursor: () => cursor,
    csrf: () => "token",
    onFrame: (one) => {
      frames.push(one);
      if (one.type === "feed") cursor = one.cursor;
    },
    onStatus: (status) => statuses.push(status),
    resync,
    onRefused,
    random: () => 0.5,
    ...part,
  });
  return {
    feed,
    sockets,
    statuses,
    frames,
    resync,
    onRefused,
    last: () => sockets.at(-1)!,
    empty: () => (cursor = null),
  };
}

describe("the live feed", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("shows its token first and resumes from the last cursor after every break", async () => {
    const { feed, sockets, last } = setUp();
    feed.start();
    await vi.advanceTimersByTimeAsync(0);
    last().onopen?.();
    expect(last().sent).toEqual([JSON.stringify({ csrf: "token" })]);
    for (const cursor of ["c2", "c3", "c4"]) {
      last().says(frame(cursor));
      last().onclose?.({ code: 1006 });
      await vi.advanceTimersByTimeAsync(1_000);
      expect(last().cursor).toBe(cursor);
    }
    expect(sockets).toHaveLength(4);
  });

  it("loads first when there is no cursor yet", async () => {
    const { feed, resync, last, empty } = setUp();
    empty();
    feed.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(resync).toHaveBeenCalledOnce();
    expect(last().cursor).toBe("fresh");
  });

  it("waits longer after every failure, anywhere up to the doubled limit and never above 30 s", async () => {
    const { feed, sockets, last } = setUp({ random: () => 0.999 });
    feed.start();
    await vi.advanceTimersByTimeAsync(0);
    const pauses: number[] = [];
    for (let failure = 0; failure < 8; failure += 1) {
      const before = sockets.length;
      last().onclose?.({ code: 1006 });
      let waited = 0;
      while (sockets.length === before) {
        await vi.advanceTimersByTimeAsync(100);
        waited += 100;
      }
      pauses.push(Math.round(waited / 1000));
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
  });

  it("reloads over HTTP once WebSockets keep failing, so that the lists stay true", async () => {
    const { feed, resync, last } = setUp();
    feed.start();
    await vi.advanceTimersByTimeAsync(0);
    for (let failure = 1; failure < RELOAD_AFTER; failure += 1) {
      last().onclose?.({ code: 1006 });
      await vi.advanceTimersByTimeAsync(30_000);
    }
    expect(resync).not.toHaveBeenCalled();
    last().onclose?.({ code: 1006 });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(resync).toHaveBeenCalledOnce();
  });

  it("notices a line that is dead without saying so", async () => {
    const { feed, sockets, last, statuses } = setUp();
    feed.start();
    await vi.advanceTimersByTimeAsync(0);
    last().onopen?.();
    await vi.advanceTimersByTimeAsync(SILENCE_MS - 1_000);
    last().says({ type: "ping" });
    await vi.advanceTimersByTimeAsync(SILENCE_MS - 1_000);
    expect(sockets).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(sockets).toHaveLength(2);
    expect(sockets[0]?.closed).toBe(true);
    expect(statuses).toContain("waiting");
  });

  it("reloads when the cursor is too old, and does not spin when that does not help", async () => {
    const { feed, sockets, resync, last } = setUp();
    feed.start();
    await vi.advanceTimersByTimeAsync(0);
    last().says({ type: "resync" });
    await vi.advanceTimersByTimeAsync(0);
    expect(resync).toHaveBeenCalledOnce();
    expect(last().cursor).toBe("fresh");
    last().says({ type: "resync" });
    await vi.advanceTimersByTimeAsync(0);
    expect(sockets).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sockets).toHaveLength(3);
  });

  it("tries again when the reload itself fails", async () => {
    const resync = vi.fn().mockRejectedValueOnce(new Error("503")).mockResolvedValue(undefined);
    const { feed, sockets, last } = setUp({ resync });
    feed.start();
    await vi.advanceTimersByTimeAsync(0);
    last().says({ type: "resync" });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(resync).toHaveBeenCalledTimes(2);
    expect(sockets).toHaveLength(2);
  });

  it("says that the session was refused, and goes on with the token that is then right", async () => {
    let token = "old";
    const onRefused = vi.fn(() => (token = "new"));
    const { feed, last } = setUp({ csrf: () => token, onRefused });
    feed.start();
    await vi.advanceTimersByTimeAsync(0);
    last().onclose?.({ code: 4403 });
    await vi.advanceTimersByTimeAsync(1_000);
    last().onopen?.();
    expect(onRefused).toHaveBeenCalledOnce();
    expect(last().sent).toEqual([JSON.stringify({ csrf: "new" })]);
  });

  it("does not wait out the pause when the network is back, and never opens two lines", async () => {
    const { feed, sockets, last } = setUp();
    feed.start();
    await vi.advanceTimersByTimeAsync(0);
    last().onclose?.({ code: 1006 });
    feed.retryNow();
    feed.retryNow();
    await vi.advanceTimersByTimeAsync(60);
    expect(sockets).toHaveLength(2);
  });

  it("ignores what is not a frame", async () => {
    const { feed, frames, last } = setUp();
    feed.start();
    await vi.advanceTimersByTimeAsync(0);
    last().onmessage?.({ data: "nonsense" });
    last().says(["list"]);
    last().says(frame("c2"));
    expect(frames).toHaveLength(1);
  });

  it("is silent after stop", async () => {
    const { feed, sockets, statuses } = setUp();
    feed.start();
    await vi.advanceTimersByTimeAsync(0);
    feed.stop();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(sockets).toHaveLength(1);
    expect(sockets[0]?.closed).toBe(true);
    expect(statuses.at(-1)).toBe("stopped");
  });
});

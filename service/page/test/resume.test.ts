import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../src/http";
import { ResumeClient, type Link, type ResumePorts } from "../src/resume";
import { realTimers } from "../src/timers";
import type { ChatEvent, Desk } from "../src/types";
import { setMaxListeners } from "node:events";
import { CALM, FaultyServer, type Faults } from "./faulty";
import { event, seeded } from "./helpers";

interface Rig {
  readonly client: ResumeClient;
  readonly server: FaultyServer;
  readonly got: ChatEvent[];
  readonly links: Link[];
  readonly desks: Desk[];
  readonly refused: string[];
  readonly asked: boolean[];
}

function rig(seed: number, faults: Faults = CALM, over: Partial<ResumePorts> = {}): Rig {
  const random = seeded(seed);
  const server = new FaultyServer(random, faults);
  const [got, links, desks, refused, asked] = [[], [], [], [], []] as [
    ChatEvent[], Link[], Desk[], string[], boolean[],
  ];
  const ports: ResumePorts = {
    timers: realTimers,
    random,
    token: (fresh) => {
      asked.push(fresh);
      return Promise.resolve({ value: `t${asked.length}`, renewInMs: 540_000 });
    },
    fetchEvents: server.fetchEvents,
    openSocket: server.openSocket,
    ...over,
  };
  const client = new ResumeClient(ports, {
    onEvents: (events) => got.push(...events),
    onDesk: (desk) => desks.push(desk),
    onTyping: () => undefined,
    onLink: (link) => links.push(link),
    onRefused: (reason) => refused.push(reason),
  });
  return { client, server, got, links, desks, refused, asked };
}

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const oneTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
const seqs = (events: readonly ChatEvent[]): number[] => events.map((one) => one.seq);

setMaxListeners(0);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("nothing lost, nothing doubled", () => {
  const storm: Faults = {
    dropFrame: 0.2, repeatFrame: 0.2, delayFrame: 0.3, closeSocket: 0.1, refuseSocket: 0.4, failFetch: 0.4,
  };

  it("over 300 random storms of drops, repeats, reordering, closes and failing requests", async () => {
    for (let seed = 1; seed <= 300; seed++) {
      const { client, server, got } = rig(seed, storm);
      client.start();
      for (let i = 0; i < 40; i++) {
        server.publish();
        await pass(Math.floor(seeded(seed * 1_000 + i)() * 400));
      }
      server.faults = CALM;
      await pass(120_000);
      server.publish();
      await pass(2_000);
      expect(seqs(got), `seed ${seed}`).toEqual(oneTo(41));
      client.stop();
    }
  }, 60_000);

  it("when sockets never open: long polling carries everything", async () => {
    const { client, server, got, links } = rig(7, { ...CALM, refuseSocket: 1 });
    client.start();
    for (let i = 0; i < 20; i++) {
      server.publish();
      await pass(1_500);
    }
    await pass(5_000);
    expect(seqs(got)).toEqual(oneTo(20));
    expect(links[links.length - 1]).toBe("polling");
    client.stop();
  });

  it("a missing seq on the socket is fetched at once", async () => {
    const { client, server, got } = rig(3);
    client.start();
    await pass(3_000);
    const before = server.fetches;
    server.events.push(event(1));
    server.publish();
    await pass(100);
    expect(seqs(got)).toEqual([1, 2]);
    expect(server.fetches).toBe(before + 1);
    client.stop();
  });

  it("a hole the server keeps showing does not stop the conversation", async () => {
    const { client, server, got } = rig(4, CALM, {
      fetchEvents: () => Promise.resolve({ events: [event(1), event(3)], last_seq: 3 }),
    });
    client.start();
    await pass(10_000);
    expect(seqs(got)).toEqual([1, 3]);
    expect(server.opened).toBe(1);
    client.stop();
  });

  it("history comes before the socket, and the socket asks only for what follows", async () => {
    const asked: number[] = [];
    const { client, server, got } = rig(5);
    for (let i = 0; i < 5; i++) server.publish();
    const open = server.openSocket;
    server.openSocket = (from) => {
      asked.push(from);
      return open(from);
    };
    const again = new ResumeClient(
      {
        timers: realTimers, random: () => 0, token: () => Promise.resolve({ value: "t", renewInMs: 1e6 }),
        fetchEvents: server.fetchEvents, openSocket: (from) => server.openSocket(from),
      },
      { onEvents: (e) => got.push(...e), onDesk: () => 0, onTyping: () => 0, onLink: () => 0, onRefused: () => 0 },
    );
    again.start();
    await pass(3_000);
    expect(asked).toEqual([5]);
    expect(seqs(got)).toEqual(oneTo(5));
    again.stop();
    client.stop();
  });
});

describe("the connection", () => {
  it("is taken for dead after two missed pings, and made anew", async () => {
    const { client, server } = rig(1);
    client.start();
    await pass(2_000);
    expect(server.opened).toBe(1);
    await pass(48_000);
    expect(server.opened).toBe(2);
    client.stop();
  });

  it("renews its token on the open socket before it runs out", async () => {
    const { client, server } = rig(1);
    client.start();
    await pass(1_000);
    for (let i = 0; i < 30; i++) {
      for (const socket of server.sockets) socket.frame({ type: "ping" });
      await pass(20_000);
    }
    expect(server.tokens).toEqual(["t1", "t2"]);
    expect(server.opened).toBe(1);
    client.stop();
  });

  it("asks for a fresh token after the server said 4401", async () => {
    const { client, server, asked } = rig(2);
    client.start();
    await pass(1_000);
    for (const socket of [...server.sockets]) socket.end(4401);
    await pass(3_000);
    expect(asked).toEqual([false, true]);
    expect(server.opened).toBe(2);
    client.stop();
  });

  it("stops for good when the conversation is not his", async () => {
    const { client, server, refused } = rig(2);
    client.start();
    await pass(1_000);
    for (const socket of [...server.sockets]) socket.end(4403);
    await pass(120_000);
    expect(refused).toEqual(["forbidden"]);
    expect(server.opened).toBe(1);
  });

  it("stops when a request says the conversation is unknown", async () => {
    const { client, refused, server } = rig(2, CALM, {
      fetchEvents: () => Promise.reject(new ApiError(404, "not_found", "没有这个会话")),
    });
    client.start();
    await pass(60_000);
    expect(refused).toEqual(["unknown"]);
    expect(server.opened).toBe(0);
  });

  it("rests while the device is offline and returns at once when it is back", async () => {
    const { client, server, got, links } = rig(6);
    client.start();
    await pass(2_000);
    client.sleep();
    const { opened, fetches } = server;
    server.publish();
    await pass(300_000);
    expect([server.opened, server.fetches]).toEqual([opened, fetches]);
    client.wake();
    await pass(200);
    expect(seqs(got)).toEqual([1]);
    expect(links).toEqual(["connecting", "live", "offline", "connecting", "live"]);
    client.stop();
  });

  it("backs off: a server that closes every socket is not hammered", async () => {
    const { client, server } = rig(8, { ...CALM, closeSocket: 1, failFetch: 1 });
    client.start();
    await pass(300_000);
    expect(server.opened).toBeLessThan(40);
    expect(server.fetches).toBeLessThan(60);
    client.stop();
  });

  it("leaves nothing running after stop", async () => {
    const { client } = rig(9, { ...CALM, refuseSocket: 1, failFetch: 0.5 });
    client.start();
    await pass(10_000);
    client.stop();
    await pass(60_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

/**
 * The live feed: one WebSocket that resumes from the last cursor and comes back by itself.
 * Owns connecting, backing off and noticing a dead line; knows nothing of what frames mean.
 */

import { fullJitter } from "@yixian/common";

import type { ServerFrame } from "../api/contract";

/** Only what the feed uses of a WebSocket, so that tests can stand in for it. */
export interface Socket {
  send(data: string): void;
  close(code?: number): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
}

export type FeedStatus = "connecting" | "live" | "waiting" | "stopped";

export interface FeedOptions {
  connect(cursor: string): Socket;
  /** Where to resume; null = nothing loaded yet, the feed waits for a resync. */
  cursor(): string | null;
  csrf(): string;
  onFrame(frame: ServerFrame): void;
  onStatus(status: FeedStatus, failures: number): void;
  /** The cursor is too old: load everything anew. Rejects when that failed; it is tried again. */
  resync(): Promise<void>;
  /** The server refused this session or its token; the feed goes on trying until stopped. */
  onRefused(): void;
  random?(): number;
}

export interface Feed {
  start(): void;
  stop(): void;
  /** Do not wait out the pause: the network came back, or the agent asks. */
  retryNow(): void;
}

/** The server pings every 20 s: more than two missed pings and the line is dead. */
export const SILENCE_MS = 45_000;

/** From this many failed tries on, each try first loads over HTTP: a proxy may forbid WebSockets for good. */
export const RELOAD_AFTER = 3;

/** Session over, or the login changed under this page. */
const REFUSED: ReadonlySet<number> = new Set([4401, 4403]);

function parsed(data: unknown): ServerFrame | null {
  try {
    const frame: unknown = JSON.parse(String(data));
    return typeof frame === "object" && frame !== null && "type" in frame ? (frame as ServerFrame) : null;
  } catch {
    return null;
  }
}

export function createFeed(options: FeedOptions): Feed {
  const random = options.random ?? Math.random;
  let socket: Socket | null = null;
  let running = false;
  let failures = 0;
  let stale = false;
  let opening = false;
  let resyncs = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;

  function listen(): void {
    clearTimeout(silence);
    silence = setTimeout(() => lost(), SILENCE_MS);
  }

  function drop(): void {
    clearTimeout(silence);
    if (socket === null) return;
    const old = socket;
    socket = null;
    old.onopen = old.onmessage = old.onclose = null;
    old.close();
  }

  function lost(code = 0): void {
    drop();
    if (!running) return;
    if (REFUSED.has(code)) options.onRefused();
    const pause = fullJitter(failures, random);
    failures += 1;
    if (failures >= RELOAD_AFTER) stale = true;
    options.onStatus("waiting", failures);
    retry = setTimeout(() => void open(), pause);
  }

  async function reloaded(): Promise<boolean> {
    try {
      await options.resync();
      stale = false;
      return true;
    } catch {
      return false;
    }
  }

  async function open(): Promise<void> {
    if (!running || socket !== null || opening) return;
    opening = true;
    options.onStatus("connecting", failures);
    const ready = (!stale && options.cursor() !== null) || (await reloaded());
    opening = false;
    if (!running) return;
    const cursor = options.cursor();
    if (!ready || cursor === null) return lost();
    const opened = options.connect(cursor);
    socket = opened;
    listen();
    opened.onopen = () => {
      opened.send(JSON.stringify({ csrf: options.csrf() }));
      options.onStatus("live", failures);
    };
    opened.onclose = (event) => lost(event.code);
    opened.onmessage = (event) => receive(parsed(event.data));
  }

  function receive(frame: ServerFrame | null): void {
    listen();
    if (frame === null) return;
    if (frame.type === "resync") return outdated();
    if (frame.type === "feed") resyncs = 0;
    failures = 0;
    options.onFrame(frame);
  }

  /** Load anew at once; a second time without a frame between is a fault, and backs off. */
  function outdated(): void {
    stale = true;
    resyncs += 1;
    if (resyncs > 1) return lost();
    drop();
    void open();
  }

  function stop(): void {
    running = false;
    clearTimeout(retry);
    drop();
    options.onStatus("stopped", 0);
  }

  return {
    start() {
      if (running) return;
      running = true;
      failures = 0;
      void open();
    },
    stop,
    retryNow() {
      if (!running || socket !== null) return;
      clearTimeout(retry);
      void open();
    },
  };
}

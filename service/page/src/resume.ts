/**
 * Keeps one conversation's journal complete over a bad network: WebSocket first, long polling while the
 * socket cannot be had, gaps fetched, duplicates dropped. Promise: the listener gets every event exactly
 * once, in order of `seq`, however often connections break. Owns no screen and no storage; network,
 * tokens, time and chance come in as ports.
 */
import { fullJitter } from "./backoff";
import { ApiError } from "./http";
import { Journal } from "./journal";
import type { Timers } from "./timers";
import type { ChatEvent, Desk, EventsPage, Notice } from "./types";
import { readFrame } from "./wire";

/** The part of WebSocket that is used. */
export interface SocketLike {
  onopen: (() => void) | null;
  onmessage: ((frame: { readonly data: unknown }) => void) | null;
  onclose: ((end: { readonly code: number }) => void) | null;
  send(data: string): void;
  close(): void;
}

/** A bearer token and in how many milliseconds it should be renewed. */
export interface Token {
  readonly value: string;
  readonly renewInMs: number;
}

export interface ResumePorts {
  readonly timers: Timers;
  /** Gives [0, 1). */
  random(): number;
  /** A token that is valid for a while; `fresh` after the server refused the last one. */
  token(fresh: boolean): Promise<Token>;
  /** `GET …/events?after=&wait=`; throws ApiError. Renews its own token on 401. */
  fetchEvents(after: number, waitSeconds: number, signal: AbortSignal): Promise<EventsPage>;
  openSocket(after: number): SocketLike;
}

/** `connecting` at first and after a loss; `live` by socket; `polling` works too, a little slower. */
export type Link = "connecting" | "live" | "polling" | "offline";

export interface ResumeListener {
  /** Never empty. Increasing seq without repeats. */
  onEvents(events: readonly ChatEvent[]): void;
  onDesk(desk: Desk): void;
  /** What the bank tells everybody changed. */
  onNotice?(notice: Notice): void;
  onTyping(sender: "bot" | "agent", on: boolean): void;
  onLink(link: Link): void;
  /** The server does not give this conversation to this person (any more); the client has stopped. */
  onRefused(reason: "unknown" | "forbidden"): void;
}

const TOKEN_EXPIRED = 4401;
const FORBIDDEN = 4403;
const UNKNOWN = 4404;
/** How long the first load may hold up the socket. */
const FIRST_LOAD_LIMIT_MS = 3_000;
const OPEN_LIMIT_MS = 10_000;
/** A socket that was not closed this long after its first frame has accepted the token. */
const SETTLED_MS = 1_500;
/** The server pings every 20 s: two missed pings and a bit. */
const SILENCE_LIMIT_MS = 45_000;
/** A connection that lived this long starts the back-off anew. */
const STABLE_MS = 5_000;
const POLL_WAIT_S = 25;
/** A poll answered faster than this without news is followed by a pause. */
const POLL_FLOOR_MS = 1_000;
const GAP_TRIES = 3;

export class ResumeClient {
  private readonly journal: Journal;
  private running = false;
  private link: Link = "connecting";
  private socket: SocketLike | null = null;
  private connecting = false;
  private attempt = 0;
  private needFresh = false;
  private lastFrameAt = 0;
  private polling: AbortController | null = null;
  private filling = false;
  private readonly life = new AbortController();
  private readonly cancels = new Map<string, () => void>();

  constructor(
    private readonly ports: ResumePorts,
    private readonly listener: ResumeListener,
    after = 0,
  ) {
    this.journal = new Journal(after);
  }

  get lastSeq(): number {
    return this.journal.lastSeq;
  }

  /** Loads what there is, then stays connected until `stop`. Once only. */
  start(): void {
    if (this.running || this.life.signal.aborted) return;
    this.running = true;
    this.listener.onLink(this.link);
    this.later("reconnect", FIRST_LOAD_LIMIT_MS, () => this.connect());
    void this.fill(true).finally(() => this.connect());
  }

  /** For good: another conversation needs another client. */
  stop(): void {
    this.running = false;
    this.life.abort();
    this.dropSocket();
    this.stopPolling();
    for (const cancel of this.cancels.values()) cancel();
    this.cancels.clear();
  }

  /** The network came back or the page is seen again: try now instead of waiting. */
  wake(): void {
    if (!this.running) return;
    const silent = this.ports.timers.now() - this.lastFrameAt;
    if (this.socket && this.link === "live" && silent < SILENCE_LIMIT_MS / 2) return;
    this.dropSocket();
    this.attempt = 0;
    if (this.link === "offline") this.setLink("connecting");
    this.connect();
  }

  /** The device says it has no network: stop trying until `wake`. */
  sleep(): void {
    if (!this.running) return;
    this.dropSocket();
    this.stopPolling();
    this.cancel("reconnect");
    this.setLink("offline");
  }

  // --- socket ---------------------------------------------------------------------------------

  private connect(): void {
    if (!this.running || this.socket || this.connecting || this.link === "offline") return;
    this.cancel("reconnect");
    this.connecting = true;
    const life = this.life;
    this.ports
      .token(this.needFresh)
      .then(
        (token) => {
          this.connecting = false;
          this.needFresh = false;
          if (!life.signal.aborted && this.link !== "offline" && !this.socket) this.open(token);
        },
        () => {
          this.connecting = false;
          if (!life.signal.aborted) this.retryLater();
        },
      );
  }

  private open(token: Token): void {
    const socket = this.ports.openSocket(this.journal.lastSeq);
    this.socket = socket;
    this.later("watchdog", OPEN_LIMIT_MS, () => this.lost(0));
    socket.onopen = () => {
      this.lastFrameAt = this.ports.timers.now();
      socket.send(JSON.stringify({ token: token.value }));
      if (this.socket !== socket) return;
      this.renewIn(socket, token.renewInMs);
      this.later("watchdog", SILENCE_LIMIT_MS, () => this.lost(0));
      this.later("settled", SETTLED_MS, () => this.onLive());
    };
    socket.onmessage = (frame) => this.onFrame(frame.data);
    socket.onclose = (end) => {
      if (this.socket === socket) this.lost(end.code);
    };
  }

  private onFrame(data: unknown): void {
    const frame = readFrame(data);
    if (!frame) return;
    this.lastFrameAt = this.ports.timers.now();
    this.later("watchdog", SILENCE_LIMIT_MS, () => this.lost(0));
    this.onLive();
    if (frame.type === "event") this.take([frame.event]);
    else if (frame.type === "desk") this.listener.onDesk(frame.desk);
    else if (frame.type === "notice") this.listener.onNotice?.(frame.notice);
    else if (frame.type === "typing") this.listener.onTyping(frame.sender, frame.on);
    if (this.journal.hasGap) void this.fill(false);
  }

  private onLive(): void {
    if (this.link === "live") return;
    this.cancel("settled");
    this.stopPolling();
    this.setLink("live");
    this.later("stable", STABLE_MS, () => (this.attempt = 0));
  }

  private lost(code: number): void {
    this.dropSocket();
    if (code === FORBIDDEN) return this.refused("forbidden");
    if (code === UNKNOWN) return this.refused("unknown");
    if (code === TOKEN_EXPIRED) this.needFresh = true;
    if (this.link === "live") this.setLink("connecting");
    this.retryLater();
  }

  private retryLater(): void {
    const delay = fullJitter(this.attempt, () => this.ports.random());
    this.attempt += 1;
    this.later("reconnect", delay, () => this.connect());
    if (this.attempt >= 2) this.startPolling();
  }

  private dropSocket(): void {
    const socket = this.socket;
    this.socket = null;
    for (const name of ["watchdog", "settled", "stable", "renew"]) this.cancel(name);
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private renewIn(socket: SocketLike, ms: number): void {
    this.later("renew", ms, () => {
      this.ports.token(true).then(
        (token) => {
          if (this.socket !== socket) return;
          socket.send(JSON.stringify({ token: token.value }));
          this.renewIn(socket, token.renewInMs);
        },
        () => {
          if (this.socket === socket) this.renewIn(socket, 5_000);
        },
      );
    });
  }

  // --- long polling ---------------------------------------------------------------------------

  private startPolling(): void {
    if (this.polling || this.link === "offline") return;
    this.polling = new AbortController();
    void this.poll(this.polling.signal);
  }

  private stopPolling(): void {
    this.polling?.abort();
    this.polling = null;
  }

  private async poll(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      const began = this.ports.timers.now();
      let pause = 0;
      try {
        const page = await this.ports.fetchEvents(this.journal.lastSeq, POLL_WAIT_S, signal);
        if (signal.aborted) return;
        failures = 0;
        this.setLink("polling");
        if (page.events.length === 0) pause = POLL_FLOOR_MS - (this.ports.timers.now() - began);
        this.takePage(page);
        if (this.journal.hasGap) void this.fill(false);
      } catch (error) {
        if (signal.aborted || this.refusedBy(error)) return;
        if (this.link === "polling") this.setLink("connecting");
        pause = fullJitter(failures++, () => this.ports.random());
      }
      if (pause > 0) await this.pause("poll", pause);
    }
  }

  // --- gaps -----------------------------------------------------------------------------------

  /** Fetches until there is no gap; `always` at least once. One at a time. */
  private async fill(always: boolean): Promise<void> {
    if (this.filling) return;
    this.filling = true;
    const life = this.life.signal;
    try {
      let tries = 0;
      let failures = 0;
      for (let go = always; (go || this.journal.hasGap) && !life.aborted; ) {
        const from = this.journal.lastSeq;
        try {
          const page = await this.ports.fetchEvents(from, 0, life);
          if (life.aborted) return;
          go = false;
          this.takePage(page);
          tries = this.journal.lastSeq > from ? 0 : tries + 1;
          if (tries >= GAP_TRIES) this.give(this.journal.jumpGap());
          else if (this.journal.hasGap) await this.pause("fill", 300 * tries);
        } catch (error) {
          if (life.aborted || this.refusedBy(error)) return;
          if (always) return; // the first load: connecting and polling take over
          await this.pause("fill", fullJitter(failures++, () => this.ports.random()));
        }
      }
    } finally {
      this.filling = false;
    }
  }

  private takePage(page: EventsPage): void {
    this.take(page.events);
    if (page.desk) this.listener.onDesk(page.desk);
    if (page.notice) this.listener.onNotice?.(page.notice);
  }

  private take(events: readonly ChatEvent[]): void {
    this.give(this.journal.accept(events));
  }

  private give(due: readonly ChatEvent[]): void {
    if (due.length > 0) this.listener.onEvents(due);
  }

  // --- small things ---------------------------------------------------------------------------

  private refusedBy(error: unknown): boolean {
    if (!(error instanceof ApiError) || (error.status !== 403 && error.status !== 404)) return false;
    this.refused(error.status === 403 ? "forbidden" : "unknown");
    return true;
  }

  private refused(reason: "unknown" | "forbidden"): void {
    if (!this.running) return;
    this.stop();
    this.listener.onRefused(reason);
  }

  private setLink(link: Link): void {
    if (this.link === link) return;
    this.link = link;
    this.listener.onLink(link);
  }

  private later(name: string, ms: number, task: () => void): void {
    this.cancel(name);
    this.cancels.set(
      name,
      this.ports.timers.after(ms, () => {
        this.cancels.delete(name);
        task();
      }),
    );
  }

  private cancel(name: string): void {
    this.cancels.get(name)?.();
    this.cancels.delete(name);
  }

  /** Resolves after `ms`; never again once stopped, because its timer is cancelled with the rest. */
  private pause(name: string, ms: number): Promise<void> {
    return new Promise((resolve) => this.later(name, Math.max(0, ms), resolve));
  }
}

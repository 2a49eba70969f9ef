/**
 * Messages on their way out: shown at once, sent one after another in the order written, sent again under
 * the same id until the server has them, and gone from here when the journal shows them. What is unsent
 * survives a reload through `save`. Knows no endpoint and no screen.
 */
import { fullJitter } from "./backoff";
import { ApiError } from "./http";
import type { Timers } from "./timers";
import type { ChatEvent } from "./types";

/** `B` is what the endpoint wants besides the id. */
export interface Pending<B> {
  /** client_msg_id, a UUID: the same on every try. */
  readonly id: string;
  readonly text: string;
  readonly body: B;
  /** `sent`: the server has it, the journal has not shown it yet. */
  readonly state: "sending" | "sent" | "failed";
  /** The server's words when failed. */
  readonly error: string | null;
  /** The server's code when failed, such as `conversation_closed`. */
  readonly code: string | null;
  /** Epoch milliseconds at which it was written. */
  readonly at: number;
}

export interface OutboxPorts<B> {
  readonly timers: Timers;
  random(): number;
  newId(): string;
  /** Throws ApiError. The same id twice is one message. */
  post(id: string, body: B): Promise<{ readonly seq: number }>;
  /** Called on every change with everything not yet in the journal. */
  onChange(items: readonly Pending<B>[]): void;
}

const AUTOMATIC_TRIES = 5;

export class Outbox<B> {
  private items: readonly Pending<B>[];
  private busy = false;
  private tries = 0;
  private stopped = false;
  private cancelWait: (() => void) | null = null;

  /** `saved`: what a former page could not finish; it is sent again. */
  constructor(
    private readonly ports: OutboxPorts<B>,
    saved: readonly Pending<B>[] = [],
  ) {
    this.items = saved;
    if (saved.length > 0) void this.run();
  }

  get pending(): readonly Pending<B>[] {
    return this.items;
  }

  add(text: string, body: B): string {
    const id = this.ports.newId();
    const item: Pending<B> = {
      id, text, body, state: "sending", error: null, code: null, at: this.ports.timers.now(),
    };
    this.change([...this.items, item]);
    void this.run();
    return id;
  }

  /** A failed message goes to the end of the line, under its old id. */
  retry(id: string): void {
    const item = this.items.find((one) => one.id === id && one.state === "failed");
    if (!item) return;
    const again: Pending<B> = { ...item, state: "sending", error: null, code: null };
    this.change([...this.items.filter((one) => one.id !== id), again]);
    void this.run();
  }

  /** Takes a failed message out, for good; returns it. */
  discard(id: string): Pending<B> | null {
    const item = this.items.find((one) => one.id === id && one.state === "failed") ?? null;
    if (item) this.change(this.items.filter((one) => one !== item));
    return item;
  }

  /** The journal shows these: their echoes are no longer needed. */
  settle(events: readonly ChatEvent[]): void {
    const seen = new Set(events.map((event) => event.client_msg_id));
    const left = this.items.filter((item) => !seen.has(item.id));
    if (left.length !== this.items.length) this.change(left);
  }

  /** The network came back: do not wait out the back-off. */
  wake(): void {
    this.tries = 0;
    this.cancelWait?.();
    this.cancelWait = null;
    void this.run();
  }

  stop(): void {
    this.stopped = true;
    this.cancelWait?.();
  }

  private async run(): Promise<void> {
    if (this.busy || this.cancelWait) return;
    this.busy = true;
    for (let item = this.next(); item && !this.stopped; item = this.next()) {
      try {
        await this.ports.post(item.id, item.body);
        this.tries = 0;
        this.update(item.id, { state: "sent" });
      } catch (error) {
        if (this.waitAfter(error)) break;
        this.tries = 0;
        this.update(item.id, failure(error));
      }
    }
    this.busy = false;
  }

  private next(): Pending<B> | undefined {
    return this.items.find((item) => item.state === "sending");
  }

  /** True when the same message will be tried again by itself. */
  private waitAfter(error: unknown): boolean {
    const transient = error instanceof ApiError && error.transient;
    if (this.stopped || !transient || ++this.tries >= AUTOMATIC_TRIES) return false;
    const asked = error.retryAfterMs ?? 0;
    const delay = Math.max(Math.min(asked, 30_000), fullJitter(this.tries, () => this.ports.random(), 500, 8_000));
    this.cancelWait = this.ports.timers.after(delay, () => {
      this.cancelWait = null;
      void this.run();
    });
    return true;
  }

  private update(id: string, change: Partial<Pending<B>>): void {
    if (!this.items.some((item) => item.id === id)) return;
    this.change(this.items.map((item) => (item.id === id ? { ...item, ...change } : item)));
  }

  private change(items: readonly Pending<B>[]): void {
    this.items = items;
    if (!this.stopped) this.ports.onChange(items);
  }
}

function failure(error: unknown): Partial<Pending<never>> {
  const known = error instanceof ApiError;
  return {
    state: "failed",
    error: known ? error.message : "没有发送成功，请重试",
    code: known ? error.code : null,
  };
}

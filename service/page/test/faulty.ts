/** A server and a network that misbehave on a seed: what the resume client has to survive. */
import { ApiError } from "../src/http";
import type { SocketLike } from "../src/resume";
import type { ChatEvent, EventsPage } from "../src/types";
import { event } from "./helpers";

export interface Faults {
  /** Each a probability in [0, 1]. */
  readonly dropFrame: number;
  readonly repeatFrame: number;
  readonly delayFrame: number;
  readonly closeSocket: number;
  readonly refuseSocket: number;
  readonly failFetch: number;
}

export const CALM: Faults = {
  dropFrame: 0, repeatFrame: 0, delayFrame: 0, closeSocket: 0, refuseSocket: 0, failFetch: 0,
};

const after = (ms: number, task: () => void): void => void setTimeout(task, ms);

export class FaultyServer {
  readonly events: ChatEvent[] = [];
  readonly sockets = new Set<FaultySocket>();
  readonly tokens: string[] = [];
  fetches = 0;
  opened = 0;

  constructor(
    private readonly random: () => number,
    public faults: Faults,
  ) {}

  hit(probability: number): boolean {
    return this.random() < probability;
  }

  /** Something was written to the journal: every open socket is told, as far as the network lets it. */
  publish(over: Partial<ChatEvent> = {}): void {
    const fresh = event(this.events.length + 1, over);
    this.events.push(fresh);
    for (const socket of this.sockets) socket.frame({ type: "event", event: fresh });
  }

  openSocket = (from: number): SocketLike => {
    this.opened += 1;
    return new FaultySocket(this, from);
  };

  fetchEvents = (from: number, wait: number, signal: AbortSignal): Promise<EventsPage> => {
    this.fetches += 1;
    return new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")), { once: true });
      const fails = this.hit(this.faults.failFetch);
      const answer = (): void => {
        const events = this.events.slice(from);
        resolve({ events, last_seq: this.events.length, desk: { state: "bot", position: null, agent_name: null } });
      };
      if (fails) after(20, () => reject(new ApiError(0, "network", "断")));
      else after(wait > 0 && this.events.length <= from ? Math.min(wait * 1_000, 2_000) : 20, answer);
    });
  };
}

export class FaultySocket implements SocketLike {
  onopen: (() => void) | null = null;
  onmessage: ((frame: { readonly data: unknown }) => void) | null = null;
  onclose: ((end: { readonly code: number }) => void) | null = null;
  private open = false;

  constructor(
    private readonly server: FaultyServer,
    private readonly from: number,
  ) {
    const refused = server.hit(server.faults.refuseSocket);
    after(30, () => (refused ? this.end(1006) : this.accept()));
  }

  send(data: string): void {
    this.server.tokens.push((JSON.parse(data) as { token: string }).token);
    if (this.server.sockets.has(this)) return;
    this.server.sockets.add(this);
    this.frame({ type: "desk", desk: { state: "bot", position: null, agent_name: null } });
    for (const missed of this.server.events.slice(this.from)) this.frame({ type: "event", event: missed });
  }

  close(): void {
    this.open = false;
    this.server.sockets.delete(this);
  }

  frame(content: unknown): void {
    const { faults } = this.server;
    if (this.server.hit(faults.closeSocket)) return this.end(1006);
    if (this.server.hit(faults.dropFrame)) return;
    const times = this.server.hit(faults.repeatFrame) ? 2 : 1;
    for (let i = 0; i < times; i++) {
      const late = this.server.hit(faults.delayFrame) ? 200 : 5;
      after(late, () => this.open && this.onmessage?.({ data: JSON.stringify(content) }));
    }
  }

  end(code: number): void {
    this.close();
    this.onclose?.({ code });
  }

  private accept(): void {
    this.open = true;
    this.onopen?.();
  }
}

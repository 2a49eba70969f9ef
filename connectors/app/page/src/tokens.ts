/**
 * Bearer tokens that renew themselves. Knows that a token is a JWT with `exp` and `iat`, nothing of who
 * issues it. The device's clock may be wrong: only the length of a token's life is read from it.
 */
import { ApiError, type Token } from "@yixian/common";

const DEFAULT_LIFE_MS = 600_000;
const RENEW_BEFORE_MS = 90_000;

export interface Held {
  readonly value: string;
  /** Epoch milliseconds of this device at which it was received. */
  readonly since: number;
}

/** How long a token lives, in milliseconds; ten minutes when it does not say. */
export function lifeOf(token: string): number {
  try {
    const part = (token.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/");
    const { exp, iat } = JSON.parse(atob(part)) as { exp?: unknown; iat?: unknown };
    const life = Number(exp) - Number(iat);
    return life > 0 ? Math.min(life * 1_000, DEFAULT_LIFE_MS) : DEFAULT_LIFE_MS;
  } catch {
    return DEFAULT_LIFE_MS;
  }
}

export class TokenSource {
  private asking: Promise<Token> | null = null;

  /** `issue` gets the last token, so that a guest stays the same guest; `keep` remembers over a reload. */
  constructor(
    private readonly issue: (last: string | null) => Promise<string>,
    private readonly keep: (held: Held) => void,
    private held: Held | null,
    private readonly now: () => number = Date.now,
  ) {}

  /** The token in hand while it has time left, otherwise (or when `fresh`) a new one. One request at a time. */
  get(fresh = false): Promise<Token> {
    const left = this.left();
    if (!fresh && this.held && left > 0) return Promise.resolve({ value: this.held.value, renewInMs: left });
    this.asking ??= this.renew().finally(() => (this.asking = null));
    return this.asking;
  }

  private async renew(): Promise<Token> {
    const value = await this.issue(this.held?.value ?? null);
    this.held = { value, since: this.now() };
    this.keep(this.held);
    return { value, renewInMs: Math.max(this.left(), 1_000) };
  }

  private left(): number {
    if (!this.held) return 0;
    const life = lifeOf(this.held.value);
    return this.held.since + life - Math.min(RENEW_BEFORE_MS, life / 4) - this.now();
  }
}

/** Sends with the token in hand, and once more with a new one when the server no longer takes it. */
export async function withToken<T>(tokens: TokenSource, send: (token: string) => Promise<T>): Promise<T> {
  try {
    return await send((await tokens.get()).value);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    return send((await tokens.get(true)).value);
  }
}

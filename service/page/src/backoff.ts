/** How long to wait before trying again: full jitter, so that many clients never return as one herd. */

/** Uniform in [0, min(cap, base · 2^attempt)) milliseconds. `attempt` counts from 0, `random` gives [0, 1). */
export function fullJitter(attempt: number, random: () => number, baseMs = 1_000, capMs = 30_000): number {
  return random() * Math.min(capMs, baseMs * 2 ** Math.min(attempt, 16));
}

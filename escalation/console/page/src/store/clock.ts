/** The one ticking clock of the page, set by the server's: an agent's computer may be minutes off. */

import { readonly, ref } from "vue";

const SMALL_MS = 2_000;

let offset = 0;
const ticking = ref(Date.now());

export const now = readonly(ticking);

export function serverNow(): number {
  return Date.now() + offset;
}

/** Take the server's clock minus ours; differences within the header's coarseness are ignored. */
export function setOffset(difference: number): void {
  const wanted = Math.abs(difference) < SMALL_MS ? 0 : difference;
  if (Math.abs(wanted - offset) > SMALL_MS) offset = wanted;
}

function tick(): void {
  if (!document.hidden) ticking.value = serverNow();
}

/** Start ticking; returns how to stop. Hidden pages do not tick. */
export function startClock(): () => void {
  tick();
  const timer = setInterval(tick, 1_000);
  document.addEventListener("visibilitychange", tick);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", tick);
  };
}

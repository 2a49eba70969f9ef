import type { ChatEvent } from "../src/types";

export function event(seq: number, over: Partial<ChatEvent> = {}): ChatEvent {
  return {
    seq, type: "message", sender: "bot", text: `第${seq}条`, buttons: [], card: null,
    client_msg_id: null, agent_name: null, at: "2025-03-05T02:32:00Z", ...over,
  };
}

/** A small deterministic generator (mulberry32): the same seed, the same accidents. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}

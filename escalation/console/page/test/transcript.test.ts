import { describe, expect, it } from "vitest";

import { hasGap, heldSeq, loaded, withEvents, withNotes } from "../src/desk/transcript";
import { detail, event, events, randoms, summary } from "./make";

const EMPTY = loaded(detail(summary({ id: "x" })));
const seqs = (list: readonly { seq: number }[]): number[] => list.map((one) => one.seq);

describe("a transcript", () => {
  it("holds each event once, however often it arrives", () => {
    const twice = withEvents(withEvents(EMPTY, events(1, 3)), [...events(2, 3), event(4), event(4)]);
    expect(seqs(twice.events)).toEqual([1, 2, 3, 4]);
  });

  it("shows nothing past a gap until the gap is filled", () => {
    const gap = withEvents(withEvents(EMPTY, events(1, 2)), [event(5), event(4)]);
    expect(seqs(gap.events)).toEqual([1, 2]);
    expect(hasGap(gap)).toBe(true);
    expect(heldSeq(gap)).toBe(2);
    const filled = withEvents(gap, [event(3)]);
    expect(seqs(filled.events)).toEqual([1, 2, 3, 4, 5]);
    expect(hasGap(filled)).toBe(false);
  });

  it("is complete and in order after any mix of late, doubled and shuffled deliveries", () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = randoms(seed);
      const deliveries = [...events(2, 30), ...events(2, 30).filter(() => random() < 0.4)].sort(
        () => random() - 0.5,
      );
      let state = withEvents(EMPTY, events(1, 1));
      while (deliveries.length > 0)
        state = withEvents(state, deliveries.splice(0, 1 + Math.floor(random() * 4)));
      expect(seqs(state.events)).toEqual(seqs(events(1, 30)));
      expect(hasGap(state)).toBe(false);
    }
  });

  it("is the very same value when nothing new arrived, so that the page does not redraw", () => {
    const held = withEvents(EMPTY, [...events(1, 2), event(9)]);
    expect(withEvents(held, [event(1), event(9)])).toBe(held);
  });

  it("keeps what the feed brought while the conversation was being loaded", () => {
    const byFeed = withEvents(withEvents(EMPTY, events(1, 4)), [event(5)]);
    const noted = withNotes(byFeed, [
      { id: "n1", agent_name: "小林", text: "a", at: "2026-03-02T02:00:00Z" },
    ]);
    const fresh = loaded(detail(summary({ id: "x" }), ...events(1, 3)), noted);
    expect(seqs(fresh.events)).toEqual([1, 2, 3, 4, 5]);
    expect(fresh.notes).toHaveLength(1);
  });

  it("takes a note once and keeps notes in order of time", () => {
    const note = (id: string, at: string) => ({ id, agent_name: "小林", text: id, at });
    const later = note("b", "2026-03-02T03:00:00Z");
    const earlier = note("a", "2026-03-02T02:00:00Z");
    const state = withNotes(withNotes(withNotes(EMPTY, [later]), [earlier]), [later]);
    expect(state.notes.map((one) => one.id)).toEqual(["a", "b"]);
  });
});

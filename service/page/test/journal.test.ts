import { describe, expect, it } from "vitest";
import { Journal } from "../src/journal";
import { event, shuffled, seeded } from "./helpers";

const seqs = (events: readonly { seq: number }[]): number[] => events.map((one) => one.seq);

describe("the client's journal", () => {
  it("gives every event once, in order, whatever order and however often it arrives", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seeded(seed);
      const all = Array.from({ length: 30 }, (_, i) => event(i + 1));
      const arrivals = shuffled([...all, ...all, ...all.slice(0, 10)], random);
      const journal = new Journal();
      const given = arrivals.flatMap((one) => journal.accept([one]));
      expect(seqs(given)).toEqual(seqs(all));
      expect(journal.hasGap).toBe(false);
    }
  });

  it("holds back what comes after a hole and says so", () => {
    const journal = new Journal(5);
    expect(journal.accept([event(7), event(8)])).toEqual([]);
    expect(journal.hasGap).toBe(true);
    expect(seqs(journal.accept([event(6)]))).toEqual([6, 7, 8]);
  });

  it("passes a hole the server itself has, and still takes the missing event should it come", () => {
    const journal = new Journal();
    journal.accept([event(1), event(4), event(5), event(7)]);
    expect(seqs(journal.jumpGap())).toEqual([4, 5]);
    expect(seqs(journal.accept([event(2)]))).toEqual([2]);
    expect(seqs(journal.accept([event(2), event(4)]))).toEqual([]);
    expect(seqs(journal.accept([event(6)]))).toEqual([6, 7]);
  });
});

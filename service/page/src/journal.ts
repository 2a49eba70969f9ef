/**
 * The client's copy of a conversation's journal: turns whatever arrives (twice, late, out of order,
 * with holes) into each event exactly once, in order of `seq`. Knows no transport and no clock.
 */
import type { ChatEvent } from "./types";

export class Journal {
  private last: number;
  private readonly held = new Map<number, ChatEvent>();
  private readonly skipped = new Set<number>();

  /** `after`: the seq up to which everything is already known. */
  constructor(after = 0) {
    this.last = after;
  }

  /** Everything up to and including this seq has been given out. */
  get lastSeq(): number {
    return this.last;
  }

  /** True while a later event waits for an earlier one that has not arrived. */
  get hasGap(): boolean {
    return this.held.size > 0;
  }

  /** Takes events as they come; returns those that are now due, each once, in order. */
  accept(events: readonly ChatEvent[]): ChatEvent[] {
    const late: ChatEvent[] = [];
    for (const event of events) {
      if (event.seq > this.last) this.held.set(event.seq, event);
      else if (this.skipped.delete(event.seq)) late.push(event);
    }
    return late.sort((a, b) => a.seq - b.seq).concat(this.release());
  }

  /**
   * Gives up on a hole that the server itself keeps showing: hands out the held events up to the next
   * hole. Should a missing event turn up after all, `accept` still returns it.
   */
  jumpGap(): ChatEvent[] {
    if (!this.hasGap) return [];
    const next = Math.min(...this.held.keys());
    for (let seq = this.last + 1; seq < next; seq++) this.skipped.add(seq);
    this.last = next - 1;
    return this.release();
  }

  private release(): ChatEvent[] {
    const due: ChatEvent[] = [];
    for (let event = this.held.get(this.last + 1); event; event = this.held.get(this.last + 1)) {
      this.held.delete(event.seq);
      this.last = event.seq;
      due.push(event);
    }
    return due;
  }
}

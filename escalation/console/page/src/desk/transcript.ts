/**
 * One conversation's journal as the page holds it: events in unbroken `seq`, each once.
 * What arrives ahead of a gap waits in `ahead` until the gap is fetched. Pure.
 */

import type { ChatEvent, ConversationDetail, Handover, Note } from "../api/contract";

export interface Transcript {
  readonly epoch: number;
  readonly events: readonly ChatEvent[];
  readonly ahead: readonly ChatEvent[];
  readonly notes: readonly Note[];
  readonly handover: Handover | null;
}

/** The last seq held without a gap; 0 when nothing is held. */
export function heldSeq(transcript: Transcript): number {
  return transcript.events.at(-1)?.seq ?? 0;
}

export function hasGap(transcript: Transcript): boolean {
  return transcript.ahead.length > 0;
}

/** Take in events in any order, any number of times; a seq already held is not taken twice. */
export function withEvents(transcript: Transcript, arrived: readonly ChatEvent[]): Transcript {
  let last = heldSeq(transcript);
  const fresh = new Map<number, ChatEvent>();
  for (const event of [...transcript.ahead, ...arrived]) {
    if (event.seq > last && !fresh.has(event.seq)) fresh.set(event.seq, event);
  }
  if (fresh.size === transcript.ahead.length) return transcript;
  const events = [...transcript.events];
  const ahead: ChatEvent[] = [];
  for (const event of [...fresh.values()].sort((a, b) => a.seq - b.seq)) {
    // an empty transcript starts where the server starts it
    if (event.seq === last + 1 || last === 0) {
      events.push(event);
      last = event.seq;
    } else {
      ahead.push(event);
    }
  }
  return { ...transcript, events, ahead };
}

export function withNotes(transcript: Transcript, arrived: readonly Note[]): Transcript {
  const known = new Set(transcript.notes.map((note) => note.id));
  const fresh = arrived.filter((note) => !known.has(note.id));
  if (fresh.length === 0) return transcript;
  const notes = [...transcript.notes, ...fresh].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return { ...transcript, notes };
}

/** A freshly loaded conversation over what the feed brought meanwhile: nothing newer is lost. */
export function loaded(detail: ConversationDetail, known?: Transcript): Transcript {
  const base: Transcript = {
    epoch: detail.summary.epoch,
    events: [],
    ahead: [],
    notes: detail.notes,
    handover: detail.handover,
  };
  const fresh = withEvents(base, detail.events);
  if (known === undefined) return fresh;
  return withNotes(withEvents(fresh, [...known.events, ...known.ahead]), known.notes);
}

/**
 * Sending the agent's words: one at a time per conversation, each with one id for all its tries.
 * A refusal because the chat moved on (stale epoch) puts the words back into the reply box.
 */

import { shallowRef, watch } from "vue";

import type { DeskApi } from "../api/desk";
import { ApiError } from "../api/http";
import { isMine } from "../desk/conversations";
import type { Drafts } from "../desk/drafts";
import { changed, pendingOf, queued, settled, without, type Outbox, type Pending } from "../desk/outbox";
import type { World } from "./world";

export const TRIES = 3;
const PAUSE_MS = 800;

export interface RepliesOptions {
  api: DeskApi;
  world: World;
  drafts: Drafts;
  now(): number;
  newId(): string;
  pause?(ms: number): Promise<void>;
  /** The reply was not sent and is back in the box; `still` = the chat is still the agent's. */
  onStale(conversation: string, still: boolean): void;
  /** The text of a reply box changed from outside. */
  onDraft(conversation: string): void;
}

export type Replies = ReturnType<typeof createReplies>;

export const STALE = "stale_epoch";

export function createReplies(options: RepliesOptions) {
  const { api, world, drafts } = options;
  const pause = options.pause ?? ((ms) => new Promise<void>((done) => setTimeout(done, ms)));
  const outbox = shallowRef<Outbox>([]);
  const chains = new Map<string, Promise<void>>();

  watch(
    world.state,
    (state) => {
      let next = outbox.value;
      for (const id of new Set(next.map((pending) => pending.conversation))) {
        next = settled(next, id, state.transcripts[id]?.events ?? []);
      }
      outbox.value = next;
    },
    { flush: "sync" },
  );

  const find = (id: string): Pending | undefined =>
    outbox.value.find((pending) => pending.clientMsgId === id);

  async function tries(pending: Pending): Promise<void> {
    const body = { client_msg_id: pending.clientMsgId, text: pending.text, epoch: pending.epoch };
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { seq } = await api.send(pending.conversation, body);
        outbox.value = changed(outbox.value, pending.clientMsgId, { state: "sent", seq });
        return;
      } catch (error) {
        const again = error instanceof ApiError && error.transient && attempt < TRIES;
        if (!again) throw error;
        await pause(PAUSE_MS * attempt);
      }
    }
  }

  function giveBack(conversation: string): void {
    const unsent = pendingOf(outbox.value, conversation).filter((pending) => pending.state !== "sent");
    for (const pending of unsent) outbox.value = without(outbox.value, pending.clientMsgId);
    if (unsent.length > 0) drafts.giveBack(conversation, unsent.map((pending) => pending.text).join("\n"));
    options.onDraft(conversation);
  }

  async function stale(conversation: string): Promise<void> {
    giveBack(conversation);
    await world.loadDetail(conversation).catch(() => undefined);
    const summary = world.state.value.conversations[conversation];
    options.onStale(conversation, summary !== undefined && isMine(summary, world.state.value.me));
  }

  async function deliver(clientMsgId: string): Promise<void> {
    const pending = find(clientMsgId);
    if (pending === undefined || pending.state !== "sending") return;
    try {
      await tries(pending);
      // on a broken line nothing would bring the reply back into the transcript
      if (world.line.status !== "live") await world.catchUp(pending.conversation).catch(() => undefined);
    } catch (error) {
      if (error instanceof ApiError && error.code === STALE) return stale(pending.conversation);
      const message = error instanceof ApiError ? error.message : "没有发出去，请重试";
      outbox.value = changed(outbox.value, clientMsgId, { state: "failed", error: message });
    }
  }

  function inTurn(conversation: string, clientMsgId: string): Promise<void> {
    const chain = (chains.get(conversation) ?? Promise.resolve()).then(() => deliver(clientMsgId));
    chains.set(conversation, chain);
    return chain;
  }

  return {
    outbox,
    pending: (conversation: string): Outbox => pendingOf(outbox.value, conversation),
    /** Send what is in the box. False when there is nothing to send or the chat is not the agent's. */
    send(conversation: string, text: string): boolean {
      const summary = world.state.value.conversations[conversation];
      if (text.trim() === "" || summary === undefined) return false;
      const clientMsgId = options.newId();
      const reply = { clientMsgId, conversation, text: text.trim(), epoch: summary.epoch, at: options.now() };
      outbox.value = queued(outbox.value, reply);
      drafts.set(conversation, "reply", "");
      void inTurn(conversation, clientMsgId);
      return true;
    },
    /** Try a failed reply again, under the same id and the chat's present epoch. */
    retry(clientMsgId: string): void {
      const pending = find(clientMsgId);
      if (pending === undefined || pending.state !== "failed") return;
      const epoch = world.state.value.conversations[pending.conversation]?.epoch ?? pending.epoch;
      outbox.value = changed(outbox.value, clientMsgId, { state: "sending", error: null, epoch });
      void inTurn(pending.conversation, clientMsgId);
    },
    /** Take a failed reply back into the box to change it. */
    takeBack(clientMsgId: string): void {
      const pending = find(clientMsgId);
      if (pending === undefined || pending.state !== "failed") return;
      outbox.value = without(outbox.value, clientMsgId);
      drafts.giveBack(pending.conversation, pending.text);
      options.onDraft(pending.conversation);
    },
  };
}

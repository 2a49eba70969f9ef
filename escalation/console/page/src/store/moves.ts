/** The agent's moves on a conversation: claim, hand back, close, release, note. Owns their refusals' meaning. */

import { ref, shallowReactive } from "vue";

import type { Summary } from "../api/contract";
import type { DeskApi } from "../api/desk";
import { ApiError } from "../api/http";
import { withNote } from "../desk/state";
import type { World } from "./world";

export type EndMove = "handback" | "close" | "release";
export type NoticeKind = "success" | "info" | "warning" | "error";
export type Notify = (kind: NoticeKind, text: string) => void;

export interface MovesOptions {
  api: DeskApi;
  world: World;
  notify: Notify;
  /** The conversation is the agent's now: show it. */
  onClaimed(id: string): void;
  /** The conversation left the agent's hands by his own move. */
  onEnded(id: string): void;
}

export type Moves = ReturnType<typeof createMoves>;

const DONE: Readonly<Record<EndMove, string>> = {
  handback: "已转回机器人",
  close: "会话已结束",
  release: "已退回排队",
};

const text = (error: unknown): string => (error instanceof ApiError ? error.message : "操作没有成功，请重试");

export function createMoves(options: MovesOptions) {
  const { api, world, notify } = options;
  const claiming = ref<string | null>(null);
  const ending = shallowReactive(new Set<string>());

  function taken(summary: Summary): void {
    world.upsert(summary);
    options.onClaimed(summary.id);
  }

  /** One claim at a time: a second click while the first is on its way does nothing. */
  async function claimBy(
    what: string,
    ask: () => Promise<{ summary: Summary }>,
    refused: (error: ApiError) => boolean,
  ) {
    if (claiming.value !== null) return;
    claiming.value = what;
    try {
      taken((await ask()).summary);
    } catch (error) {
      if (!(error instanceof ApiError) || !refused(error)) notify("error", text(error));
    } finally {
      claiming.value = null;
    }
  }

  function refreshQueue(): void {
    void world.loadTab("queued").catch(() => undefined);
  }

  return {
    claiming,
    ending,
    claim: (id: string): Promise<void> =>
      claimBy(
        id,
        () => api.claim(id),
        (error) => {
          if (error.status !== 409) return false;
          notify("warning", error.code === "claimed_by_another" ? "已被其他坐席接走" : error.message);
          refreshQueue();
          void world.loadDetail(id).catch(() => undefined);
          return true;
        },
      ),
    claimNext: (): Promise<void> =>
      claimBy(
        "next",
        () => api.claimNext(),
        (error) => {
          if (error.status !== 404) return false;
          notify("info", "暂无排队客户");
          refreshQueue();
          return true;
        },
      ),
    async end(id: string, move: EndMove): Promise<boolean> {
      const epoch = world.state.value.conversations[id]?.epoch;
      if (epoch === undefined || ending.has(id)) return false;
      ending.add(id);
      world.moving.add(id);
      try {
        const { summary } = await {
          handback: () => api.handBack(id, { epoch }),
          close: () => api.close(id, { epoch }),
          release: () => api.release(id, { epoch }),
        }[move]();
        world.upsert(summary);
        notify("success", DONE[move]);
        options.onEnded(id);
        return true;
      } catch (error) {
        world.moving.delete(id);
        notify("error", text(error));
        if (error instanceof ApiError && error.status === 409)
          await world.loadDetail(id).catch(() => undefined);
        return false;
      } finally {
        ending.delete(id);
        world.moving.delete(id);
      }
    },
    /** Save a private note. False, and the text stays in the box, when it was not saved. */
    async addNote(id: string, words: string): Promise<boolean> {
      try {
        const { note } = await api.addNote(id, words.trim());
        world.set(withNote(world.state.value, id, note));
        return true;
      } catch (error) {
        notify("error", `备注没有保存：${text(error)}`);
        return false;
      }
    },
  };
}

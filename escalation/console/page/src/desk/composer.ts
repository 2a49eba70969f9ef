/** Who may write in a conversation, and what a key press in the reply box means. Pure. */

import type { Summary } from "../api/contract";
import { isMine } from "./conversations";

export type ComposerState =
  /** The agent's own chat: write. */
  | { kind: "open" }
  /** Waiting for a person: claim it first. */
  | { kind: "queued" }
  | { kind: "bot" }
  | { kind: "closed" }
  | { kind: "other"; agent: string }
  /** It was the agent's own until just now; what was typed is kept. */
  | { kind: "lost"; why: string };

export function whoHasIt(summary: Summary): string {
  switch (summary.desk) {
    case "queued":
      return "会话已回到排队";
    case "bot":
      return "会话已交回机器人";
    case "closed":
      return "会话已结束";
    case "human":
      return `会话已由 ${summary.agent?.name ?? "其他坐席"} 接手`;
  }
}

export function composerState(summary: Summary, me: string, lost: boolean): ComposerState {
  if (isMine(summary, me)) return { kind: "open" };
  if (lost) return { kind: "lost", why: whoHasIt(summary) };
  if (summary.desk === "human") return { kind: "other", agent: summary.agent?.name ?? "其他坐席" };
  return { kind: summary.desk };
}

export interface KeyPress {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  isComposing: boolean;
  keyCode: number;
}

/** The key code browsers give while an input method holds the key. */
const IME_KEY = 229;

/** Enter and Ctrl+Enter send, Shift+Enter is a new line; the Enter that picks a Chinese candidate is neither. */
export function sends(press: KeyPress): boolean {
  if (press.key !== "Enter" || press.isComposing || press.keyCode === IME_KEY) return false;
  return !press.shiftKey && !press.altKey;
}

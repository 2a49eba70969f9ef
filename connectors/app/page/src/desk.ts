/** The desk as the customer sees it: who he talks with, in words. Pure. */
import type { ChatEvent, Desk, DeskState } from "@yixian/common";

export const AI_NAME = "AI 智能客服";

export const AT_BOT: Desk = { state: "bot", position: null, agent_name: null };

/**
 * The desk after new events. The server's own desk frames say more (position, name) and come right after;
 * a notice that only repeats the state must not wipe them.
 */
export function deskAfter(desk: Desk, events: readonly ChatEvent[]): Desk {
  for (let i = events.length - 1; i >= 0; i--) {
    const { card = null, agent_name = null } = events[i] ?? {};
    if (card?.kind !== "desk" || !card.desk) continue;
    if (card.desk !== desk.state) return { state: card.desk, position: null, agent_name };
    return agent_name ? { ...desk, agent_name } : desk;
  }
  return desk;
}

export interface DeskWords {
  readonly title: string;
  /** Where in the queue, such as `第 2 位`; null when not queued or not known. */
  readonly place: string | null;
  readonly detail: string;
  /** The whole state in one sentence, for a screen reader. */
  readonly spoken: string;
}

export function deskWords(desk: Desk): DeskWords {
  const words = WORDS[desk.state](desk);
  const title = words.place ? `${words.title} ${words.place}` : words.title;
  return { ...words, spoken: `${title}，${words.detail}` };
}

const WORDS: Record<DeskState, (desk: Desk) => Omit<DeskWords, "spoken">> = {
  bot: () => ({ title: AI_NAME, place: null, detail: "24 小时为您服务" }),
  queued: ({ position }) => ({
    title: "排队中",
    place: position === null ? null : `第 ${position} 位`,
    detail: position === 1 ? "下一位就是您，请稍候" : "正在为您接通坐席",
  }),
  human: (desk) => ({ title: agentTitle(desk.agent_name), place: null, detail: "人工坐席为您服务" }),
  closed: () => ({ title: "会话已结束", place: null, detail: "可随时开始新会话" }),
};

export function agentTitle(name: string | null): string {
  if (!name) return "人工坐席";
  return name.startsWith("坐席") ? name : `坐席 ${name}`;
}

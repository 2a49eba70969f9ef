/** The Chinese the console says for codes of the contract. Pure. */

import type { Customer, DeskState, IdentityLevel, Presence, Sender, Tab } from "../api/contract";

export const TAB_NAMES: Readonly<Record<Tab, string>> = {
  mine: "我的",
  queued: "排队中",
  bot: "机器人接待",
  closed: "已结束",
};

export const DESK_NAMES: Readonly<Record<DeskState, string>> = {
  bot: "机器人接待中",
  queued: "排队中",
  human: "人工接待中",
  closed: "已结束",
};

export const SENDER_NAMES: Readonly<Record<Sender, string>> = {
  customer: "客户",
  bot: "机器人",
  agent: "坐席",
  system: "系统",
};

export const PRESENCE_NAMES: Readonly<Record<Presence, string>> = {
  online: "在线",
  busy: "忙碌",
  offline: "离线",
};

export const PRESENCE_HINTS: Readonly<Record<Presence, string>> = {
  online: "可以接新会话",
  busy: "手头会话照常，不主动接新会话",
  offline: "不接待",
};

const CHANNELS: Readonly<Record<string, string>> = {
  app: "App",
  wechat: "公众号",
  weibo: "微博",
  hotline: "电话",
  feedback: "意见反馈",
};

export function channelName(channel: string): string {
  return CHANNELS[channel] ?? channel;
}

const IDENTITY: Readonly<Record<IdentityLevel, { name: string; hint: string }>> = {
  none: { name: "身份未知", hint: "访客或未绑定的账号，请勿透露任何账户信息" },
  bound: { name: "已绑定，未核验", hint: "渠道账号已绑定客户，但未证明是本人，请勿透露账户信息" },
  verified: { name: "本人已核验", hint: "客户已通过银行登录核验" },
};

export interface IdentityWords {
  level: IdentityLevel | "doubted";
  name: string;
  hint: string;
}

/** How sure we are of who speaks; one who said he is somebody else is nobody's customer. */
export function identityOf(customer: Customer | null): IdentityWords {
  if (customer?.speaker_doubted) {
    return { level: "doubted", name: "非本人", hint: "对方说过自己不是本人，请勿透露任何账户信息" };
  }
  const level = customer?.identity ?? "none";
  return { level, ...IDENTITY[level] };
}

export interface PriorityFlag {
  level: "urgent" | "high";
  name: string;
}

/** Priorities as the queue ranks them: 80 and more first of all, 60 and more before the ordinary. */
export function priorityFlag(priority: number): PriorityFlag | null {
  if (priority >= 80) return { level: "urgent", name: "紧急" };
  return priority >= 60 ? { level: "high", name: "优先" } : null;
}

export function customerName(customer: { masked_name: string } | null): string {
  return customer?.masked_name || "访客";
}

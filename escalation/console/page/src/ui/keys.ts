/** The console's keys: one table for the handler and for the sheet that explains them. */

export type Command =
  | "claim-next"
  | "next"
  | "previous"
  | "reply"
  | "note"
  | "close"
  | "context"
  | "tab-1"
  | "tab-2"
  | "tab-3"
  | "tab-4"
  | "help";

interface Binding {
  command: Command;
  /** Physical key (`KeyboardEvent.code`), so that Alt on a Mac or a Chinese layout does not change it. */
  code: string;
}

const WITH_ALT: readonly Binding[] = [
  { command: "claim-next", code: "KeyN" },
  { command: "next", code: "KeyJ" },
  { command: "previous", code: "KeyK" },
  { command: "next", code: "ArrowDown" },
  { command: "previous", code: "ArrowUp" },
  { command: "reply", code: "KeyL" },
  { command: "note", code: "KeyP" },
  { command: "close", code: "KeyE" },
  { command: "context", code: "KeyO" },
  { command: "tab-1", code: "Digit1" },
  { command: "tab-2", code: "Digit2" },
  { command: "tab-3", code: "Digit3" },
  { command: "tab-4", code: "Digit4" },
];

/** What the sheet says, group by group. */
export const SHEET: readonly { title: string; rows: readonly { keys: readonly string[]; what: string }[] }[] =
  [
    {
      title: "会话",
      rows: [
        { keys: ["Alt", "N"], what: "接入下一位" },
        { keys: ["Alt", "J / K"], what: "下一个 / 上一个会话，正在打字时也可用" },
        { keys: ["J / K", "↑ / ↓"], what: "在列表中移动" },
        { keys: ["Alt", "1–4"], what: "我的、排队中、机器人接待、已结束" },
        { keys: ["Alt", "E"], what: "结束会话" },
      ],
    },
    {
      title: "回复",
      rows: [
        { keys: ["Enter"], what: "发送（选字时的回车不会发送）" },
        { keys: ["Ctrl", "Enter"], what: "发送" },
        { keys: ["Shift", "Enter"], what: "换行" },
        { keys: ["Alt", "L"], what: "写回复" },
        { keys: ["Alt", "P"], what: "写内部备注，客户看不到" },
        { keys: ["Esc"], what: "回到列表" },
      ],
    },
    {
      title: "界面",
      rows: [
        { keys: ["Alt", "O"], what: "展开或收起客户资料" },
        { keys: ["?"], what: "打开这张表" },
      ],
    },
  ];

/** True where a bare letter is text, not a command. */
export function isTyping(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return element?.matches?.("input, textarea, select, [contenteditable]") ?? false;
}

export function commandOf(event: KeyboardEvent): Command | null {
  if (event.isComposing || event.ctrlKey || event.metaKey) return null;
  if (event.altKey)
    return event.shiftKey ? null : (WITH_ALT.find(({ code }) => code === event.code)?.command ?? null);
  if (isTyping(event.target)) return null;
  if (event.key === "?" || event.key === "？") return "help";
  if (event.key === "j") return "next";
  return event.key === "k" ? "previous" : null;
}

/** Which part of the console is on the screen. */
export type Section = "chats" | "approvals" | "knowledge" | "controls";

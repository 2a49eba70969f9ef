/** Times as an agent reads them, Asia/Shanghai; waiting times and their alarm levels. Pure. */

import { clockTime, dayKey } from "@yixian/common";

export { clockTime };

export type WaitLevel = "fresh" | "watch" | "late";

/** Seconds after which a waiting customer is shown as 留意 and as 超时. */
export const WATCH_AFTER_S = 60;
export const LATE_AFTER_S = 180;

const DAY_MS = 86_400_000;

export function waitedSeconds(since: string, now: number): number {
  return Math.max(0, Math.floor((now - Date.parse(since)) / 1000));
}

export function waitLevel(seconds: number): WaitLevel {
  if (seconds >= LATE_AFTER_S) return "late";
  return seconds >= WATCH_AFTER_S ? "watch" : "fresh";
}

const two = (value: number): string => String(value).padStart(2, "0");

/** `mm:ss`, from one hour on `h:mm:ss`. */
export function timer(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** The waiting time in words, for screen readers. */
export function timerWords(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes} 分 ${seconds % 60} 秒` : `${seconds} 秒`;
}

/** `2026-03-01 14:05` in China: the full time behind a short one. */
export function fullTime(iso: string): string {
  return `${dayKey(iso)} ${clockTime(iso)}`;
}

/** 今天, 昨天, 3月1日, or 2025年3月1日 when the year is another. */
export function dayLabel(iso: string, now: number): string {
  const day = dayKey(iso);
  if (day === dayKey(now)) return "今天";
  if (day === dayKey(now - DAY_MS)) return "昨天";
  const [year, month, date] = day.split("-").map(Number);
  const short = `${month}月${date}日`;
  return day.slice(0, 4) === dayKey(now).slice(0, 4) ? short : `${year}年${short}`;
}

/** Short time for a list row: the clock today, else the day. */
export function shortTime(iso: string, now: number): string {
  return dayKey(iso) === dayKey(now) ? clockTime(iso) : dayLabel(iso, now);
}

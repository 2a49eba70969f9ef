/** Times as people here read them: always Asia/Shanghai, whatever the device says. */

const ZONE = "Asia/Shanghai";
const CLOCK = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const DATE = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit" });
const DAY_MS = 86_400_000;

/** `10:32`. `at` is ISO 8601 or epoch milliseconds; an unreadable time gives an empty string. */
export function clockTime(at: string | number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? "" : CLOCK.format(date);
}

/** `2025-03-05`, the day in Shanghai. */
export function dayKey(at: string | number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? "" : DATE.format(date);
}

/** For a line between messages: `今天 10:32`, `昨天 10:32`, `3月5日 10:32`, `2024年3月5日 10:32`. */
export function separatorTime(at: string | number, now: number): string {
  const day = dayKey(at);
  if (!day) return "";
  const [year, month, date] = day.split("-").map(Number);
  const clock = clockTime(at);
  if (day === dayKey(now)) return `今天 ${clock}`;
  if (day === dayKey(now - DAY_MS)) return `昨天 ${clock}`;
  const thisYear = dayKey(now).slice(0, 4);
  return day.startsWith(thisYear) ? `${month}月${date}日 ${clock}` : `${year}年${month}月${date}日 ${clock}`;
}

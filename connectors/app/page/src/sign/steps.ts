/** What comes next on the signing page, and a few words about sizes and days. Pure. */
import type { PlanSheet } from "./types";

export type Step = "table" | "plan" | "verify" | "sign";

export const STEPS: readonly Step[] = ["table", "plan", "verify", "sign"];

/** The first step still to be done; null when nothing can or need be done. */
export function nextStep(sheet: PlanSheet, verified: boolean): Step | null {
  if (sheet.state !== "signing" || sheet.problem) return null;
  if (!sheet.steps.table_confirmed) return "table";
  if (!sheet.steps.plan_confirmed) return "plan";
  return verified ? "sign" : "verify";
}

export type StepState = "done" | "now" | "later";

export function stepState(step: Step, next: Step | null): StepState {
  if (next === null) return "later";
  const at = STEPS.indexOf(step) - STEPS.indexOf(next);
  return at < 0 ? "done" : at === 0 ? "now" : "later";
}

/** "2026-12-15" as 2026 年 12 月 15 日. */
export function dayWords(day: string): string {
  const [year, month, date] = day.split("-").map(Number);
  return `${year} 年 ${month} 月 ${date} 日`;
}

export function sizeWords(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${Number((bytes / 1024 / 1024).toFixed(1))} MB`;
}

/** The plan's link in the page's address: /chat/sign/{link}. */
export function linkIn(path: string): string {
  return decodeURIComponent(/\/sign\/([^/]+)/.exec(path)?.[1] ?? "");
}

/** Errors after which the page must show the plan as it is now. */
export const STALE: ReadonlySet<string> = new Set([
  "offer_expired", "offer_changed", "not_for_signing", "plan_changed", "not_for_papers", "verification_old",
  "table_of_another", "read_back_of_another", "illegal_move", "offer_lapsed",
]);

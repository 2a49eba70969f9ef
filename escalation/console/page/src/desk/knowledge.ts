/** Words and small rules of the knowledge section. Pure. */

import type { ChangeState, KnowledgeEntry } from "../api/knowledge";

export const STATE_NAMES: Readonly<Record<ChangeState, string>> = {
  waiting: "待审核",
  emergency: "紧急生效，待复核",
  approved: "已通过",
  rejected: "已退回",
  withdrawn: "已撤回",
  ended: "已撤下",
};

/** What of the list is shown: by words in any field, and stale ones only if asked. */
export function found(entries: readonly KnowledgeEntry[], words: string, staleOnly: boolean): KnowledgeEntry[] {
  const wanted = words.trim().toLowerCase();
  return entries.filter(
    (entry) =>
      (!staleOnly || entry.stale !== null) &&
      (wanted === "" ||
        [entry.intent, entry.title, entry.ask, entry.owner, entry.text].some((text) =>
          text.toLowerCase().includes(wanted),
        )),
  );
}

export function versionName(number: number): string {
  return number === 0 ? "初始版本" : `第 ${number} 版`;
}

/** 11月24日 10:05, in the bank's time. */
export function moment(iso: string | null): string {
  if (!iso) return "";
  return new Date(iso).toLocaleString("zh-CN", {
    timeZone: "Asia/Shanghai",
    month: "long",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
}

/** What a datetime-local field holds, the bank's time, as ISO with zone; null when empty. */
export function isoOf(local: string): string | null {
  return local === "" ? null : `${local.slice(0, 16)}:00+08:00`;
}

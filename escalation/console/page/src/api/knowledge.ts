/** Answers, banners and switches: the desk API's shapes and calls. Owns paths and names, keeps no state. */

import type { Http } from "./http";

export type ChangeState = "waiting" | "emergency" | "approved" | "rejected" | "withdrawn" | "ended";
export type Move = "approve" | "reject" | "withdraw" | "end";

export interface Problem {
  line: number;
  message: string;
}

export interface Preview {
  product: string | null;
  topic: string | null;
  short: string;
  detail: string;
  next: string;
}

export interface Checked {
  problems: Problem[];
  warnings: Problem[];
  preview: Preview[];
}

export interface KnowledgeEntry {
  intent: string;
  title: string;
  ask: string;
  owner: string;
  updated: string;
  review_by: string;
  /** Why somebody must look at it again; null while fresh. */
  stale: string | null;
  /** 0: the file that came with the program. */
  revision: number;
  waiting: boolean;
  text: string;
}

interface Change {
  id: string;
  state: ChangeState;
  reason: string;
  maker_id: string;
  maker_name: string;
  made_at: string;
  checker_name: string | null;
  checked_at: string | null;
  comment: string | null;
}

export interface Revision extends Change {
  intent: string;
  number: number;
  base: number;
  restores: number | null;
  effective_from: string;
}

export interface Banner extends Change {
  text: string;
  scope: "all" | "channel" | "topic";
  names: string[];
  starts_at: string;
  ends_at: string | null;
}

export interface Switch {
  kind: "topic" | "channel" | "negotiation";
  name: string;
  stopped: boolean;
  reason: string;
  agent_name: string;
  at: string;
}

export interface EntryDetail extends Checked {
  intent: string;
  base: number;
  revision: number;
  text: string;
  history: Revision[];
}

export interface RevisionDetail extends Checked {
  revision: Revision;
  text: string;
  diff: { kind: "same" | "added" | "removed" | "gap"; text: string }[];
}

export interface Controls {
  banners: Banner[];
  switches: Switch[];
  log: { id: string; at: string; agent_name: string; action: string; subject: string; reason: string }[];
  channels: Record<string, string>;
  topics: Record<string, string>;
  never_stopped: string[];
}

export type KnowledgeApi = ReturnType<typeof createKnowledgeApi>;

export function createKnowledgeApi(http: Http) {
  const one = (intent: string, rest = ""): string => `/knowledge/${encodeURIComponent(intent)}${rest}`;
  const revision = (id: string, rest = ""): string => `/revisions/${encodeURIComponent(id)}${rest}`;
  return {
    overview: () =>
      http.request<{ entries: KnowledgeEntry[]; waiting: Revision[] }>("GET", "/knowledge"),
    entry: (intent: string) => http.request<EntryDetail>("GET", one(intent)),
    check: (intent: string, text: string) => http.request<Checked>("POST", one(intent, "/check"), { text }),
    submit: (
      intent: string,
      body: { text: string; base: number; reason: string; effective_from: string | null },
    ) => http.request<{ revision: Revision }>("POST", one(intent, "/revisions"), body),
    rollBack: (intent: string, body: { to: number; reason: string; emergency: boolean }) =>
      http.request<{ revision: Revision }>("POST", one(intent, "/rollback"), body),
    revision: (id: string) => http.request<RevisionDetail>("GET", revision(id)),
    decide: (id: string, move: Move, comment: string) =>
      http.request<{ revision: Revision }>("POST", revision(id, `/${move}`), { comment }),
    controls: () => http.request<Controls>("GET", "/controls"),
    announce: (body: {
      text: string;
      scope: string;
      names: string[];
      reason: string;
      ends_at: string | null;
      emergency: boolean;
    }) => http.request<Controls>("POST", "/banners", body),
    decideBanner: (id: string, move: Move, comment: string) =>
      http.request<Controls>("POST", `/banners/${encodeURIComponent(id)}/${move}`, { comment }),
    setSwitch: (body: { kind: string; name: string; stopped: boolean; reason: string }) =>
      http.request<Controls>("PUT", "/switches", body),
  };
}

/** Words and small rules of the plan card and the approvals. Pure. */

import type { Authority, Negotiation, OfferKind, Plan, Quote, Wanted } from "../api/plans";

export const KIND_NAMES: Readonly<Record<OfferKind, string>> = {
  plan: "重新分期",
  lump: "一次还清",
  ext: "延后还款",
};

/** The fields a kind has; what it does not have stays 0. */
export type Field = "terms" | "waiver" | "down" | "pause";
export const FIELDS: Readonly<Record<OfferKind, readonly Field[]>> = {
  plan: ["terms", "waiver", "down"],
  lump: ["waiver"],
  ext: ["pause"],
};
export const FIELD_NAMES: Readonly<Record<Field, string>> = {
  terms: "期数",
  waiver: "减免罚息和费用（%）",
  down: "首付（%）",
  pause: "延后几个月",
};

/** What the mandate lets one choose for a field: the steps offered with one press. */
export function steps(authority: Authority, kind: OfferKind, field: Field): readonly number[] {
  if (field === "terms") return authority.terms;
  if (field === "down") return authority.downs;
  if (field === "pause") return authority.pauses;
  return kind === "lump" ? authority.lump_waivers : authority.plan_waivers;
}

/** The kind alone: nothing of another kind goes along. */
export function only(wanted: Wanted): Wanted {
  const kept: Wanted = { kind: wanted.kind, terms: 0, waiver: 0, down: 0, pause: 0 };
  for (const field of FIELDS[wanted.kind]) kept[field] = Math.trunc(Number(wanted[field]) || 0);
  return kept;
}

/** What the form begins with: the standing offer, the last one, else the mildest plan the mandate has. */
export function beginning(negotiation: Negotiation): Wanted {
  const shown =
    negotiation.offers.find((offer) => offer.version === negotiation.standing) ?? negotiation.offers.at(-1);
  if (shown) return { ...shown.wanted };
  const { terms, downs, pauses } = negotiation.authority;
  const first = { terms: terms.at(-1) ?? 12, waiver: 0, down: downs[0] ?? 0, pause: pauses[0] ?? 1 };
  return only({ kind: "plan", ...first });
}

/** What pressing the button will do. */
export function sendWords(quote: Quote | null): string {
  if (quote === null || quote.says === "never") return "发送给客户";
  return quote.says === "second_person" ? "提交审批" : "发送给客户";
}

/** Whether it can be pressed: reckoned, allowed, and explained where that is needed. */
export function maySend(quote: Quote | null, reason: string, least: number): boolean {
  if (quote === null || quote.says === "never") return false;
  return !quote.needs_reason || Array.from(reason.trim()).length >= least;
}

/** The tone of a plan's state, and never by colour alone: the word stands beside it. */
export function toneOf(plan: Plan): string {
  if (plan.late || plan.state.code === "breached") return "urgent";
  if (["approval", "materials"].includes(plan.state.code)) return "queued";
  return ["signing", "effective", "running", "settled"].includes(plan.state.code) ? "ok" : "";
}

export const numberOf = (no: number): string => (no === 0 ? "签署后先付" : `第 ${no} 期`);

export function sizeOf(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** The desk API of negotiations and plans: its shapes and its calls. Keeps no state; amounts are text, as they are read. */

import type { CardRow, Reason } from "./contract";
import type { Http } from "./http";

export type OfferKind = "lump" | "plan" | "ext";

/** What kind of plan; the server reckons the rest. Per cents and months. */
export interface Wanted {
  kind: OfferKind;
  terms: number;
  waiver: number;
  down: number;
  pause: number;
}

/** The customer's own card. `no` 0 is paid at once. */
export interface OfferCard {
  title: string;
  rows: CardRow[];
  schedule: { no: number; day: string; amount: string }[];
  cost_table: { name: string; payee: string; value: string }[];
  total: string;
  yearly: string;
  valid_until: string;
}

interface Who {
  id: string;
  name: string;
}

export interface MadeOffer {
  version: number;
  line: string;
  card: OfferCard;
  wanted: Wanted;
  made_by: Who;
  made_at: string;
  pay_by: string;
  /** What the customer said to it; null while he has not answered. */
  answer: string | null;
  reasons: string[];
  /** Why it departs from what stood or from the mandate; "" where it does not. */
  override: string;
}

/** What the mandate leaves today; `refused` says why it leaves nothing. */
export interface Authority {
  debt: CardRow[];
  overdue_days: number;
  refused: string | null;
  rows: CardRow[];
  terms: number[];
  plan_waivers: number[];
  downs: number[];
  lump_waivers: number[];
  pauses: number[];
}

export interface Plan {
  id: string;
  negotiation_id: string;
  conversation_id: string;
  offer_version: number;
  state: Reason;
  owner: string | null;
  due_at: string | null;
  late: boolean;
  since: string;
  proposed_by: Who;
  signed_at: string | null;
  moves: { name: string; by: string; at: string; reason: string }[];
  papers: { id: string; name: string; media_type: string; size: number }[];
  may_withdraw: boolean;
}

export interface Negotiation {
  id: string;
  product: string;
  state: Reason;
  opened_at: string;
  told: CardRow[];
  offers: MadeOffer[];
  /** The version the customer may still take; null: none. */
  standing: number | null;
  plans: Plan[];
  authority: Authority;
}

export type Says = "within" | "second_person" | "never";

export interface Quote {
  says: Says;
  because: string | null;
  departs: boolean;
  needs_reason: boolean;
  card: OfferCard | null;
}

export interface ToDecide {
  plan: Plan;
  offer: MadeOffer;
  told: CardRow[];
  product: string;
}

export type Decision = "approve" | "reject" | "ask_more";

export type PlansApi = ReturnType<typeof createPlansApi>;

export function createPlansApi(http: Http) {
  const at = (...parts: string[]): string => `/${parts.map(encodeURIComponent).join("/")}`;
  return {
    of: (conversation: string) =>
      http.request<{ negotiations: Negotiation[]; least_reason: number }>(
        "GET",
        at("conversations", conversation, "negotiations"),
      ),
    quote: (negotiation: string, wanted: Wanted) =>
      http.request<Quote>("POST", at("negotiations", negotiation, "quote"), wanted),
    send: (
      negotiation: string,
      body: { offer: Wanted; epoch: number; reason: string; papers: boolean },
    ) => http.request<{ plan: Plan }>("POST", at("negotiations", negotiation, "offers"), body),
    approvals: () => http.request<{ plans: ToDecide[] }>("GET", "/approvals"),
    decide: (plan: string, decision: Decision, comment: string) =>
      http.request<{ plan: Plan }>("POST", at("plans", plan, decision), { comment }),
    withdraw: (plan: string, comment: string) =>
      http.request<{ plan: Plan }>("POST", at("plans", plan, "withdraw"), { comment }),
    /** Where the browser saves a paper from. */
    paperAddress: (plan: string, paper: string): string => `/api/desk/v1${at("plans", plan, "papers", paper)}`,
  };
}

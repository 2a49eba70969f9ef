/** The signing page's shapes on the wire; field names are the server's. Amounts and rates are text, as they are read. */

export interface PaymentLine {
  readonly label: string;
  readonly day: string;
  readonly amount: string;
}

export interface CostLine {
  readonly name: string;
  readonly payee: string;
  readonly value: string;
}

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly lines: readonly string[];
}

/** How far the customer is; seconds are the server's. */
export interface Steps {
  readonly reading_seconds: number;
  readonly reading_left: number;
  readonly table_confirmed: boolean;
  readonly plan_confirmed: boolean;
  readonly code_sent: boolean;
  readonly code_wait: number;
  readonly verified: boolean;
  readonly verified_left: number;
}

export interface PaperLine {
  readonly id: string;
  readonly name: string;
  readonly size: number;
}

export interface Papers {
  readonly wanted: readonly string[];
  readonly handed_in: readonly PaperLine[];
  readonly max_bytes: number;
  readonly max_count: number;
}

export type PlanState =
  | "materials" | "approval" | "signing" | "effective" | "running" | "breached"
  | "settled" | "replaced" | "rejected" | "withdrawn" | "expired";

export interface PlanSheet {
  readonly number: string;
  readonly product: string;
  readonly state: PlanState;
  readonly state_label: string;
  readonly state_line: string;
  readonly fingerprint: string;
  readonly priced_on: string;
  readonly pay_by: string;
  readonly owed: string;
  readonly waived: string | null;
  readonly total: string;
  readonly yearly: string | null;
  readonly payments: readonly PaymentLine[];
  readonly costs: readonly CostLine[];
  readonly sections: readonly Section[];
  readonly steps: Steps;
  readonly papers: Papers;
  readonly signed_at: string | null;
  readonly document: boolean;
  readonly pay: PaymentLine | null;
  /** Why this offer can no longer be signed. */
  readonly problem: { readonly code: string; readonly message: string } | null;
}

/** Where a code went; `shown` is the code itself, in the demo only. */
export interface CodeSent {
  readonly phone_tail: string;
  readonly shown: string;
}

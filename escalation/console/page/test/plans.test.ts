import { describe, expect, it } from "vitest";

import type { Authority, MadeOffer, Negotiation, Quote, Wanted } from "../src/api/plans";
import { beginning, maySend, numberOf, only, sendWords, sizeOf, steps } from "../src/desk/plans";

const AUTHORITY: Authority = {
  debt: [],
  overdue_days: 40,
  refused: null,
  rows: [],
  terms: [6, 12, 24],
  plan_waivers: [0, 50],
  downs: [0, 5, 10],
  lump_waivers: [0, 50, 100],
  pauses: [1, 2],
};
const offer = (version: number, wanted: Partial<Wanted>): MadeOffer =>
  ({ version, wanted: { kind: "plan", terms: 12, waiver: 0, down: 0, pause: 0, ...wanted } }) as MadeOffer;
const negotiation = (part: Partial<Negotiation>): Negotiation =>
  ({ offers: [], standing: null, authority: AUTHORITY, plans: [], told: [], ...part }) as Negotiation;
const quote = (part: Partial<Quote>): Quote => ({
  says: "within",
  because: null,
  departs: false,
  needs_reason: false,
  card: null,
  ...part,
});

describe("another plan", () => {
  it("begins with the offer the customer holds, else with the mildest the mandate has", () => {
    const offers = [offer(1, { terms: 12 }), offer(2, { terms: 24 })];
    expect(beginning(negotiation({ offers, standing: 1 })).terms).toBe(12);
    expect(beginning(negotiation({ offers })).terms).toBe(24);
    expect(beginning(negotiation({}))).toEqual({ kind: "plan", terms: 24, waiver: 0, down: 0, pause: 0 });
  });

  it("carries nothing of another kind, and no text where a number belongs", () => {
    const all = { terms: 12, waiver: 50, down: 5, pause: 2 };
    expect(only({ kind: "lump", ...all })).toEqual({ kind: "lump", terms: 0, waiver: 50, down: 0, pause: 0 });
    expect(only({ kind: "ext", ...all })).toEqual({ kind: "ext", terms: 0, waiver: 0, down: 0, pause: 2 });
    expect(only({ kind: "plan", ...all, terms: "" as unknown as number }).terms).toBe(0);
  });

  it("shows the steps of its own kind", () => {
    expect(steps(AUTHORITY, "lump", "waiver")).toEqual([0, 50, 100]);
    expect(steps(AUTHORITY, "plan", "waiver")).toEqual([0, 50]);
    expect(steps(AUTHORITY, "ext", "pause")).toEqual([1, 2]);
  });

  it("is sent only when reckoned, allowed and explained", () => {
    expect(maySend(null, "", 8)).toBe(false);
    expect(maySend(quote({ says: "never" }), "很充分很充分的理由", 8)).toBe(false);
    expect(maySend(quote({}), "", 8)).toBe(true);
    const beyond = quote({ says: "second_person", needs_reason: true });
    expect(maySend(beyond, "  太短了   ", 8)).toBe(false);
    expect(maySend(beyond, "客户有医院的证明材料", 8)).toBe(true);
  });

  it("says beforehand whether it goes to the customer or to a second person", () => {
    expect(sendWords(quote({}))).toBe("发送给客户");
    expect(sendWords(quote({ says: "second_person" }))).toBe("提交审批");
  });
});

it("names payments and sizes as people do", () => {
  expect([0, 3].map(numberOf)).toEqual(["签署后先付", "第 3 期"]);
  expect([10, 200_000, 8_000_000].map(sizeOf)).toEqual(["1 KB", "200 KB", "8.0 MB"]);
});

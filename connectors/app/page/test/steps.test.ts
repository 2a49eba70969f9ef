import { describe, expect, it } from "vitest";
import { dayWords, linkIn, nextStep, sizeWords, stepState } from "../src/sign/steps";
import type { PlanSheet, Steps } from "../src/sign/types";

const STEPS: Steps = {
  reading_seconds: 15, reading_left: 0, table_confirmed: false, plan_confirmed: false,
  code_sent: false, code_wait: 0, verified: false, verified_left: 0,
};

function sheet(steps: Partial<Steps> = {}, over: Partial<PlanSheet> = {}): PlanSheet {
  return { state: "signing", problem: null, steps: { ...STEPS, ...steps }, ...over } as PlanSheet;
}

describe("the order of the signing page", () => {
  it("goes from the cost table over the plan and the proof to the signature", () => {
    expect(nextStep(sheet(), false)).toBe("table");
    expect(nextStep(sheet({ table_confirmed: true }), true)).toBe("plan");
    expect(nextStep(sheet({ table_confirmed: true, plan_confirmed: true }), false)).toBe("verify");
    expect(nextStep(sheet({ table_confirmed: true, plan_confirmed: true }), true)).toBe("sign");
  });

  it("has nothing to press on an expired offer or a signed plan", () => {
    expect(nextStep(sheet({}, { problem: { code: "offer_expired", message: "过期" } }), true)).toBeNull();
    expect(nextStep(sheet({}, { state: "effective" }), true)).toBeNull();
    expect(stepState("sign", null)).toBe("later");
  });

  it("a step is done, now, or later", () => {
    expect((["table", "plan", "verify", "sign"] as const).map((one) => stepState(one, "verify"))).toEqual(["done", "done", "now", "later"]);
  });
});

describe("words", () => {
  it("days and sizes read as people say them", () => {
    expect(dayWords("2026-12-05")).toBe("2026 年 12 月 5 日");
    expect([sizeWords(10), sizeWords(300 * 1024), sizeWords(8 * 1024 * 1024)]).toEqual(["1 KB", "300 KB", "8 MB"]);
  });

  it("the link is the part after /sign/", () => {
    expect(linkIn("/chat/sign/a-b_C9")).toBe("a-b_C9");
    expect(linkIn("/chat/")).toBe("");
  });
});

import { describe, expect, it } from "vitest";
import { fullJitter } from "../src/backoff";
import { newUuid } from "../src/ids";
import { isSendKey, lengthOf } from "../src/keys";
import { segments } from "../src/links";
import { clockTime, separatorTime } from "../src/time";
import { seeded } from "./helpers";

describe("links", () => {
  const origin = "https://bank.example";
  const hrefs = (text: string): string[] =>
    segments(text, origin).flatMap((part) => (part.href === null ? [] : [part.href]));

  it("are made of paths on this site only", () => {
    expect(hrefs("意见请写到 /feedback 。")).toEqual(["/feedback"]);
    expect(hrefs("详情：https://bank.example/help?id=1。")).toEqual(["/help?id=1"]);
    expect(hrefs("看 https://evil.example/x 和 //evil.example 和 javascript:alert(1)")).toEqual([]);
    expect(hrefs("https://bank.example.evil.com/ 或 https://bank.example@evil.com/")).toEqual([]);
    expect(hrefs("3/12 期，和/或，/流泪，1/a")).toEqual([]);
  });

  it("lose no character of the text", () => {
    for (const text of ["", "a /x. b", "/feedback", "（/a）/b，https://bank.example/c)结束"]) {
      expect(segments(text, origin).map((part) => part.text).join("")).toBe(text);
    }
  });
});

describe("times", () => {
  const now = Date.parse("2025-03-05T15:59:00Z"); // 23:59 in Shanghai

  it("are Shanghai's", () => {
    expect(clockTime("2025-03-05T02:05:00Z")).toBe("10:05");
    expect(clockTime("2025-03-05T16:00:00Z")).toBe("00:00");
    expect(clockTime("unreadable")).toBe("");
  });

  it("name today and yesterday, then the date", () => {
    expect(separatorTime("2025-03-04T16:00:00Z", now)).toBe("今天 00:00");
    expect(separatorTime("2025-03-04T15:59:00Z", now)).toBe("昨天 23:59");
    expect(separatorTime("2025-01-31T04:00:00Z", now)).toBe("1月31日 12:00");
    expect(separatorTime("2024-12-31T04:00:00Z", now)).toBe("2024年12月31日 12:00");
  });
});

describe("keys", () => {
  const key = (over: object): KeyboardEvent => ({ key: "Enter", keyCode: 13, ...over }) as KeyboardEvent;

  it("the Enter that ends a Chinese candidate never sends", () => {
    expect(isSendKey(key({}))).toBe(true);
    expect(isSendKey(key({ isComposing: true }))).toBe(false);
    expect(isSendKey(key({ keyCode: 229 }))).toBe(false);
    expect(isSendKey(key({ shiftKey: true }))).toBe(false);
  });

  it("length is counted as the server counts: in code points", () => {
    expect(lengthOf("还款😊")).toBe(3);
  });
});

it("back-off is fully jittered and capped", () => {
  const random = seeded(1);
  for (let attempt = 0; attempt < 40; attempt++) {
    const ms = fullJitter(attempt, random);
    expect(ms).toBeGreaterThanOrEqual(0);
    expect(ms).toBeLessThanOrEqual(30_000);
  }
  expect(fullJitter(0, () => 0.999)).toBeLessThan(1_000);
});

it("ids are UUIDs of version 4", () => {
  expect(newUuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

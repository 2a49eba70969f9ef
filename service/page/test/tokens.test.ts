import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("../tokens.css", import.meta.url), "utf8");

function declarations(selector: string): Map<string, string> {
  const block = css.slice(css.indexOf(selector)).match(/\{([^}]*)\}/)?.[1] ?? "";
  return new Map([...block.matchAll(/(--yx-[\w-]+):\s*([^;]+);/g)].map((one) => [one[1]!, one[2]!]));
}

function luminance(hex: string): number {
  const part = (at: number): number => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const light = declarations(":root {");
const dark = declarations(':root:not([data-theme="light"])');

const GROUNDS = ["bg", "surface", "surface-2"];
const PAIRS: [string, string][] = [
  ...GROUNDS.flatMap((ground) =>
    ["text", "text-2", "text-3", "brand", "ai", "queue", "human", "ok", "warn", "danger"].map(
      (ink): [string, string] => [ink, ground],
    ),
  ),
  ["text", "hover"], ["text-2", "hover"], ["on-brand", "brand"], ["on-brand", "brand-strong"],
  ...["brand", "ai", "queue", "human", "closed", "ok", "warn", "danger"].flatMap((ink): [string, string][] => [
    [ink, `${ink}-soft`], ["text", `${ink}-soft`],
  ]),
  ["on-note", "note"], ["on-bubble-customer", "bubble-customer"], ["on-bubble-bot", "bubble-bot"],
  ["on-bubble-agent", "bubble-agent"],
];

describe.each([["light", light], ["dark", dark]])("in %s", (_, values) => {
  it("every text keeps 4.5 : 1 on its ground", () => {
    for (const [ink, ground] of PAIRS) {
      const ratio = contrast(values.get(`--yx-${ink}`)!, values.get(`--yx-${ground}`)!);
      expect(ratio, `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  it("borders of fields and the focus ring keep 3 : 1", () => {
    for (const edge of ["line-strong", "focus"]) {
      for (const ground of GROUNDS) {
        const ratio = contrast(values.get(`--yx-${edge}`)!, values.get(`--yx-${ground}`)!);
        expect(ratio, `${edge} on ${ground}`).toBeGreaterThanOrEqual(3);
      }
    }
  });
});

it("both dark blocks are the same, and name light colours only", () => {
  expect(declarations(':root[data-theme="dark"]')).toEqual(dark);
  for (const name of dark.keys()) expect([...light.keys()]).toContain(name);
});

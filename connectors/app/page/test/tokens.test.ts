import { describe, expect, it } from "vitest";
import { lifeOf, TokenSource, type Held } from "../src/tokens";

function jwt(exp: number, iat: number): string {
  return `h.${Buffer.from(JSON.stringify({ exp, iat })).toString("base64url")}.s`;
}

function rig(held: Held | null = null) {
  const clock = { now: 0 };
  const asked: (string | null)[] = [];
  const kept: Held[] = [];
  const source = new TokenSource(
    async (last) => {
      asked.push(last);
      return `${jwt(600, 0)}${asked.length}`;
    },
    (one) => kept.push(one),
    held,
    () => clock.now,
  );
  return { source, clock, asked, kept };
}

describe("tokens", () => {
  it("are asked for once, however many ask at the same time", async () => {
    const { source, asked } = rig();
    const [a, b] = await Promise.all([source.get(), source.get()]);
    expect(a.value).toBe(b.value);
    expect(asked).toHaveLength(1);
  });

  it("are used again while they live, and renewed well before they run out", async () => {
    const { source, clock, asked } = rig();
    const first = await source.get();
    expect(first.renewInMs).toBe(510_000);
    clock.now = 509_000;
    expect((await source.get()).value).toBe(first.value);
    clock.now = 511_000;
    const second = await source.get();
    expect(second.value).not.toBe(first.value);
    expect(asked).toEqual([null, first.value]);
  });

  it("give the last one along when renewed, so that a guest stays the same guest", async () => {
    const { source, asked } = rig({ value: "old", since: -700_000 });
    await source.get();
    expect(asked).toEqual(["old"]);
  });

  it("a failed renewal does not block the next", async () => {
    let fail = true;
    const source = new TokenSource(
      () => (fail ? Promise.reject(new Error("down")) : Promise.resolve("t")), () => undefined, null, () => 0,
    );
    await expect(source.get()).rejects.toThrow("down");
    fail = false;
    expect((await source.get()).value).toBe("t");
  });

  it("live as long as they say, measured apart from the device's clock", () => {
    expect(lifeOf(jwt(1_000_300, 1_000_000))).toBe(300_000);
    expect(lifeOf("opaque")).toBe(600_000);
    expect(lifeOf(jwt(9e9, 0))).toBe(600_000);
  });
});

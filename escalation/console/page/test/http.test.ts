import { describe, expect, it, vi } from "vitest";

import { ApiError, createHttp } from "../src/api/http";

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { date: "Mon, 02 Mar 2026 02:00:00 GMT" } });
const refused = (code: string, message = "不行") => ({ error: { code, message } });

function setUp(...answers: (Response | Error)[]) {
  const fetcher = vi.fn(async () => {
    const next = answers.shift();
    if (next === undefined || next instanceof Error) throw next ?? new Error("none");
    return next;
  });
  const http = createHttp(fetcher as unknown as typeof fetch);
  http.csrf = "old";
  return {
    http,
    fetcher,
    token: (call: number) => (fetcher.mock.calls as unknown as [string, RequestInit][])[call]?.[1].headers,
  };
}

describe("the door to the desk API", () => {
  it("sends the CSRF token with writes and not with reads", async () => {
    const { http, token } = setUp(json(200, {}), json(200, {}));
    await http.request("GET", "/me");
    await http.request("PUT", "/presence", { presence: "busy" });
    expect(token(0)).not.toHaveProperty("X-CSRF-Token");
    expect(token(1)).toMatchObject({ "X-CSRF-Token": "old" });
  });

  it("passes the server's Chinese words on, and has its own when there are none", async () => {
    const { http } = setUp(
      json(409, refused("claimed_by_another", "已被接走")),
      new Response("<html>", { status: 502 }),
    );
    await expect(http.request("POST", "/x")).rejects.toMatchObject({
      status: 409,
      code: "claimed_by_another",
      message: "已被接走",
    });
    await expect(http.request("POST", "/x")).rejects.toMatchObject({
      status: 502,
      message: "服务器暂时出错，请稍后重试",
    });
  });

  it("calls no answer, and half an answer, a transient failure", async () => {
    const { http } = setUp(new TypeError("failed"), new Response("{", { status: 200 }));
    for (let index = 0; index < 2; index += 1) {
      const error = await http.request("GET", "/me").catch((trouble: unknown) => trouble);
      expect(error).toBeInstanceOf(ApiError);
      expect((error as ApiError).transient).toBe(true);
    }
  });

  it("tries once more with the new token when another tab logged in, and not for ever", async () => {
    const { http, fetcher, token } = setUp(
      json(403, refused("forbidden")),
      json(200, { seq: 1 }),
      json(403, refused("forbidden")),
      json(403, refused("forbidden")),
    );
    http.renew = async () => {
      http.csrf = "new";
      return true;
    };
    await expect(http.request("POST", "/x", {})).resolves.toEqual({ seq: 1 });
    expect(token(1)).toMatchObject({ "X-CSRF-Token": "new" });
    await expect(http.request("POST", "/x", {})).rejects.toMatchObject({ status: 403 });
    expect(fetcher).toHaveBeenCalledTimes(4);
  });

  it("says when the session is over and what time the server has", async () => {
    const { http } = setUp(json(401, refused("not_logged_in")));
    http.onExpired = vi.fn();
    http.onClock = vi.fn();
    await http.request("GET", "/me").catch(() => undefined);
    expect(http.onExpired).toHaveBeenCalledOnce();
    expect(http.onClock).toHaveBeenCalledWith(
      expect.closeTo(Date.parse("2026-03-02T02:00:00.500Z") - Date.now(), -3),
    );
  });
});

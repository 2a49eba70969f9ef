/**
 * One door to the desk API: cookie session, CSRF header on writes, the server's clock, errors as `ApiError`.
 * Knows HTTP and nothing of what the calls mean.
 */

import { ApiError } from "@yixian/common";

export { ApiError };

export const API_BASE = "/api/desk/v1";
const TIMEOUT_MS = 15_000;

export interface Http {
  request<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** The CSRF token of this login, sent on every write. */
  csrf: string;
  /** Called with the server's clock minus ours in ms, whenever an answer carries a date. */
  onClock: (offset: number) => void;
  /** Called when the session is over (401). */
  onExpired: () => void;
  /** Called when a write was forbidden; true = the CSRF token was old and there is a new one, try once more. */
  renew: () => Promise<boolean>;
}

const FALLBACK: Readonly<Record<number, string>> = {
  0: "连不上服务器，请检查网络后重试",
  401: "登录已过期，请重新登录",
  403: "没有权限做这个操作",
  404: "没有找到，可能已被移走",
  413: "内容太长，请分成几条发送",
  429: "操作太频繁，请稍等几秒再试",
};

function fallbackMessage(status: number): string {
  return FALLBACK[status] ?? (status >= 500 ? "服务器暂时出错，请稍后重试" : "操作没有成功，请重试");
}

async function failure(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const error = (body as { error?: { code?: unknown; message?: unknown } } | null)?.error;
  const code = typeof error?.code === "string" ? error.code : `http_${response.status}`;
  const message = typeof error?.message === "string" && error.message !== "" ? error.message : null;
  return new ApiError(response.status, code, message ?? fallbackMessage(response.status));
}

function reportClock(response: Response, report: (offset: number) => void): void {
  const date = Date.parse(response.headers.get("date") ?? "");
  // the header counts whole seconds: half a second is its middle
  if (!Number.isNaN(date)) report(date + 500 - Date.now());
}

async function answer(fetcher: typeof fetch, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetcher(API_BASE + path, init);
  } catch {
    throw new ApiError(0, "unreachable", fallbackMessage(0));
  }
}

async function parsed<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T;
  try {
    return (await response.json()) as T;
  } catch {
    // the answer broke off half way: as good as none, and safe to ask again
    throw new ApiError(0, "broken_answer", fallbackMessage(0));
  }
}

export function createHttp(fetcher: typeof fetch = (...args) => fetch(...args)): Http {
  async function ask(method: string, path: string, body: unknown): Promise<Response> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (method !== "GET") headers["X-CSRF-Token"] = http.csrf;
    const response = await answer(fetcher, path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    reportClock(response, http.onClock);
    return response;
  }

  const http: Http = {
    csrf: "",
    onClock: () => undefined,
    onExpired: () => undefined,
    renew: () => Promise.resolve(false),
    async request<T>(method: string, path: string, body?: unknown): Promise<T> {
      let response = await ask(method, path, body);
      if (response.ok) return parsed<T>(response);
      let error = await failure(response);
      if (error.status === 403 && method !== "GET" && (await http.renew().catch(() => false))) {
        response = await ask(method, path, body);
        if (response.ok) return parsed<T>(response);
        error = await failure(response);
      }
      if (error.status === 401) http.onExpired();
      throw error;
    },
  };
  return http;
}

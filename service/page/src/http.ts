/**
 * JSON over fetch with the project's error shape. Every failure becomes an `ApiError` whose message is
 * Chinese and may be shown as it is. Knows no particular endpoint.
 */

/** `status` 0: the server was not reached. `code` is the server's, or `network` / `unreadable`. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
    this.name = "ApiError";
  }

  /** Worth sending again unchanged: not reached, overloaded, or restarting. */
  get transient(): boolean {
    return this.status === 0 || this.status === 429 || (this.status >= 502 && this.status <= 504);
  }
}

const NETWORK = "网络不太顺畅，请稍后再试";
const UNREADABLE = "服务暂时没有回应，请稍后再试";

export interface JsonRequest {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Give up after this many milliseconds (default 15 000). */
  readonly timeoutMs?: number;
}

/** One request; resolves with the decoded body (null for 204). Throws ApiError, or AbortError when aborted. */
export async function requestJson(url: string, request: JsonRequest = {}): Promise<unknown> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), request.timeoutMs ?? 15_000);
  const passOn = (): void => limit.abort();
  request.signal?.addEventListener("abort", passOn);
  try {
    if (request.signal?.aborted) limit.abort();
    return await send(url, request, limit.signal);
  } catch (error) {
    if (error instanceof ApiError || request.signal?.aborted) throw error;
    throw new ApiError(0, "network", NETWORK);
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener("abort", passOn);
  }
}

async function send(url: string, request: JsonRequest, signal: AbortSignal): Promise<unknown> {
  const hasBody = request.body !== undefined;
  const response = await fetch(url, {
    method: request.method ?? "GET",
    headers: { ...(hasBody ? { "Content-Type": "application/json" } : {}), ...request.headers },
    credentials: "same-origin",
    cache: "no-store",
    signal,
    ...(hasBody ? { body: JSON.stringify(request.body) } : {}),
  });
  if (response.status === 204) return null;
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw errorOf(response, body);
  if (body === undefined) throw new ApiError(response.status, "unreadable", UNREADABLE);
  return body;
}

function errorOf(response: Response, body: unknown): ApiError {
  const error = (body as { error?: { code?: unknown; message?: unknown } } | null | undefined)?.error;
  const seconds = Number(response.headers.get("Retry-After") ?? NaN);
  return new ApiError(
    response.status,
    typeof error?.code === "string" ? error.code : "unreadable",
    typeof error?.message === "string" && error.message ? error.message : UNREADABLE,
    Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null,
  );
}

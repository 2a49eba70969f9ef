/** Who is asking: the customer the bank's app signed in, a demo customer, or a guest. */
import { ApiError, requestJson } from "@yixian/common";
import { recall, remember } from "./memory";
import { TokenSource, type Held } from "./tokens";

export type Identity =
  | { readonly kind: "host" }
  | { readonly kind: "demo"; readonly id: string; readonly name: string }
  | { readonly kind: "guest" };

export interface DemoCustomer {
  readonly id: string;
  readonly name: string;
  readonly summary: string;
}

const API = "/api/app/v1";

export function nameOf(identity: Identity): string {
  if (identity.kind === "demo") return identity.name;
  return identity.kind === "host" ? "已登录客户" : "访客";
}

/** A short key under which this person's things are remembered. */
export function keyOf(identity: Identity): string {
  return identity.kind === "demo" ? `demo-${identity.id}` : identity.kind;
}

export function rememberedIdentity(): Identity | null {
  if (window.yixianHost) return { kind: "host" };
  const raw = recall("identity") as { kind?: unknown; id?: unknown; name?: unknown } | null;
  if (raw?.kind === "guest") return { kind: "guest" };
  if (raw?.kind !== "demo" || typeof raw.id !== "string" || typeof raw.name !== "string") return null;
  return { kind: "demo", id: raw.id, name: raw.name };
}

export function rememberIdentity(identity: Identity): void {
  remember("identity", identity);
}

/** The seeded customers, or null where this is no demo. */
export async function demoCustomers(): Promise<DemoCustomer[] | null> {
  try {
    const body = (await requestJson(`${API}/demo/customers`)) as { customers?: Record<string, unknown>[] };
    return (body.customers ?? []).map((one) => ({
      id: String(one["customer_id"]),
      name: String(one["name"]),
      summary: String(one["summary"] ?? ""),
    }));
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

export function tokensFor(identity: Identity): TokenSource {
  const key = `token.${keyOf(identity)}`;
  return new TokenSource((last) => issue(identity, last), (held) => remember(key, held), heldIn(recall(key)));
}

async function issue(identity: Identity, last: string | null): Promise<string> {
  if (identity.kind === "host") return hostToken();
  const url = identity.kind === "demo" ? `${API}/demo/token` : `${API}/guest`;
  const request = {
    method: "POST",
    // The last token goes along: a guest stays the same guest, a log-in keeps its time.
    headers: last ? { Authorization: `Bearer ${last}` } : {},
    ...(identity.kind === "demo" ? { body: { customer_id: identity.id } } : {}),
  };
  const body = (await requestJson(url, request)) as { token?: unknown };
  return String(body.token);
}

async function hostToken(): Promise<string> {
  const token = await window.yixianHost?.token().catch(() => undefined);
  if (!token) throw new ApiError(401, "not_signed_in", "登录已失效，请返回 App 重新登录");
  return token;
}

function heldIn(raw: unknown): Held | null {
  const held = raw as { value?: unknown; since?: unknown } | null;
  if (typeof held?.value !== "string" || typeof held.since !== "number") return null;
  return { value: held.value, since: held.since };
}

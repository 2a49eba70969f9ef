/** The customer's API as functions: opens a conversation, writes to it, reads it. Renews the token on 401. */
import { readNotice, readPage, requestJson, type EventsPage, type JsonRequest, type Notice, type SocketLike } from "@yixian/common";
import { withToken, type TokenSource } from "./tokens";

/** What a message carries: words, or the id of a button that was pressed. */
export type Body = { readonly text: string } | { readonly payload: string };

const API = "/api/app/v1/conversations";

export class AppApi {
  constructor(readonly tokens: TokenSource) {}

  /** The open conversation of this person, or a new one. */
  async open(): Promise<string> {
    const body = (await this.ask(API, { method: "POST", body: {} })) as { id?: unknown };
    return String(body.id);
  }

  /** What the bank tells everybody; works without a token, also when the channel is switched off. */
  async notice(): Promise<Notice | null> {
    return readNotice(await requestJson("/api/app/v1/notice", {}));
  }

  async post(conversation: string, id: string, body: Body): Promise<{ seq: number }> {
    const url = `${API}/${encodeURIComponent(conversation)}/messages`;
    return (await this.ask(url, { method: "POST", body: { client_msg_id: id, ...body } })) as { seq: number };
  }

  async events(conversation: string, after: number, wait: number, signal: AbortSignal): Promise<EventsPage> {
    const url = `${API}/${encodeURIComponent(conversation)}/events?after=${after}&wait=${wait}`;
    return readPage(await this.ask(url, { signal, timeoutMs: (wait + 12) * 1_000 }));
  }

  socket(conversation: string, after: number): SocketLike {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const url = `${scheme}//${location.host}${API}/${encodeURIComponent(conversation)}/ws?after=${after}`;
    return new WebSocket(url) as unknown as SocketLike;
  }

  private ask(url: string, request: JsonRequest): Promise<unknown> {
    return withToken(this.tokens, (token) =>
      requestJson(url, { ...request, headers: { Authorization: `Bearer ${token}` } }),
    );
  }
}

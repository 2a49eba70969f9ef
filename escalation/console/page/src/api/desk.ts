/** The desk API's calls by name. Owns paths and bodies; keeps no state. */

import type {
  ChatEvent,
  ConversationDetail,
  ConversationPage,
  Note,
  Presence,
  Session,
  Summary,
  Tab,
} from "./contract";
import type { Http } from "./http";

export interface DeskApi {
  login(username: string, password: string): Promise<Session>;
  logout(): Promise<void>;
  me(): Promise<Session>;
  setPresence(presence: Presence): Promise<void>;
  list(tab: Tab, before?: string | null): Promise<ConversationPage>;
  detail(id: string): Promise<ConversationDetail>;
  eventsAfter(id: string, seq: number): Promise<{ events: ChatEvent[]; last_seq: number }>;
  claim(id: string): Promise<{ summary: Summary }>;
  claimNext(): Promise<{ summary: Summary }>;
  send(id: string, message: { client_msg_id: string; text: string; epoch: number }): Promise<{ seq: number }>;
  handBack(id: string, body: { epoch: number }): Promise<{ summary: Summary }>;
  close(id: string, body: { epoch: number }): Promise<{ summary: Summary }>;
  release(id: string, body: { epoch: number }): Promise<{ summary: Summary }>;
  addNote(id: string, text: string): Promise<{ note: Note }>;
  typing(id: string, on: boolean): Promise<void>;
}

export const PAGE_SIZE = 50;

export function createDeskApi(http: Http): DeskApi {
  const at = (id: string, rest = ""): string => `/conversations/${encodeURIComponent(id)}${rest}`;
  const query = (values: Record<string, string>): string => `?${new URLSearchParams(values).toString()}`;
  return {
    login: (username, password) => http.request("POST", "/login", { username, password }),
    logout: () => http.request("POST", "/logout", {}),
    me: () => http.request("GET", "/me"),
    setPresence: (presence) => http.request("PUT", "/presence", { presence }),
    list: (tab, before) =>
      http.request(
        "GET",
        `/conversations${query({ tab, limit: String(PAGE_SIZE), ...(before ? { before } : {}) })}`,
      ),
    detail: (id) => http.request("GET", at(id)),
    eventsAfter: (id, seq) => http.request("GET", at(id, `/events${query({ after: String(seq) })}`)),
    claim: (id) => http.request("POST", at(id, "/claim"), {}),
    claimNext: () => http.request("POST", "/claim-next", {}),
    send: (id, message) => http.request("POST", at(id, "/messages"), message),
    handBack: (id, body) => http.request("POST", at(id, "/handback"), body),
    close: (id, body) => http.request("POST", at(id, "/close"), body),
    release: (id, body) => http.request("POST", at(id, "/release"), body),
    addNote: (id, text) => http.request("POST", at(id, "/notes"), { text }),
    typing: (id, on) => http.request("POST", at(id, "/typing"), { on }),
  };
}

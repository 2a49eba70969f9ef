/** Who is logged in: restore from the cookie, log in, log out, presence. Keeps no password. */

import { shallowReactive } from "vue";

import type { Agent, Presence } from "../api/contract";
import type { DeskApi } from "../api/desk";
import { ApiError, type Http } from "../api/http";

export type SessionState = "restoring" | "unreachable" | "out" | "expired" | "in";

export type Session = ReturnType<typeof createSession>;

export function createSession(http: Http, api: DeskApi) {
  const session = shallowReactive<{ state: SessionState; agent: Agent | null; presence: Presence }>({
    state: "restoring",
    agent: null,
    presence: "offline",
  });

  function entered(agent: Agent, csrf: string, presence: Presence): void {
    http.csrf = csrf;
    Object.assign(session, { agent, presence, state: "in" satisfies SessionState });
  }

  async function restore(): Promise<void> {
    session.state = "restoring";
    try {
      const me = await api.me();
      entered(me.agent, me.csrf, me.presence);
    } catch (error) {
      const answered = error instanceof ApiError && error.status === 401;
      session.state = answered ? "out" : "unreachable";
    }
  }

  http.onExpired = () => {
    if (session.state === "in") session.state = "expired";
  };

  // another tab of this browser logged in: the cookie is new, so is its token
  http.renew = async () => {
    const me = await api.me();
    if (me.agent.id !== session.agent?.id) {
      session.state = "expired";
      return false;
    }
    const renewed = me.csrf !== http.csrf;
    http.csrf = me.csrf;
    return renewed;
  };

  return {
    current: session,
    restore,
    async login(username: string, password: string): Promise<void> {
      const { agent, csrf, presence } = await api.login(username, password);
      entered(agent, csrf, presence);
    },
    async setPresence(presence: Presence): Promise<void> {
      const before = session.presence;
      session.presence = presence;
      try {
        await api.setPresence(presence);
      } catch (error) {
        session.presence = before;
        throw error;
      }
    },
    async logout(): Promise<void> {
      await api.logout().catch((error: unknown) => {
        // an unanswered logout leaves the cookie good: the agent must know before walking away
        if (!(error instanceof ApiError) || error.status !== 401) throw error;
      });
      http.csrf = "";
      Object.assign(session, { state: "out" satisfies SessionState, agent: null });
    },
  };
}

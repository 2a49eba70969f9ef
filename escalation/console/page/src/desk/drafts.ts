/**
 * Unsent text per conversation, a reply and a private note apart, so that neither can become the other.
 * Kept in memory and in the tab's session storage (never localStorage: it holds customers' matters),
 * under the agent's id, so that the next person at this screen never sees it.
 */

export type DraftKind = "reply" | "note";

export interface Drafts {
  get(conversation: string, kind: DraftKind): string;
  set(conversation: string, kind: DraftKind, text: string): void;
  /** Put text back in front of what was typed since; nothing is lost, nothing doubled. */
  giveBack(conversation: string, text: string): string;
  /** Conversations with an unsent reply or note. */
  open(): string[];
  clear(): void;
}

export type DraftStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const PREFIX = "yixian.console.drafts.";

function read(storage: DraftStorage, key: string): Map<string, string> {
  try {
    const stored: unknown = JSON.parse(storage.getItem(key) ?? "{}");
    if (typeof stored !== "object" || stored === null) return new Map();
    return new Map(
      Object.entries(stored).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
    );
  } catch {
    return new Map();
  }
}

export function createDrafts(agent: string, storage: DraftStorage): Drafts {
  const key = PREFIX + agent;
  const texts = read(storage, key);
  const slot = (conversation: string, kind: DraftKind): string => `${kind}:${conversation}`;

  function save(): void {
    try {
      if (texts.size === 0) storage.removeItem(key);
      else storage.setItem(key, JSON.stringify(Object.fromEntries(texts)));
    } catch {
      // storage full or forbidden: the draft still lives in memory
    }
  }

  const drafts: Drafts = {
    get: (conversation, kind) => texts.get(slot(conversation, kind)) ?? "",
    set(conversation, kind, text) {
      if (text === "") texts.delete(slot(conversation, kind));
      else texts.set(slot(conversation, kind), text);
      save();
    },
    giveBack(conversation, text) {
      const typed = drafts.get(conversation, "reply");
      const joined = typed === "" ? text : typed.startsWith(text) ? typed : `${text}\n${typed}`;
      drafts.set(conversation, "reply", joined);
      return joined;
    },
    open: () => [...new Set([...texts.keys()].map((name) => name.slice(name.indexOf(":") + 1)))],
    clear() {
      texts.clear();
      save();
    },
  };
  return drafts;
}

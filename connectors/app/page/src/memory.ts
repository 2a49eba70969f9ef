/** What the page remembers in this browser. A browser that refuses storage only forgets sooner. */

function read(area: () => Storage, key: string): unknown {
  try {
    const raw = area().getItem(PREFIX + key);
    return raw === null ? null : JSON.parse(raw);
  } catch {
    return null;
  }
}

function write(area: () => Storage, key: string, value: unknown): void {
  try {
    if (value === null || value === undefined || value === "") area().removeItem(PREFIX + key);
    else area().setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    /* full or forbidden: the page works on without */
  }
}

const PREFIX = "yixian.chat.";
const tab = (): Storage => window.sessionStorage;
const device = (): Storage => window.localStorage;

/** Until the tab is closed: who one is, drafts, what is still on its way. */
export const recall = (key: string): unknown => read(tab, key);
export const remember = (key: string, value: unknown): void => write(tab, key, value);

/** On this device: taste only, never anything about a person. */
export const recallTaste = (key: string): unknown => read(device, key);
export const rememberTaste = (key: string, value: unknown): void => write(device, key, value);

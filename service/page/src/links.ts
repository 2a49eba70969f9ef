/** Finds what may be a link in a message: paths on this very site, nothing else. Never makes HTML. */

export interface Segment {
  readonly text: string;
  /** A same-origin path, or null for plain text. */
  readonly href: string | null;
}

/** A prefix group instead of a look-behind: older iOS cannot parse one. */
const CANDIDATE = /(^|[\s（(：:，。；【《“"])(https?:\/\/[^\s<>"'，。；！？、）)】》”]+|\/[a-z][\w\-./?=&%#]*)/g;

/** Splits `text` into plain pieces and links; `origin` such as `https://bank.example`. Joins back to `text`. */
export function segments(text: string, origin: string): Segment[] {
  const found: Segment[] = [];
  let done = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    const [, before = "", candidate = ""] = match;
    const shown = candidate.replace(/[.?#]+$/, "");
    const href = samePath(shown, origin);
    if (href === null) continue;
    const start = (match.index ?? 0) + before.length;
    if (start > done) found.push({ text: text.slice(done, start), href: null });
    found.push({ text: shown, href });
    done = start + shown.length;
  }
  if (done < text.length) found.push({ text: text.slice(done), href: null });
  return found;
}

function samePath(candidate: string, origin: string): string | null {
  let url: URL;
  try {
    url = new URL(candidate, origin);
  } catch {
    return null;
  }
  const safe = url.origin === origin && !url.pathname.startsWith("//") && !candidate.startsWith("//");
  return safe ? url.pathname + url.search + url.hash : null;
}

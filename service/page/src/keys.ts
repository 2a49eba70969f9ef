/** Keys while writing Chinese. */

/** True for the Enter that sends: not with Shift, and not the one that ends an input method's candidate. */
export function isSendKey(event: KeyboardEvent): boolean {
  const composing = event.isComposing || event.keyCode === 229;
  return event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey && !composing;
}

/** The length the server counts: code points, not UTF-16 units. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

/// <reference types="vite/client" />

/** What the bank's own app may give the page it shows: a bearer token for the customer signed in there. */
interface YixianHost {
  token(): Promise<string>;
}

interface Window {
  readonly yixianHost?: YixianHost;
}

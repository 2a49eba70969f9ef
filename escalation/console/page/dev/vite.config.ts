/** The page with the fake desk behind it: `npm run dev` from source, `npm run fake` over the built page with its CSP. */
import type { Server } from "node:http";
import { fileURLToPath } from "node:url";
import { defineConfig, mergeConfig, type Connect, type Plugin } from "vite";

import base from "../vite.config";
import { FakeDesk } from "./fake";

/** As strict as the real server's: nothing inline, nothing from elsewhere. */
const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

function fakeDesk(): Plugin {
  const desk = new FakeDesk();
  const attach = (middlewares: Connect.Server, server: Server | null): void => {
    middlewares.use((request, response, next) => void desk.http(request, response, next));
    server?.on("upgrade", (request, stream, head) => desk.upgrade(request, stream, head));
  };
  return {
    name: "fake-desk",
    configureServer: (server) => attach(server.middlewares, server.httpServer as Server | null),
    configurePreviewServer: (server) => attach(server.middlewares, server.httpServer as Server),
  };
}

export default mergeConfig(
  base,
  defineConfig({
    root: fileURLToPath(new URL("..", import.meta.url)),
    plugins: [fakeDesk()],
    server: { host: "127.0.0.1", strictPort: true },
    preview: { host: "127.0.0.1", strictPort: true, headers: { "Content-Security-Policy": CSP } },
  }),
);

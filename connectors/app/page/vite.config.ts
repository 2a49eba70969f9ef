import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds the API: the fake server, or a real one. */
const api = process.env["API"] ?? "http://127.0.0.1:8791";

export default defineConfig({
  base: "/chat/",
  plugins: [vue()],
  define: { __VUE_OPTIONS_API__: "false", __VUE_PROD_DEVTOOLS__: "false" },
  build: {
    outDir: "dist",
    target: ["es2020", "chrome80", "safari14"],
    // The page's policy allows its own files only: nothing may become a data: address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    // Two pages: the chat at /chat/, and a plan's signing page at /chat/sign/{link}.
    rollupOptions: { input: ["index.html", "sign.html"] },
  },
  server: { proxy: { "/api": { target: api, ws: true } } },
  test: { include: ["test/**/*.test.ts"] },
});

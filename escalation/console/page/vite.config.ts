/** Builds the console into `dist/`, served by the web process under /console/ with a strict CSP. */
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

export default defineConfig({
  base: "/console/",
  plugins: [vue()],
  build: {
    target: "es2022",
    // no data: addresses, no inline script: the page lives under `default-src 'self'`
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      // the libraries change seldom: kept apart, they stay in the agents' caches over our releases
      output: { manualChunks: (id) => (id.includes("node_modules") ? "vendor" : undefined) },
    },
  },
});

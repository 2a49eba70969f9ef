/** The agent's own settings of this browser: theme, sound, side panel. Nothing of customers is stored here. */

import { computed, reactive, watchEffect } from "vue";

export type Theme = "system" | "light" | "dark";

interface Preferences {
  theme: Theme;
  sound: boolean;
  context: boolean;
}

const KEY = "yixian.console.preferences";
const DEFAULTS: Preferences = { theme: "system", sound: true, context: true };

function stored(): Preferences {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return { ...DEFAULTS, ...(value as Partial<Preferences>) };
  } catch {
    return { ...DEFAULTS };
  }
}

export const preferences = reactive(stored());

const NEXT: Readonly<Record<Theme, Theme>> = { system: "light", light: "dark", dark: "system" };
const THEME_NAMES: Readonly<Record<Theme, string>> = { system: "跟随系统", light: "浅色", dark: "深色" };

export const themeName = computed(() => THEME_NAMES[preferences.theme]);

export function nextTheme(): void {
  preferences.theme = NEXT[preferences.theme];
}

/** Keep the page and the browser's storage in step with the settings. */
export function applyPreferences(): void {
  watchEffect(() => {
    const root = document.documentElement;
    if (preferences.theme === "system") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", preferences.theme);
    try {
      localStorage.setItem(KEY, JSON.stringify(preferences));
    } catch {
      // private mode: the settings last as long as the page
    }
  });
}

/** 长辈模式: larger and plainer, remembered on this device. */
import { ref, watch } from "vue";
import { recallTaste, rememberTaste } from "./memory";

export const elder = ref(recallTaste("elder") === true);

watch(
  elder,
  (on) => {
    document.documentElement.toggleAttribute("data-elder", on);
    rememberTaste("elder", on ? true : null);
  },
  { immediate: true },
);

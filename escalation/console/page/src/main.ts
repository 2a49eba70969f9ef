import "@yixian/common/tokens.css";
import "@yixian/common/base.css";
import "./ui/element";
import "./styles/theme.css";
import "./styles/page.css";

import { createApp } from "vue";

import App from "./App.vue";
import { applyPreferences } from "./store/preferences";

applyPreferences();
createApp(App).mount("#app");

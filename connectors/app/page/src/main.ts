/** Starts the chat page. */
import "@yixian/common/tokens.css";
import "@yixian/common/base.css";
import "vant/es/overlay/index.css";
import "vant/es/popup/index.css";
import "vant/es/loading/index.css";
import "vant/es/button/index.css";
import "vant/es/switch/index.css";
import "./page.css";
import { createApp } from "vue";
import App from "./App.vue";
import { followViewport } from "./viewport";

followViewport();
createApp(App).mount("#app");

/** Starts the signing page. */
import "@yixian/common/tokens.css";
import "@yixian/common/base.css";
import "vant/es/button/index.css";
import "./sign.css";
import { createApp } from "vue";
import SignApp from "./SignApp.vue";

createApp(SignApp).mount("#app");

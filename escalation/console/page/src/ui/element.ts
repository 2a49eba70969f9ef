/** The Element Plus parts the console uses, each with its own styles: nothing else of the library is loaded. */

import "element-plus/theme-chalk/base.css";
import "element-plus/theme-chalk/el-button.css";
import "element-plus/theme-chalk/el-dialog.css";
import "element-plus/theme-chalk/el-dropdown-item.css";
import "element-plus/theme-chalk/el-dropdown-menu.css";
import "element-plus/theme-chalk/el-dropdown.css";
import "element-plus/theme-chalk/el-input.css";
import "element-plus/theme-chalk/el-message.css";
import "element-plus/theme-chalk/el-overlay.css";
import "element-plus/theme-chalk/el-popper.css";
import "element-plus/theme-chalk/el-scrollbar.css";
import "element-plus/theme-chalk/el-skeleton-item.css";
import "element-plus/theme-chalk/el-skeleton.css";
import "element-plus/theme-chalk/el-tooltip.css";

export { ElButton } from "element-plus/es/components/button/index.mjs";
export { ElConfigProvider } from "element-plus/es/components/config-provider/index.mjs";
export { ElDialog } from "element-plus/es/components/dialog/index.mjs";
export { ElDropdown, ElDropdownItem, ElDropdownMenu } from "element-plus/es/components/dropdown/index.mjs";
export { ElInput } from "element-plus/es/components/input/index.mjs";
export { ElMessage } from "element-plus/es/components/message/index.mjs";
export { ElSkeleton } from "element-plus/es/components/skeleton/index.mjs";
export { ElTooltip } from "element-plus/es/components/tooltip/index.mjs";
export { default as zhCn } from "element-plus/es/locale/lang/zh-cn.mjs";

/**
 * A stand-in for the customer's API, for working on the page without the bank: `node dev/fake-server.mjs [port]`.
 * Serves the built page at /chat/ under the strict policy it must live with, and the contract of
 * /api/app/v1 with a scripted bot and a scripted agent. Nothing here is shipped or imported by the page.
 *
 * Say: 查账单 · 提前还款 · 转人工 · 取消排队 · 结束 · 断线 (sockets drop) · 故障 (503 three times) ·
 * 长文 · 卡片 · 链接 · 多条 · 机器人 (an agent hands back).
 */
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { randomUUID } from "node:crypto";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { acceptSocket } from "./tiny-ws.mjs";

const PORT = Number(process.argv[2] ?? process.env.PORT ?? 8791);
const SLOW = Number(process.env.SLOW ?? 1);
const DIST = fileURLToPath(new URL("../../../connectors/app/page/dist/", import.meta.url));
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

const CUSTOMERS = [
  ["C0001", "王*芳", "随心借正常还款中，本月账单待还"],
  ["C0002", "李*", "随心花账单三天后到期"],
  ["C0003", "张*强", "随心借逾期 12 天"],
  ["C0004", "陈*华", "逾期 65 天，失业，符合困难情形"],
  ["C0005", "刘*英", "72 岁，有定期存款，习惯打电话"],
  ["C0006", "赵*", "对一笔扣款有异议，争议处理中"],
  ["C0007", "周*敏", "已办理两次还款方案"],
  ["C0008", "吴*军", "只有活期盈，没有借款"],
];

const conversations = new Map();
const ownerOpen = new Map();
let failures = 0;

// --- tokens ------------------------------------------------------------------------------------

const base64 = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

function issue(sub) {
  const iat = Math.floor(Date.now() / 1000);
  const life = Number(process.env.TOKEN_LIFE ?? 600);
  return `${base64({ alg: "none" })}.${base64({ sub, aud: "yixian-app", iat, exp: iat + life })}.fake`;
}

function subjectOf(token, lenient = false) {
  try {
    const { sub, exp } = JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());
    return lenient || exp * 1000 > Date.now() ? sub : null;
  } catch {
    return null;
  }
}

const bearer = (request) => (request.headers.authorization ?? "").replace(/^Bearer /, "");

// --- a conversation ----------------------------------------------------------------------------

function open(owner) {
  const known = conversations.get(ownerOpen.get(owner));
  if (known && known.desk.state !== "closed") return { id: known.id, resumed: true };
  const one = {
    id: randomUUID(), owner, events: [], byClientId: new Map(), peers: new Set(), waiting: new Set(),
    desk: { state: "bot", position: null, agent_name: null }, timers: [],
  };
  conversations.set(one.id, one);
  ownerOpen.set(owner, one.id);
  return { id: one.id, resumed: false };
}

function append(one, fields) {
  const event = {
    seq: one.events.length + 1, type: "message", sender: "bot", text: "", buttons: [], card: null,
    client_msg_id: null, agent_name: null, at: new Date().toISOString(), ...fields,
  };
  one.events.push(event);
  for (const peer of one.peers) peer.send({ type: "event", event });
  for (const wake of one.waiting) wake();
  return event;
}

function move(one, state, text, extra = {}) {
  one.desk = { state, position: null, agent_name: null, ...extra };
  append(one, { type: "desk", sender: "system", text, card: { kind: "desk", desk: state }, agent_name: extra.agent_name ?? null });
  tellDesk(one);
}

function tellDesk(one) {
  for (const peer of one.peers) peer.send({ type: "desk", desk: one.desk });
  for (const wake of one.waiting) wake();
}

function typing(one, sender, on) {
  for (const peer of one.peers) peer.send({ type: "typing", sender, on });
}

const later = (one, ms, task) => one.timers.push(setTimeout(task, ms * SLOW));

function say(one, replies, sender = "bot") {
  typing(one, sender, true);
  later(one, 700, () => {
    typing(one, sender, false);
    for (const reply of replies) append(one, { sender, agent_name: sender === "agent" ? one.desk.agent_name : null, ...reply });
  });
}

function choice(title) {
  return { title, payload: `b_${randomUUID().slice(0, 8)}` };
}

// --- the script --------------------------------------------------------------------------------

const BILL = {
  kind: "bill", title: "随心借 本期账单",
  rows: [
    { label: "本期应还", value: "1,286.40 元" }, { label: "其中本金", value: "1,100.00 元" },
    { label: "利息", value: "186.40 元" }, { label: "还款日", value: "3月15日" }, { label: "剩余期数", value: "8 / 12 期" },
  ],
  note: "还款日 22:00 前还清即为按时还款。",
};

const ANSWERS = [
  [/账单/, () => [
    { text: "这是您本期的账单：", card: BILL },
    { text: "需要我帮您做点什么？", buttons: ["立即还款", "提前还款", "修改还款日"].map(choice) },
  ]],
  [/提前还款/, () => [{
    text: "可以随时提前还款，不收违约金，利息算到还款当天。\n\n您想怎么还？",
    buttons: ["一次性结清", "只还一部分", "先看看要还多少"].map(choice),
  }]],
  [/卡片|多少|结清/, () => [{
    text: "按今天结清计算：",
    card: { kind: "rows", title: "提前结清试算", rows: [
      { label: "剩余本金", value: "8,800.00 元" }, { label: "当期利息", value: "41.25 元" },
      { label: "违约金", value: "0.00 元" }, { label: "合计", value: "8,841.25 元" },
    ], note: "试算结果以还款当日为准。" },
  }]],
  [/链接/, () => [{ text: "意见和建议可以写到 /feedback ，也可以看看 https://example.com/not-ours 。" }]],
  [/长文/, () => [{ text: Array.from({ length: 12 }, (_, i) => `${i + 1}. 还款日当天会分三次从绑定银行卡自动扣款，请保证余额充足。`).join("\n") }]],
  [/多条/, () => ["第一条", "第二条", "第三条"].map((text) => ({ text }))],
  [/怎么还款|还款/, () => [{
    text: "还款有两种方式：\n1. 自动扣款：还款日从绑定的银行卡扣。\n2. 主动还款：App 首页 → 借款 → 还款。",
    buttons: ["查账单", "扣款失败了", "转人工"].map(choice),
  }]],
];

function queue(one) {
  move(one, "queued", "已为您转接人工，正在排队。", { position: 3 });
  for (const [ms, position] of [[3000, 2], [6000, 1]]) {
    later(one, ms, () => {
      one.desk = { ...one.desk, position };
      tellDesk(one);
    });
  }
  later(one, 9000, () => {
    move(one, "human", "坐席 小林 已接入，为您服务。", { agent_name: "小林" });
    say(one, [{ text: "您好，我是坐席小林。您刚才和智能客服说的我已经看到了，正在帮您核实。" }], "agent");
  });
}

function stopTimers(one) {
  one.timers.splice(0).forEach(clearTimeout);
}

function answer(one, text) {
  if (/^断线/.test(text)) return [...one.peers].forEach((peer) => peer.drop());
  if (/^结束/.test(text)) return stopTimers(one), move(one, "closed", "会话已结束，感谢您的咨询。");
  if (one.desk.state === "queued") {
    if (/取消排队/.test(text)) stopTimers(one), move(one, "bot", "已取消排队，智能客服继续为您服务。");
    return;
  }
  if (one.desk.state === "human") {
    if (/机器人/.test(text)) return move(one, "bot", "已转回智能客服。");
    return say(one, [{ text: `收到：“${text.slice(0, 30)}”，请稍等，我查一下。` }], "agent");
  }
  if (/人工/.test(text)) return queue(one);
  const found = ANSWERS.find(([pattern]) => pattern.test(text));
  say(one, found ? found[1]() : [{ text: "我想确认一下，您是想问下面哪一个？", buttons: ["怎么还款", "查账单", "转人工"].map(choice) }]);
}

// --- HTTP --------------------------------------------------------------------------------------

function reply(response, status, body, headers = {}) {
  response.writeHead(status, { "Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store", ...headers });
  response.end(JSON.stringify(body));
}

const refuse = (response, status, code, message, headers) => reply(response, status, { error: { code, message } }, headers);

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return chunks.length ? JSON.parse(Buffer.concat(chunks).toString()) : {};
}

async function message(request, response, one) {
  const body = await bodyOf(request);
  if (failures > 0) return failures--, refuse(response, 503, "busy", "系统繁忙，请稍后再试");
  const known = one.byClientId.get(body.client_msg_id);
  if (known) return reply(response, 202, { seq: known });
  if (one.desk.state === "closed") return refuse(response, 409, "conversation_closed", "这次会话已经结束，请开始新会话");
  const buttons = one.events.flatMap((event) => event.buttons);
  const text = body.text ?? buttons.find((button) => button.payload === body.payload)?.title;
  if (!text) return refuse(response, 422, "unknown_button", "这个选项已失效，请重新选择或直接输入");
  if ([...text].length > 2000) return refuse(response, 413, "too_long", "内容太长，请分成几条发送");
  if (/^故障/.test(text)) failures = 3;
  const event = append(one, { sender: "customer", text, client_msg_id: body.client_msg_id });
  one.byClientId.set(body.client_msg_id, event.seq);
  reply(response, 202, { seq: event.seq });
  answer(one, text);
}

function events(response, one, after, wait) {
  const done = () => {
    clearTimeout(timer);
    one.waiting.delete(done);
    reply(response, 200, { events: one.events.slice(after), last_seq: one.events.length, desk: one.desk });
  };
  const timer = setTimeout(done, wait * 1000);
  one.waiting.add(done);
  response.on("close", () => one.waiting.delete(done));
  if (one.events.length > after || wait === 0) done();
}

async function api(request, response, url) {
  const route = `${request.method} ${url.pathname.slice("/api/app/v1".length)}`;
  if (route === "GET /demo/customers") {
    return reply(response, 200, { customers: CUSTOMERS.map(([customer_id, name, summary]) => ({ customer_id, name, summary })) });
  }
  if (route === "POST /demo/token") return reply(response, 200, { token: issue((await bodyOf(request)).customer_id) });
  if (route === "POST /guest") {
    return reply(response, 200, { token: issue(subjectOf(bearer(request), true) ?? `guest-${randomUUID()}`) });
  }
  const owner = subjectOf(bearer(request));
  if (!owner) return refuse(response, 401, "unauthorized", "登录已过期，请重新进入");
  if (route === "POST /conversations") return reply(response, 201, open(owner));
  const [, id, action] = /^\/conversations\/([^/]+)\/(\w+)$/.exec(route.split(" ")[1]) ?? [];
  const one = conversations.get(id);
  if (!one) return refuse(response, 404, "not_found", "没有找到这个会话");
  if (one.owner !== owner) return refuse(response, 403, "forbidden", "这不是您的会话");
  if (action === "messages" && request.method === "POST") return message(request, response, one);
  if (action === "events") return events(response, one, Number(url.searchParams.get("after")), Number(url.searchParams.get("wait") ?? 0));
  refuse(response, 404, "not_found", "没有这个地址");
}

function page(response, path) {
  const file = normalize(join(DIST, path === "/" ? "index.html" : path));
  if (!file.startsWith(DIST) || !existsSync(file) || !statSync(file).isFile()) return refuse(response, 404, "not_found", "没有这个页面");
  response.writeHead(200, {
    "Content-Type": TYPES[extname(file)] ?? "application/octet-stream", "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
  });
  createReadStream(file).pipe(response);
}

const server = createServer((request, response) => {
  const url = new URL(request.url, "http://localhost");
  if (url.pathname.startsWith("/api/app/v1/")) {
    api(request, response, url).catch(() => refuse(response, 400, "bad_request", "请求有误"));
  } else if (url.pathname === "/chat" || url.pathname === "/") {
    response.writeHead(302, { Location: "/chat/" }).end();
  } else if (url.pathname.startsWith("/chat/")) page(response, url.pathname.slice(5));
  else refuse(response, 404, "not_found", "没有这个页面");
});

server.on("upgrade", (request, socket) => {
  const url = new URL(request.url, "http://localhost");
  const one = conversations.get(/conversations\/([^/]+)\/ws$/.exec(url.pathname)?.[1]);
  if (process.env.NO_WS) return socket.destroy();
  const peer = acceptSocket(request, socket, (text) => {
    const owner = subjectOf(JSON.parse(text).token);
    if (!one) return peer.close(4404);
    if (!owner) return peer.close(4401);
    if (owner !== one.owner) return peer.close(4403);
    if (one.peers.has(peer)) return;
    one.peers.add(peer);
    for (const event of one.events.slice(Number(url.searchParams.get("after") ?? 0))) peer.send({ type: "event", event });
    peer.send({ type: "desk", desk: one.desk });
  });
  peer.drop = () => socket.destroy();
  const ping = setInterval(() => peer.send({ type: "ping" }), 20_000);
  peer.onClose = () => {
    clearInterval(ping);
    one?.peers.delete(peer);
  };
});

server.listen(PORT, "127.0.0.1", () => console.log(`fake server: http://127.0.0.1:${PORT}/chat/`));

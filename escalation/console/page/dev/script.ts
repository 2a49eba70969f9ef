/** The made-up desk of the fake server: a handful of conversations in every state. Times are relative to the start. */

import type { Card, ChatEvent, Handover, Note, Sender, Summary } from "../src/api/contract";

export interface FakeConversation {
  summary: Summary;
  events: ChatEvent[];
  notes: Note[];
  handover: Handover | null;
}

type Line = [sender: Sender, text: string, secondsAgo: number, card?: Card | null, buttons?: string[]];

const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();

export function event(seq: number, [sender, text, seconds, card, buttons]: Line): ChatEvent {
  return {
    seq,
    type: card?.kind === "desk" ? "desk" : "message",
    sender,
    text,
    buttons: (buttons ?? []).map((title, index) => ({ title, payload: `b${seq}-${index}` })),
    card: card ?? null,
    client_msg_id: null,
    agent_name: sender === "agent" ? "小林" : null,
    at: ago(seconds),
  };
}

const BILL: Card = {
  kind: "bill",
  title: "随心借 6 月账单",
  rows: [
    { label: "本期应还", value: "1,286.40 元" },
    { label: "其中本金", value: "1,105.17 元" },
    { label: "其中利息", value: "181.23 元" },
    { label: "还款日", value: "6 月 18 日" },
  ],
  note: "数据为演示",
};

function conversation(
  part: Partial<Summary> & Pick<Summary, "id" | "desk">,
  lines: Line[],
  more: { handover?: Handover; notes?: Note[] } = {},
): FakeConversation {
  const events = lines.map((line, index) => event(index + 1, line));
  const said = events.filter((one) => one.type === "message").at(-1);
  return {
    events,
    notes: more.notes ?? [],
    handover: more.handover ?? null,
    summary: {
      channel: "app",
      epoch: 1,
      customer: { masked_name: "王*芳", customer_id: "C0001", identity: "verified" },
      reason: more.handover?.reason ?? null,
      priority: 10,
      waiting_since: null,
      claimed_at: null,
      agent: null,
      last_message: said ? { sender: said.sender, text: said.text, at: said.at } : null,
      last_seq: events.length,
      position: null,
      unread: 0,
      tickets: [],
      ...part,
    },
  };
}

const TO_HUMAN = (seconds: number): Line => [
  "system",
  "已为您转接人工，请稍候",
  seconds,
  { kind: "desk", desk: "queued" },
];
const JOINED = (seconds: number): Line => [
  "system",
  "坐席 小林 已接入",
  seconds,
  { kind: "desk", desk: "human" },
];

function handover(
  code: string,
  label: string,
  asked: string,
  answered: string,
  facts: [string, string][],
  at: number,
): Handover {
  return {
    reason: { code, label },
    asked,
    answered,
    facts: facts.map(([l, value]) => ({ label: l, value })),
    at: ago(at),
  };
}

export function desk(me: { id: string; name: string }): FakeConversation[] {
  return [
    conversation(
      { id: "01J0A1", desk: "human", epoch: 3, agent: me, claimed_at: ago(340), unread: 1, priority: 20 },
      [
        ["customer", "你好，我这个月可能还不上了", 620],
        ["bot", "您好，我是智能助手小一。您这个月的账单是这样的：", 618, BILL],
        ["bot", "如果一时周转不开，可以看看这几种办法。", 617, null, ["延后还款日", "分期还", "转人工"]],
        ["customer", "延后还要收利息吗？我上个月刚住院", 560],
        ["bot", "延后期间按日计息，具体以协议为准。您提到身体情况，我请人工同事来帮您看看。", 558],
        TO_HUMAN(555),
        JOINED(340),
        [
          "agent",
          "王女士您好，我是坐席小林。您的情况我看到了，先不用着急。\n我来帮您查一下能申请的方案，大概两分钟。",
          330,
        ],
        ["customer", "好的，谢谢", 300],
        ["customer", "需要我提供住院的材料吗？", 42],
      ],
      {
        handover: handover(
          "negotiation",
          "协商还款",
          "延后还要收利息吗？我上个月刚住院",
          "延后期间按日计息，具体以协议为准。您提到身体情况，我请人工同事来帮您看看。",
          [
            ["产品", "随心借"],
            ["本期应还", "1,286.40 元"],
            ["还款日", "6 月 18 日"],
            ["逾期", "未逾期"],
            ["困难情形", "住院（客户自述）"],
          ],
          555,
        ),
        notes: [{ id: "n1", agent_name: "小陈", text: "上次来电已说明住院，材料还没交。", at: ago(335) }],
      },
    ),
    conversation(
      {
        id: "01J0A2",
        desk: "human",
        epoch: 3,
        agent: me,
        claimed_at: ago(1500),
        channel: "wechat",
        customer: { masked_name: "李*", customer_id: "C0014", identity: "bound" },
      },
      [
        ["customer", "我要投诉，你们昨天给我单位打电话", 1800],
        ["bot", "非常抱歉给您带来困扰，我马上请人工同事处理。", 1799],
        TO_HUMAN(1798),
        JOINED(1500),
        ["agent", "李先生您好，我已经登记了您反映的情况，会在一个工作日内给您答复。", 600],
      ],
      {
        handover: handover(
          "collection_conduct",
          "催收行为",
          "我要投诉，你们昨天给我单位打电话",
          "非常抱歉给您带来困扰，我马上请人工同事处理。",
          [["渠道账号", "已绑定"]],
          1798,
        ),
      },
    ),
    conversation(
      {
        id: "01J0Q1",
        desk: "queued",
        epoch: 2,
        waiting_since: ago(42),
        priority: 90,
        position: 1,
        customer: { masked_name: "陈*明", customer_id: "C0007", identity: "verified" },
      },
      [
        ["customer", "刚刚有一笔 3000 的转账不是我操作的！！", 60],
        ["bot", "请先别着急。我已为您转接人工，请不要向任何人透露短信验证码。", 58],
        TO_HUMAN(42),
        ["customer", "快点", 20],
      ],
      {
        handover: handover(
          "fraud",
          "疑似盗用或诈骗",
          "刚刚有一笔 3000 的转账不是我操作的！！",
          "请先别着急。我已为您转接人工，请不要向任何人透露短信验证码。",
          [
            ["涉及金额", "3,000.00 元"],
            ["时间", "今天 10:21"],
          ],
          42,
        ),
      },
    ),
    conversation(
      {
        id: "01J0Q2",
        desk: "queued",
        epoch: 2,
        waiting_since: ago(205),
        priority: 60,
        position: 2,
        channel: "weibo",
        customer: { masked_name: "阿**·努尔", customer_id: null, identity: "none" },
      },
      [
        ["customer", "征信上多了一条逾期，我从来没逾期过，你们必须给个说法", 260],
        ["bot", "抱歉，这个问题需要人工核实。", 258],
        TO_HUMAN(205),
      ],
      {
        handover: handover(
          "complaint",
          "投诉",
          "征信上多了一条逾期，我从来没逾期过，你们必须给个说法",
          "抱歉，这个问题需要人工核实。",
          [],
          205,
        ),
      },
    ),
    conversation(
      {
        id: "01J0Q3",
        desk: "queued",
        epoch: 2,
        waiting_since: ago(96),
        priority: 10,
        position: 3,
        channel: "wechat",
        customer: { masked_name: "赵*", customer_id: "C0022", identity: "bound" },
      },
      [["customer", "转人工", 100], TO_HUMAN(96)],
      { handover: handover("customer_asked", "客户要求人工", "转人工", "", [], 96) },
    ),
    conversation(
      {
        id: "01J0B1",
        desk: "bot",
        customer: { masked_name: "周*琪", customer_id: "C0003", identity: "verified" },
      },
      [
        ["customer", "提前还款要手续费吗", 30],
        ["bot", "随心借提前还款不收手续费，利息按实际天数算到还款当天。", 29],
      ],
    ),
    conversation({ id: "01J0B2", desk: "bot", channel: "wechat", customer: null }, [
      ["customer", "怎么开户", 300],
      ["bot", "在 App 首页点「开户」，准备好身份证和一张他行银行卡即可。", 299],
    ]),
    conversation(
      {
        id: "01J0C1",
        desk: "closed",
        epoch: 4,
        agent: me,
        claimed_at: ago(90_000),
        customer: { masked_name: "孙*", customer_id: "C0030", identity: "verified" },
      },
      [
        ["customer", "扣款扣了两次", 90_500],
        TO_HUMAN(90_400),
        JOINED(90_000),
        ["agent", "已核实是银行卡重复展示，实际只扣一次。", 89_000],
        ["customer", "明白了谢谢", 88_900],
        ["system", "会话已结束", 88_800, { kind: "desk", desk: "closed" }],
      ],
      { handover: handover("charge_dispute", "扣款争议", "扣款扣了两次", "", [], 90_400) },
    ),
  ];
}

import { expect, it } from "vitest";
import { readEvent, readFrame, readPage } from "../src/wire";

it("fields the server leaves out get their empty value", () => {
  expect(readEvent({ seq: 3, type: "message", sender: "bot", text: "您好", at: "2025-03-05T02:32:00Z" })).toEqual({
    seq: 3, type: "message", sender: "bot", text: "您好", buttons: [], card: null, client_msg_id: null, agent_name: null,
    at: "2025-03-05T02:32:00Z",
  });
});

it("what cannot be read is left out, never guessed", () => {
  expect(readEvent({ seq: "3" })).toBeNull();
  expect(readFrame("not json")).toBeNull();
  expect(readFrame(new ArrayBuffer(1))).toBeNull();
  expect(readFrame('{"type":"news"}')).toBeNull();
  expect(readFrame('{"type":"desk","desk":{"state":"elsewhere"}}')).toBeNull();
  expect(readPage(null)).toEqual({ events: [], last_seq: 0, desk: null, notice: null });
  const shown = readEvent({ seq: 1, sender: "bot", text: "", buttons: [{ title: "无号" }, null], card: { rows: [] } });
  expect(shown?.buttons).toEqual([]);
  expect(shown?.card).toBeNull();
});

it("an unknown sender is a notice, never the bot or a person", () => {
  expect(readEvent({ seq: 1, sender: "boss", text: "x" })?.sender).toBe("system");
});

it("frames are read by their type", () => {
  expect(readFrame('{"type":"desk","desk":{"state":"queued","position":2}}')).toEqual({
    type: "desk", desk: { state: "queued", position: 2, agent_name: null },
  });
  expect(readFrame('{"type":"typing","sender":"agent","on":true}')).toEqual({ type: "typing", sender: "agent", on: true });
  expect(readFrame('{"type":"event","event":{"seq":1,"sender":"bot","text":"a"}}')?.type).toBe("event");
});

it("an offer's card is read whole; a link leads nowhere but to this site", () => {
  const card = {
    kind: "offer", title: "分 12 期", lines: [{ label: "每月", value: "1,234.56 元" }], total: "14,814.72 元", yearly: "12.00%",
    valid_until: "2026-12-01", schedule: [{ no: 1, day: "2026-12-15", amount: "1,234.56 元" }],
    cost_table: [{ name: "利息", payee: "一线银行", amount: "814.72 元" }], link: "/chat/sign/abc", link_title: "查看并签署",
  };
  const shown = readEvent({ seq: 1, sender: "bot", text: "", card })?.card;
  expect(shown?.rows).toEqual([{ label: "每月", value: "1,234.56 元" }]);
  expect(shown?.offer?.schedule).toEqual([{ no: "1", day: "2026-12-15", amount: "1,234.56 元" }]);
  expect(shown?.offer?.costs[0]?.payee).toBe("一线银行");
  expect(shown?.link).toBe("/chat/sign/abc");
  for (const link of ["//evil.example/x", "https://evil.example", "javascript:alert(1)", "/\\evil.example", 7]) {
    expect(readEvent({ seq: 1, sender: "bot", text: "", card: { ...card, link } })?.card?.link).toBeUndefined();
  }
});

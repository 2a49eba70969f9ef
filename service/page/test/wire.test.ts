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

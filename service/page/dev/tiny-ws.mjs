/** The few lines of RFC 6455 the fake server needs: accept, text frames both ways, close. Development only. */
import { createHash } from "node:crypto";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** Accepts the upgrade; `onText` gets each text frame. Returns {send(object), close(code), onClose}. */
export function acceptSocket(request, socket, onText) {
  const accept = createHash("sha1").update(request.headers["sec-websocket-key"] + GUID).digest("base64");
  socket.write(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  const peer = { onClose: () => undefined, send, close };
  let buffered = Buffer.alloc(0);

  function send(content) {
    write(1, Buffer.from(JSON.stringify(content)));
  }

  function close(code) {
    const payload = Buffer.alloc(2);
    payload.writeUInt16BE(code);
    write(8, payload);
    socket.end();
  }

  function write(opcode, payload) {
    if (socket.destroyed) return;
    const length = payload.length;
    const head = length < 126 ? Buffer.from([0x80 | opcode, length]) : Buffer.from([0x80 | opcode, 126, length >> 8, length & 255]);
    socket.write(Buffer.concat([head, payload]));
  }

  function read(chunk) {
    buffered = Buffer.concat([buffered, chunk]);
    for (let frame = nextFrame(buffered); frame; frame = nextFrame(buffered)) {
      buffered = buffered.subarray(frame.size);
      if (frame.opcode === 1) onText(frame.payload.toString());
      else if (frame.opcode === 8) socket.end();
    }
  }

  socket.on("data", read);
  socket.on("error", () => socket.destroy());
  socket.on("close", () => peer.onClose());
  return peer;
}

/** The first whole masked frame in `data`, or null. Messages of development fit one frame of 64 kB. */
function nextFrame(data) {
  if (data.length < 2) return null;
  const short = data[1] & 127;
  const at = short === 126 ? 4 : 2;
  if (data.length < at) return null;
  const length = short === 126 ? data.readUInt16BE(2) : short;
  const size = at + 4 + length;
  if (data.length < size) return null;
  const mask = data.subarray(at, at + 4);
  const payload = Buffer.from(data.subarray(at + 4, size).map((byte, i) => byte ^ mask[i % 4]));
  return { opcode: data[0] & 15, payload, size };
}

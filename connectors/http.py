"""What every HTTP edge shares: a bounded body, JSON in and out, and the errors of both."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from conversation.errors import BadRequest

MAX_BODY = 64 * 1024
MAX_FRAME = 8 * 1024
SEND_SECONDS = 10.0

T = TypeVar("T")


class NotJson(BadRequest):
    """请求内容不是合法的 JSON，请检查格式。"""

    code = "malformed_json"


class WrongShape(BadRequest):
    """请求里缺少字段或字段类型不对。"""

    code = "wrong_shape"


class BodyTooLarge(BadRequest):
    """请求内容太大了。"""

    code = "body_too_large"
    status = 413


class Limiter(Protocol):
    def allow(self, key: str, cost: float = 1) -> bool:
        """False when this key has spent what it may for now; what is refused costs nothing."""


async def read_body(request: Request, limit: int = MAX_BODY) -> bytes:
    """The body, cut off with an error beyond the limit (bytes) instead of read into memory."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise BodyTooLarge()
        chunks.append(chunk)
    return b"".join(chunks)


def parse_body(body: bytes, shape: type[T]) -> T:
    """NotJson or WrongShape when it is not what was asked for."""
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        raise WrongShape(f"请求字段不对：{error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotJson() from error


def json_response(value: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")


async def receive_frame(socket: WebSocket) -> bytes:
    """The next text frame as UTF-8; BadRequest for a binary or large one, WebSocketDisconnect at the end."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message["code"])
    text = message.get("text")
    if text is None or len(text) > MAX_FRAME:
        raise BadRequest()
    return str(text).encode("utf-8", "surrogatepass")


async def send_frame(socket: WebSocket, frame: Any) -> None:
    """One JSON text frame; TimeoutError for a reader who does not read."""
    await asyncio.wait_for(socket.send_text(msgspec.json.encode(frame).decode()), SEND_SECONDS)


async def close_socket(socket: WebSocket, code: int) -> None:
    """Close if it still can be."""
    try:
        await asyncio.wait_for(socket.close(code), 2.0)
    except (RuntimeError, asyncio.TimeoutError, OSError):
        return

"""Words responses: like Rasa's templates, but a missing text or value is an error, never silence or "None"."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator

from bot.turn import current_turn

_PLACEHOLDER = re.compile(r"{([^\n{}]+?)}")


class BadResponse(ValueError):
    """A response that does not exist, or whose text needs a value nobody has set."""


class Responses(TemplatedNaturalLanguageGenerator):  # type: ignore[misc]
    """The model's responses, by channel and condition as in Rasa."""

    def _random_response_for(
        self, utter_action: str, output_channel: str, filled_slots: dict[str, Any]
    ) -> dict[str, Any]:
        """A variation picked by the turn, not by chance: a turn run again, or replayed, says the same."""
        if utter_action not in self.responses:
            raise BadResponse(f"no response {utter_action}")
        variations: list[dict[str, Any]] = ResponseVariationFilter(self.responses).responses_for_utter_action(
            utter_action, output_channel, filled_slots
        )
        if not variations:
            raise BadResponse(f"no variation of {utter_action} for channel {output_channel}")
        return variations[pick(current_turn().turn_id, utter_action, len(variations))]

    def _fill_response(
        self, response: dict[str, Any], filled_slots: dict[str, Any] | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        values = {**(filled_slots or {}), **kwargs}
        missing = [name for name in placeholders(response) if values.get(name) is None]
        if missing:
            raise BadResponse(f"no value for {', '.join(missing)}")
        filled: dict[str, Any] = super()._fill_response(response, filled_slots, **kwargs)
        return filled


def pick(turn_id: str, response: str, count: int) -> int:
    """Which of ``count`` variations this turn uses: evenly spread, always the same for the same turn."""
    digest = hashlib.blake2b(f"{turn_id} {response}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % count


def placeholders(response: dict[str, Any]) -> list[str]:
    """Names the text and the button titles of a response expect."""
    texts = [
        response.get("text") or "",
        *(button.get("title") or "" for button in response.get("buttons") or ()),
    ]
    return [name for text in texts for name in _PLACEHOLDER.findall(text)]

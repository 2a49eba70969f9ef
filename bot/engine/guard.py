"""Keeps what customers type from being read as a command.

Rasa's ``RegexMessageHandler`` is always in the graph and takes ``/restart`` or ``/plan{"amount":1}`` as a
certain intent, whoever wrote it. It looks at the text after the pipeline, so whatever the pipeline might
fold (full-width forms) or drop (zero-width characters, punctuation) in front of a slash counts too.
"""

from __future__ import annotations

#: U+002F, what NFKC folds into it, and the look-alikes a normaliser may map to it.
SLASHES = frozenset("/／∕⁄╱⧸")
#: One code point that no normalisation form changes, that ``str.strip`` keeps, and that means nothing.
HARMLESS = "、"


def neutralise(text: str) -> str:
    """The text with every slash before its first letter or digit made harmless; same length.

    To be called on normalised text, last before Rasa sees it.
    """
    end = next((at for at, char in enumerate(text) if char.isalnum()), len(text))
    head = "".join(HARMLESS if char in SLASHES else char for char in text[:end])
    return head + text[end:]

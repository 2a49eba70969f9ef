"""What must be set before Rasa is imported: no TensorFlow, no telemetry, no customer's words in the log.

Must not import Rasa at module level.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import MutableMapping
from typing import Any

from bot.engine import tensorflow_stub

#: Loggers that repeat what the engine reports itself, with the customer's data in the traceback.
_NOISY = ("rasa.core.processor", "rasa.core.actions", "rasa_sdk.executor")
#: Keys of a log entry that never hold what people wrote.
_SAFE_KEYS = frozenset({"event", "event_info", "level", "action_name", "filename"})


def prepare(stub_tensorflow: bool = True) -> None:
    """Make the process ready for Rasa. Idempotent.

    ``stub_tensorflow=False`` is for pipelines with neural networks and for comparing with stock Rasa.
    """
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault(
        "PYPINYIN_NO_PHRASES", "true"
    )  # 45 MB for readings in phrases, which nobody asks for
    if stub_tensorflow:
        tensorflow_stub.install()
    for name in ("rasa", "rasa_sdk"):
        logging.getLogger(name).setLevel(logging.ERROR)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    import sanic.app  # noqa: F401  (puts a warning filter in front when imported: let it do so before ours)

    for category in (DeprecationWarning, FutureWarning, PendingDeprecationWarning):
        warnings.filterwarnings("ignore", category=category)
    warnings.filterwarnings("ignore", module=r"rasa\.|rasa$")
    warnings.filterwarnings("ignore", message="Deprecated API features detected")  # Rasa's use of SQLAlchemy


def silence_rasa_loggers() -> None:
    """Give every imported Rasa module a structlog logger of our own, whatever structlog is set to.

    Unconfigured, structlog prints Rasa's debug events to stdout, the customer's text among them.
    """
    import structlog

    quiet = structlog.wrap_logger(
        logging.getLogger("rasa"),
        processors=[
            only_safe_keys,
            structlog.stdlib.filter_by_level,
            structlog.processors.KeyValueRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        cache_logger_on_first_use=True,
    )
    for name, module in list(sys.modules.items()):
        if name.startswith("rasa.") and hasattr(module, "structlogger"):
            module.structlogger = quiet  # type: ignore[attr-defined]


def only_safe_keys(logger: object, method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """structlog processor: drop everything that could carry a customer's words."""
    return {key: value for key, value in entry.items() if key in _SAFE_KEYS}

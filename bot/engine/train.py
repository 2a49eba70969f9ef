"""Trains a model without TensorFlow: what ``rasa train`` does, in a third of the memory.

``python -m bot.engine.train [--out bot/models] [--name NAME]`` from the repo root; training is skipped when
neither data nor configuration has changed, and says so.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.engine.errors import EngineError
from bot.engine.prepare import prepare, silence_rasa_loggers


def train(
    config: Path, domain: Path, data: Path, out: Path, name: str | None = None, stub_tensorflow: bool = True
) -> Path:
    """Train if anything changed; the archive that is current afterwards. EngineError if training fails."""
    prepare(stub_tensorflow)
    sys.path[:0] = [] if os.getcwd() in sys.path else [os.getcwd()]  # for the components in config
    import rasa.engine.recipes.default_components  # noqa: F401  (so that its loggers exist)
    from rasa.model_training import train as rasa_train

    silence_rasa_loggers()
    out.mkdir(parents=True, exist_ok=True)
    result = rasa_train(
        domain=str(domain),
        config=str(config),
        training_files=str(data),
        output=str(out),
        fixed_model_name=name,
    )
    if result.code != 0 or result.model is None:
        raise EngineError(f"training ended with code {result.code}")
    return Path(result.model)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, default=Path("config.yml"))
    parser.add_argument("--domain", type=Path, default=Path("domain.yml"))
    parser.add_argument("--data", type=Path, default=Path("bot/data"))
    parser.add_argument("--out", type=Path, default=Path("bot/models"))
    parser.add_argument("--name", default=None, help="file name of the model; a time stamp if not given")
    options = parser.parse_args(arguments)
    print(train(options.config, options.domain, options.data, options.out, options.name))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Token buckets in memory: how much one key may do in this process. Old keys are forgotten."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

MAX_KEYS = 50_000


class TokenBuckets:
    """``burst`` at once, then ``rate`` a second, for each key."""

    def __init__(self, burst: int, rate: float) -> None:
        self._burst = burst
        self._rate = rate
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def allow(self, key: str, cost: float = 1) -> bool:
        """What costs more than the whole burst needs a full bucket."""
        cost = min(cost, float(self._burst))
        now = time.monotonic()
        with self._lock:
            tokens, at = self._buckets.pop(key, (float(self._burst), now))
            tokens = min(float(self._burst), tokens + (now - at) * self._rate)
            allowed = tokens >= cost
            self._buckets[key] = (tokens - cost if allowed else tokens, now)
            if len(self._buckets) > MAX_KEYS:
                self._buckets.popitem(last=False)
        return allowed

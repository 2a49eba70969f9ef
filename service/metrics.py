"""Prometheus metrics on a listener of their own, read from the database when scraped."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from conversation.store.reading import Reading


class JournalCollector(Collector):
    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def collect(self) -> Iterator[GaugeMetricFamily]:
        desks = GaugeMetricFamily("yixian_conversations", "Conversations by desk", labels=["desk"])
        for desk, count in self._reading.counts().items():
            if desk != "mine":
                desks.add_metric([desk], count)
        yield desks
        backlog = self._reading.backlog()
        yield GaugeMetricFamily("yixian_open_turns", "Turns waiting or running", value=backlog.open_turns)
        yield GaugeMetricFamily(
            "yixian_oldest_open_turn_seconds",
            "Age of the oldest unanswered turn",
            value=backlog.oldest_seconds,
        )
        yield GaugeMetricFamily("yixian_outbox_pending", "Effects not acknowledged yet", value=backlog.outbox)


def serve_metrics(reading: Reading, host: str, port: int) -> None:
    registry = CollectorRegistry()
    registry.register(JournalCollector(reading))
    start_http_server(port, addr=host, registry=registry)

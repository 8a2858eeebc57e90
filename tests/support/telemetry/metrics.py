"""Metrics of a service, parsed from its /metrics."""

from dataclasses import dataclass, field

from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample


@dataclass(frozen=True, slots=True)
class MetricsSnapshot:
    """The parsed page.

    `names` are those that queries use, also of metrics without a sample; `families` are the metrics.
    """

    samples: tuple[Sample, ...]
    names: frozenset[str] = field(default_factory=frozenset)
    families: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def parse(cls, text: str) -> "MetricsSnapshot":
        """Parse the page of a service."""
        families = list(text_string_to_metric_families(text))
        suffixes = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_count", "_sum")}
        return cls(
            samples=tuple(sample for family in families for sample in family.samples),
            names=frozenset(
                f"{family.name}{suffix}" for family in families for suffix in suffixes[family.type]
            ),
            families=frozenset(
                f"{family.name}_total" if family.type == "counter" else family.name for family in families
            ),
        )

    def sum(self, name: str, **labels: str) -> float:
        """Sum the samples of this name and these labels; 0 if there are none."""
        return sum(sample.value for sample in self.all(name, **labels))

    def all(self, name: str, **labels: str) -> list[Sample]:
        """Return the samples of this name and these labels."""
        return [
            sample
            for sample in self.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        ]

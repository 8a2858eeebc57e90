"""What stands on a service's /metrics."""

from dataclasses import dataclass, field

from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample


@dataclass(frozen=True, slots=True)
class Exposition:
    """Samples, the names that queries use (also of metrics without a sample), and the metrics themselves."""

    samples: tuple[Sample, ...]
    names: frozenset[str] = field(default_factory=frozenset)
    families: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def read(cls, text: str) -> "Exposition":
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
        """Of all samples of that name whose labels are so; 0 without any."""
        return sum(sample.value for sample in self.all(name, **labels))

    def all(self, name: str, **labels: str) -> list[Sample]:
        return [
            sample
            for sample in self.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        ]

"""Helm renders the charts to the golden files, and rejects invalid values."""

import subprocess
from pathlib import Path

import pytest
import yaml

from tests.support.fakes.kubernetes_api import FakeKubernetesApi
from tools.k8s import policies, render, schemas
from tools.k8s.programs import KUBERNETES
from tools.k8s.render import VALUE_SETS, ValueSet

AUTH = ("auth.jwksUrl=https://a.example/jwks", "auth.issuer=a", "auth.audience=b")
RECOVERY = {"serverName": "resume-review-db", "targetTime": "2026-11-24 18:00:00+00"}
ANOTHER = {"serverName": "resume-review-db-2"}
BACKUP = "postgres.backup.destination=s3://b"


@pytest.mark.parametrize(
    ("chart", "values", "message"),
    [
        ("resume-review", (), "no token is good"),
        ("resume-review", (*AUTH, "image.tag=latest"), "/image/tag"),
        ("resume-review", (*AUTH, "analyzer.tag=latest"), "may not be latest"),
        ("resume-review", (*AUTH, "analyzer.keda.maxReplicas=13"), "/analyzer/keda/maxReplicas"),
        ("resume-review", (*AUTH, "analyzer.drainSeconds=116"), "terminationGracePeriodSeconds"),
        ("resume-review", (*AUTH, "analyser.enabled=true"), "additional properties 'analyser'"),
        ("resume-review", (*AUTH, "resultsApi.env.failed=x"), "does not match pattern"),
        ("resume-review", (*AUTH, "auth.sharedSecret.name=s"), "refuse the tokens of auth.sharedSecret"),
        ("resume-review", (*AUTH, "externalSecrets.secrets[0].name=a"), "/externalSecrets/secrets/0"),
        ("resume-review-infra", (), "postgres.backup.destination"),
        ("resume-review-infra", (BACKUP, "kafka.minInSync=3"), "kafka.minInSync"),
        ("resume-review-infra", (BACKUP, "kafka.brokers=2"), "fewer brokers"),
        (
            "resume-review-infra",
            (BACKUP, "postgres.recovery.serverName=resume-review-db"),
            "postgres.backup.serverName has to differ",
        ),
    ],
)
def test_invalid_values_are_rejected(helm: Path, chart: str, values: tuple[str, ...], message: str) -> None:
    options = ["--kube-version", KUBERNETES, *(part for value in values for part in ("--set", value))]
    made = subprocess.run(
        [str(helm), "template", "r", str(render.CHARTS / chart), *options],
        capture_output=True,
        text=True,
        check=False,
    )

    assert made.returncode != 0
    assert message in made.stderr


@pytest.mark.parametrize(
    ("chart", "name", "values"),
    [
        ("resume-review", "production", {"kafka": {"securityProtocol": "SSL"}}),
        ("resume-review", "production", {"kafka": {"caSecret": {"name": ""}}}),
        ("resume-review", "production", {"gateway": {"rateLimit": "Global"}}),
        ("resume-review", "adopted", {"gateway": {"checkTokens": False, "corsOrigins": []}}),
        ("resume-review", "minimal", {"networkPolicy": {"enabled": True}, "analyzer": {"enabled": False}}),
        ("resume-review-infra", "production", {"postgres": {"recovery": RECOVERY, "backup": ANOTHER}}),
        (
            "resume-review-infra",
            "production",
            {"kafka": {"controllers": 0}, "postgres": {"synchronous": False}},
        ),
    ],
)
def test_other_combinations_of_values_are_valid(
    helm: Path, tmp_path: Path, chart: str, name: str, values: dict[str, object]
) -> None:
    more = tmp_path / "values.yaml"
    more.write_text(yaml.safe_dump(values))

    made = render.objects(render.render_with(chart, ValueSet(chart=chart, name=name).values, more))

    assert [line for one in made for line in schemas.problems(one)] == []
    assert policies.problems(made) == []


def test_golden_files_are_current(helm: Path) -> None:
    for one in VALUE_SETS:
        assert list(render.difference(one, render.render(one))) == [], "make k8s-check ARGS=--write"


def test_floor_of_replicas_looks_at_the_deployments_that_run(helm: Path) -> None:
    values = ValueSet(chart="resume-review", name="production").values
    with FakeKubernetesApi({"request-api": 1, "analyzer": 5}) as api:
        text = render.render_with("resume-review", values, api_url=api.url)

    deployments = render.by_name(render.objects(text), "Deployment")
    replicas = {name: one["spec"]["replicas"] for name, one in deployments.items()}
    # Autoscaling was switched on with one pod; it had scaled up; nothing runs yet.
    assert replicas == {"request-api": 2, "analyzer": 5, "results-api": 2}

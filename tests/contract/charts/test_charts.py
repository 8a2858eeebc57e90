"""The objects of the Helm charts agree with the contracts and with the settings of the services.

These tests read the golden files, so they need no Helm. `make k8s-check` compares those with the charts.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import analyzer.migrate
import analyzer.settings
import pytest
import request_api.migrate
import request_api.settings
import results_api.migrate
import results_api.settings
from contracts.access import ACCESS_RULES, TOPIC_CREATOR, AccessRule, subscriber_access_rules
from contracts.topics import ANALYSIS_REQUESTS, CONSUMERS, PARTITIONS, TOPICS
from pydantic_settings import BaseSettings
from request_api.http.uploads import MAX_UPLOAD_BYTES
from request_api.settings import Settings

from tests.support.auth.certificates import CertificateAuthority
from tools.k8s import render, values_table
from tools.k8s.render import VALUE_SETS, Object, by_name, golden

SETTINGS: Mapping[str, type[BaseSettings]] = {
    "request-api": request_api.settings.Settings,
    "analyzer": analyzer.settings.Settings,
    "results-api": results_api.settings.Settings,
    "request-api-migration": request_api.migrate.Settings,
    "analyzer-migration": analyzer.migrate.Settings,
    "results-api-migration": results_api.migrate.Settings,
}
# Connections outside the pool: one for the outbox relay, two that listen for live updates.
OTHER_CONNECTIONS = {"request-api": 1, "analyzer": 0, "results-api": 2}


def test_each_set_of_values_has_a_golden_file() -> None:
    existing = {file.name for file in (render.CHARTS / "tests" / "golden").iterdir()}

    assert existing == {one.golden.name for one in VALUE_SETS}
    assert existing == {file.name for file in (render.CHARTS / "tests" / "values").iterdir()}


@pytest.mark.parametrize("chart", ["resume-review", "resume-review-infra"])
def test_readme_lists_the_current_values(chart: str) -> None:
    assert not values_table.is_stale(chart), "make k8s-check ARGS=--write"


@pytest.mark.parametrize(("name", "copies"), [("minimal", 1), ("production", 3), ("adopted", 3)])
def test_topics_match_the_contracts(name: str, copies: int) -> None:
    topics = by_name(golden("resume-review-infra", name), "KafkaTopic")

    assert topics.keys() == {topic.name for topic in TOPICS}
    for topic in TOPICS:
        made = topics[topic.name]["spec"]
        config = {key: str(value) for key, value in made["config"].items()}
        # Durability depends on the deployment, as the number of replicas does.
        assert config.pop("min.insync.replicas", None) == ("2" if copies == 3 else None)
        assert (made["partitions"], made["replicas"]) == (topic.partitions, copies)
        assert config == dict(topic.config)


Rule = tuple[str, str, bool, frozenset[str]]


def rules(user: Object) -> set[Rule]:
    """Return the access rules of a user. `Describe` is omitted if another operation implies it."""
    found = set()
    for acl in user["spec"]["authorization"]["acls"]:
        resource, operations = acl["resource"], frozenset(acl["operations"])
        is_prefix = resource["patternType"] == "prefix"
        listed = operations - {"Describe"} or operations
        found.add((resource["type"], resource["name"], is_prefix, listed))
    return found


def documented(rights: Iterable[AccessRule]) -> set[Rule]:
    return {(one.resource, one.name, one.is_prefix, frozenset(one.operations)) for one in rights}


@pytest.mark.parametrize("name", ["production", "adopted"])
def test_access_rules_of_kafka_users_match_the_contracts(name: str) -> None:
    users = by_name(golden("resume-review-infra", name), "KafkaUser")
    # Strimzi creates the topics, so no user of that name exists.
    expected = {rule.user for rule in ACCESS_RULES} - {TOPIC_CREATOR}

    assert users.keys() == {*expected, "crm"}
    for user in expected:
        assert rules(users[user]) == documented(rule for rule in ACCESS_RULES if rule.user == user)
    assert rules(users["crm"]) == documented(subscriber_access_rules("crm", group_prefix="crm."))


DIGESTS = {"request-api": "a", "analyzer": "b", "results-api": "c"}


@pytest.mark.parametrize(("name", "are_pinned"), [("production", True), ("adopted", False)])
def test_images_can_be_pinned_by_digest(name: str, are_pinned: bool) -> None:
    images = {
        one["metadata"]["name"].removesuffix("-migration"): container["image"]
        for one in golden("resume-review", name)
        if one["kind"] in ("Deployment", "Job")
        for container in one["spec"]["template"]["spec"]["containers"]
    }

    assert images.keys() == DIGESTS.keys()
    for service, image in images.items():
        assert image.endswith(f"@sha256:{DIGESTS[service] * 64}") is are_pinned
        assert f"/{service}:" in image


def environments(name: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the name and the environment of each pod, with a placeholder for each secret."""
    for one in golden("resume-review", name):
        if one["kind"] in ("Deployment", "Job"):
            (container,) = one["spec"]["template"]["spec"]["containers"]
            environment = {env["name"]: env.get("value", "s" * 32) for env in container["env"]}
            names = [env["name"] for env in container["env"]]
            assert len(names) == len(set(names)), "a variable is set twice"
            yield (
                one["metadata"]["name"],
                {
                    key: value.replace("$(DATABASE_PASSWORD)", environment.get("DATABASE_PASSWORD", ""))
                    for key, value in environment.items()
                },
            )


@pytest.mark.parametrize("name", ["minimal", "production", "adopted"])
def test_environments_are_valid_settings(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ca = CertificateAuthority(tmp_path / "ca").ca_file
    checked = set()
    for pod, environment in environments(name):
        settings = SETTINGS[pod]
        prefix = str(settings.model_config["env_prefix"])
        with monkeypatch.context() as patch:
            for key, value in environment.items():
                patch.setenv(key, str(ca) if key.endswith("_CA_FILE") else value)
            settings()
        known = {f"{prefix}{field}".upper() for field in settings.model_fields}
        own = {key for key in environment if key.startswith(prefix)}
        assert own <= known, f"{pod} does not know {own - known}"
        checked.add(pod)
    assert {"request-api", "analyzer", "results-api"} <= checked


def test_drain_time_of_the_analyzer_covers_a_model_call() -> None:
    environment = dict(environments("production"))["analyzer"]
    settings = analyzer.settings.Settings(
        kafka_bootstrap_servers="kafka:9092",
        openai_api_key=environment["ANALYZER_OPENAI_API_KEY"],
        database_url="postgresql+asyncpg://a:b@c/d",
        drain_seconds=float(environment["ANALYZER_DRAIN_SECONDS"]),
    )

    assert list(settings.warnings) == []


def test_connections_of_all_pods_fit_into_the_database() -> None:
    objects = golden("resume-review", "production")
    most = {
        one["spec"]["scaleTargetRef"]["name"]: one["spec"].get(
            "maxReplicas", one["spec"].get("maxReplicaCount")
        )
        for one in objects
        if one["kind"] in ("HorizontalPodAutoscaler", "ScaledObject")
    }
    cluster = by_name(golden("resume-review-infra", "production"), "Cluster")["resume-review-db"]
    # A rollout adds one pod to each deployment.
    needed = sum(
        (most[pod] + 1)
        * (
            int(environment[f"{SETTINGS[pod].model_config['env_prefix']}DATABASE_POOL_SIZE"])
            + OTHER_CONNECTIONS[pod]
        )
        for pod, environment in environments("production")
        if pod in most
    )

    # CloudNativePG uses some connections, and PostgreSQL reserves three for the superuser.
    assert needed + 20 <= int(cluster["spec"]["postgresql"]["parameters"]["max_connections"])


def test_temporary_disk_holds_all_uploads() -> None:
    pod = by_name(golden("resume-review", "production"), "Deployment")["request-api"]["spec"]["template"][
        "spec"
    ]
    (disk,) = (volume["emptyDir"]["sizeLimit"] for volume in pod["volumes"] if volume["name"] == "tmp")
    environment = dict(environments("production"))["request-api"]
    uploads = int(environment.get("REQUEST_API_UPLOADS", Settings.model_fields["uploads"].default))
    # Kubernetes evicts a pod that exceeds the limit.
    assert uploads * MAX_UPLOAD_BYTES < int(disk.removesuffix("Gi")) * 1024**3


def test_analyzers_do_not_outnumber_partitions() -> None:
    scaled = by_name(golden("resume-review", "production"), "ScaledObject")["analyzer"]["spec"]

    assert scaled["maxReplicaCount"] == PARTITIONS
    (trigger,) = scaled["triggers"]
    assert trigger["metadata"]["topic"] == ANALYSIS_REQUESTS
    assert trigger["metadata"]["consumerGroup"] in CONSUMERS[ANALYSIS_REQUESTS]


def test_only_owner_and_service_may_connect_to_a_database() -> None:
    objects = golden("resume-review-infra", "production")
    spec = by_name(objects, "Cluster")["resume-review-db"]["spec"]
    roles = {role["name"] for role in spec["managed"]["roles"]} | {spec["bootstrap"]["initdb"]["owner"]}
    databases = {spec["bootstrap"]["initdb"]["database"]} | {
        one["spec"]["name"] for one in by_name(objects, "Database").values()
    }

    assert databases == {"request_api", "results_api", "analyzer"}
    assert roles == {*databases, *(f"{database}_owner" for database in databases)}
    *allowed, last = spec["postgresql"]["pg_hba"]
    assert set(allowed) == {
        f"hostssl {database} {database},{database}_owner all scram-sha-256" for database in databases
    }
    assert last == f"host {','.join(sorted(databases))} all all reject"

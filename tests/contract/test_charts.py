"""What the Helm charts make agrees with the contracts and with what the services can be told.

The golden files are looked at, so that most of this needs no Helm; `make k8s-check` holds them to the charts.
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
# Beside its pool: the outbox relay, and what live updates listen on.
OTHER_CONNECTIONS = {"request-api": 1, "analyzer": 0, "results-api": 2}


def test_there_is_a_golden_file_for_each_set_of_values() -> None:
    there = {file.name for file in (render.CHARTS / "tests" / "golden").iterdir()}

    assert there == {one.golden.name for one in VALUE_SETS}
    assert there == {file.name for file in (render.CHARTS / "tests" / "values").iterdir()}


@pytest.mark.parametrize("chart", ["resume-review", "resume-review-infra"])
def test_the_readme_shows_the_values_as_they_are(chart: str) -> None:
    assert not values_table.is_stale(chart), "make k8s-check ARGS=--write"


@pytest.mark.parametrize(("name", "copies"), [("minimal", 1), ("production", 3), ("adopted", 3)])
def test_topics_are_those_of_the_contracts(name: str, copies: int) -> None:
    topics = by_name(golden("resume-review-infra", name), "KafkaTopic")

    assert topics.keys() == {topic.name for topic in TOPICS}
    for topic in TOPICS:
        made = topics[topic.name]["spec"]
        config = {key: str(value) for key, value in made["config"].items()}
        # What a record is worth is the deployment's, as the number of copies is.
        assert config.pop("min.insync.replicas", None) == ("2" if copies == 3 else None)
        assert (made["partitions"], made["replicas"]) == (topic.partitions, copies)
        assert config == dict(topic.config)


Rule = tuple[str, str, bool, frozenset[str]]


def rules(user: Object) -> set[Rule]:
    """Resource, name, whether it is a prefix, operations; Describe only where nothing else includes it."""
    found = set()
    for acl in user["spec"]["authorization"]["acls"]:
        resource, operations = acl["resource"], frozenset(acl["operations"])
        is_prefix = resource["patternType"] == "prefix"
        told = operations - {"Describe"} or operations
        found.add((resource["type"], resource["name"], is_prefix, told))
    return found


def documented(rights: Iterable[AccessRule]) -> set[Rule]:
    return {(one.resource, one.name, one.is_prefix, frozenset(one.operations)) for one in rights}


@pytest.mark.parametrize("name", ["production", "adopted"])
def test_kafka_lets_each_user_do_what_the_contracts_say_and_no_more(name: str) -> None:
    users = by_name(golden("resume-review-infra", name), "KafkaUser")
    # Strimzi makes the topics.
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
    """Of each pod that the chart makes: what it is told, with something in place of secrets."""
    for one in golden("resume-review", name):
        if one["kind"] in ("Deployment", "Job"):
            (container,) = one["spec"]["template"]["spec"]["containers"]
            told = {env["name"]: env.get("value", "s" * 32) for env in container["env"]}
            names = [env["name"] for env in container["env"]]
            assert len(names) == len(set(names)), "a name is told twice"
            yield (
                one["metadata"]["name"],
                {
                    key: value.replace("$(DATABASE_PASSWORD)", told.get("DATABASE_PASSWORD", ""))
                    for key, value in told.items()
                },
            )


@pytest.mark.parametrize("name", ["minimal", "production", "adopted"])
def test_services_take_what_the_chart_tells_them(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ca = CertificateAuthority(tmp_path / "ca").ca_file
    seen = set()
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
        seen.add(pod)
    assert {"request-api", "analyzer", "results-api"} <= seen


def test_the_analyzer_has_as_long_to_stop_as_a_call_of_the_model_may_take() -> None:
    environment = dict(environments("production"))["analyzer"]
    settings = analyzer.settings.Settings(
        kafka_bootstrap_servers="kafka:9092",
        openai_api_key=environment["ANALYZER_OPENAI_API_KEY"],
        database_url="postgresql+asyncpg://a:b@c/d",
        drain_seconds=float(environment["ANALYZER_DRAIN_SECONDS"]),
    )

    assert list(settings.warnings) == []


def test_all_pods_together_find_room_in_the_database() -> None:
    objects = golden("resume-review", "production")
    most = {
        one["spec"]["scaleTargetRef"]["name"]: one["spec"].get(
            "maxReplicas", one["spec"].get("maxReplicaCount")
        )
        for one in objects
        if one["kind"] in ("HorizontalPodAutoscaler", "ScaledObject")
    }
    cluster = by_name(golden("resume-review-infra", "production"), "Cluster")["resume-review-db"]
    # One more of each while a rollout replaces them.
    needed = sum(
        (most[pod] + 1)
        * (
            int(environment[f"{SETTINGS[pod].model_config['env_prefix']}DATABASE_POOL_SIZE"])
            + OTHER_CONNECTIONS[pod]
        )
        for pod, environment in environments("production")
        if pod in most
    )

    # Some are CloudNativePG's own, and PostgreSQL keeps three for the superuser.
    assert needed + 20 <= int(cluster["spec"]["postgresql"]["parameters"]["max_connections"])


def test_the_temporary_disk_holds_all_uploads() -> None:
    pod = by_name(golden("resume-review", "production"), "Deployment")["request-api"]["spec"]["template"][
        "spec"
    ]
    (disk,) = (volume["emptyDir"]["sizeLimit"] for volume in pod["volumes"] if volume["name"] == "tmp")
    environment = dict(environments("production"))["request-api"]
    uploads = int(environment.get("REQUEST_API_UPLOADS", Settings.model_fields["uploads"].default))
    # Kubernetes evicts a pod that outgrows it.
    assert uploads * MAX_UPLOAD_BYTES < int(disk.removesuffix("Gi")) * 1024**3


def test_there_are_no_more_analyzers_than_partitions() -> None:
    scaled = by_name(golden("resume-review", "production"), "ScaledObject")["analyzer"]["spec"]

    assert scaled["maxReplicaCount"] == PARTITIONS
    (trigger,) = scaled["triggers"]
    assert trigger["metadata"]["topic"] == ANALYSIS_REQUESTS
    assert trigger["metadata"]["consumerGroup"] in CONSUMERS[ANALYSIS_REQUESTS]


def test_each_database_lets_in_its_owner_and_its_service_alone() -> None:
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

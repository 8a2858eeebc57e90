"""Envoy Gateway, as the Helm chart tells it, does what the local gateway does (deploy/envoy/envoy.yaml)."""

import string
from typing import Any

import pytest
import yaml
from local_stack.paths import ENVOY_TEMPLATE

from tests.k8s.render import golden, kind


class _Anything(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "1"


@pytest.fixture(scope="module")
def envoy() -> dict[str, Any]:
    """The connection manager of the local gateway."""
    text = string.Template(ENVOY_TEMPLATE.read_text()).substitute(_Anything())
    (listener,) = yaml.safe_load(text)["static_resources"]["listeners"]
    manager: dict[str, Any] = listener["filter_chains"][0]["filters"][0]["typed_config"]
    return manager


Route = tuple[str, str, str | None, str, str | None]


def local_routes(envoy: dict[str, Any]) -> set[Route]:
    made = set()
    for route in envoy["route_config"]["virtual_hosts"][0]["routes"]:
        match = route["match"]
        method = next((header["string_match"]["exact"] for header in match.get("headers", ())), None)
        how, value = next(
            (how, match[key])
            for key, how in (
                ("path", "Exact"),
                ("path_separated_prefix", "PathPrefix"),
                ("prefix", "PathPrefix"),
                ("safe_regex", "RegularExpression"),
            )
            if key in match
        )
        value = value["regex"] if isinstance(value, dict) else value.removesuffix("/")
        target = route.get("route", {})
        made.add((how, value, method, target.get("cluster", "gateway"), target.get("timeout")))
    return made


def test_the_gateway_has_the_routes_of_the_local_one(envoy: dict[str, Any]) -> None:
    made = set()
    for one in kind(golden("resume-review", "adopted"), "HTTPRoute").values():
        (rule,) = one["spec"]["rules"]
        names = [backend["name"] for backend in rule.get("backendRefs", ())] or ["gateway"]
        cluster = {"backend": "legacy"}.get(names[0], names[0])
        for match in rule["matches"]:
            path = match["path"]
            timeout = rule.get("timeouts", {}).get("request")
            made.add((path["type"], path["value"], match.get("method"), cluster, timeout))

    assert made == local_routes(envoy)


def test_the_gateway_answers_in_the_words_of_the_local_one(envoy: dict[str, Any]) -> None:
    local = {}
    for mapper in envoy["local_reply_config"]["mappers"]:
        told = mapper["body_format_override"]["json_format"]
        if "detail" in told and "status_code_filter" in mapper["filter"]:
            status = mapper["filter"]["status_code_filter"]["comparison"]["value"]["default_value"]
            local[status] = (told["title"], told["detail"])
    # What leads nowhere belongs to no route, so no policy can word it.
    del local[404]

    for name, policy in kind(golden("resume-review", "adopted"), "BackendTrafficPolicy").items():
        made = {}
        for override in policy["spec"]["responseOverride"]:
            body = yaml.safe_load(override["response"]["body"]["inline"])
            (status,) = override["match"]["statusCodes"]
            assert override["response"]["statusCode"] == body["status"]
            made[status["value"]] = (body["title"], body["detail"])
        assert made == local, name


def test_the_gateway_believes_no_headers_that_the_local_one_does_not_believe(envoy: dict[str, Any]) -> None:
    (mutation,) = envoy["early_header_mutation_extensions"]
    local = mutation["typed_config"]["mutations"]
    early = kind(golden("resume-review", "production"), "ClientTrafficPolicy")["resume-review"]["spec"][
        "headers"
    ]["earlyRequestHeaders"]

    assert set(early["remove"]) == {one["remove"] for one in local if "remove" in one}
    assert {one["value"] for one in early["removeOnMatch"]} == {
        one["remove_on_match"]["key_matcher"]["prefix"] for one in local if "remove_on_match" in one
    }


def test_the_gateway_takes_what_the_local_one_takes(envoy: dict[str, Any]) -> None:
    (buffer,) = (one for one in envoy["http_filters"] if one["name"] == "envoy.filters.http.buffer")
    upload = next(
        route for route in envoy["route_config"]["virtual_hosts"][0]["routes"] if route["name"] == "upload"
    )
    per_route = upload["typed_per_filter_config"]["envoy.filters.http.buffer"]
    policies = kind(golden("resume-review", "production"), "BackendTrafficPolicy")
    limits = {name: int(policy["spec"]["requestBuffer"]["limit"]) for name, policy in policies.items()}

    assert limits == {
        "resume-review-upload": per_route["buffer"]["max_request_bytes"],
        "resume-review-api": buffer["typed_config"]["max_request_bytes"],
        "resume-review-live": buffer["typed_config"]["max_request_bytes"],
    }


def test_only_login_and_health_pass_without_a_token() -> None:
    objects = golden("resume-review", "adopted")
    guarded = {
        ref["name"]
        for policy in kind(objects, "SecurityPolicy").values()
        if "jwt" in policy["spec"]
        for ref in policy["spec"]["targetRefs"]
    }

    assert kind(objects, "HTTPRoute").keys() - guarded == {
        "resume-review-health",
        "resume-review-legacy-login",
    }

"""The Helm chart configures Envoy Gateway like the local gateway in deploy/envoy/envoy.yaml."""

import string
from typing import Any

import pytest
import yaml
from local_stack.gateway.config import GatewayConfig
from local_stack.gateway.write_config import compose_config
from local_stack.paths import ENVOY_TEMPLATE
from request_api.http.jobs import MAX_JOB_BYTES

from tools.k8s.render import by_name, golden

# The defaults are the limits of the local gateway.
GATEWAY = GatewayConfig(
    port=1,
    admin_port=2,
    request_api_port=3,
    results_api_port=4,
    jwks_url="http://issuer/keys",
    jwt_issuer="issuer",
    jwt_audience="audience",
)


class _Anything(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "1"


@pytest.fixture(scope="module")
def envoy() -> dict[str, Any]:
    """Return the connection manager of the local gateway."""
    text = string.Template(ENVOY_TEMPLATE.read_text()).substitute(_Anything())
    (listener,) = yaml.safe_load(text)["static_resources"]["listeners"]
    manager: dict[str, Any] = listener["filter_chains"][0]["filters"][0]["typed_config"]
    return manager


# Type of the path match, path, method, patterns of other headers by name, cluster and timeout.
Route = tuple[str, str, str | None, frozenset[tuple[str, str]], str, str | None]


def local_routes(envoy: dict[str, Any]) -> set[Route]:
    made = set()
    for route in envoy["route_config"]["virtual_hosts"][0]["routes"]:
        match = route["match"]
        headers = {header["name"]: header["string_match"] for header in match.get("headers", ())}
        method = headers.get(":method", {}).get("exact")
        patterns = frozenset(
            (name, each["safe_regex"]["regex"]) for name, each in headers.items() if "safe_regex" in each
        )
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
        value = value["regex"] if isinstance(value, dict) else value.removesuffix("/") or "/"
        target = route.get("route", {})
        cluster = target.get("cluster", "gateway")
        if "envoy.filters.http.fault" in route.get("typed_per_filter_config", {}):
            cluster = "gateway"
        cluster = {"uploads": "request-api"}.get(cluster, cluster)
        made.add((how, value, method, patterns, cluster, target.get("timeout")))
    return made


def test_routes_match(envoy: dict[str, Any]) -> None:
    made = set()
    objects = golden("resume-review", "adopted")
    # As in the local gateway, an injected fault responds with 404 before the request reaches a service.
    faulty = {
        ref["name"]
        for policy in by_name(objects, "BackendTrafficPolicy").values()
        if policy["spec"].get("faultInjection") == {"abort": {"httpStatus": 404, "percentage": 100}}
        for ref in policy["spec"]["targetRefs"]
    }
    assert faulty == {"resume-review-nowhere"}
    for name, one in by_name(objects, "HTTPRoute").items():
        (rule,) = one["spec"]["rules"]
        names = [backend["name"] for backend in rule.get("backendRefs", ())]
        if name in faulty or not names:
            names = ["gateway"]
        cluster = {"backend": "legacy"}.get(names[0], names[0])
        for match in rule["matches"]:
            path = match["path"]
            timeout = rule.get("timeouts", {}).get("request")
            patterns = frozenset((header["name"], header["value"]) for header in match.get("headers", ()))
            made.add((path["type"], path["value"], match.get("method"), patterns, cluster, timeout))

    assert made == local_routes(envoy)


def test_error_bodies_match(envoy: dict[str, Any]) -> None:
    local = {}
    for mapper in envoy["local_reply_config"]["mappers"]:
        body = mapper["body_format_override"]["json_format"]
        comparison = mapper["filter"].get("status_code_filter", {}).get("comparison", {})
        if "detail" in body and comparison.get("op") == "EQ":
            local[comparison["value"]["default_value"]] = (body["title"], body["detail"])

    (standstill,) = (
        mapper
        for mapper in envoy["local_reply_config"]["mappers"]
        if "stream_idle_timeout" in str(mapper["filter"])
    )
    body = standstill["body_format_override"]["json_format"]
    streaming = local | {408: (body["title"], body["detail"])}

    for name, policy in by_name(golden("resume-review", "adopted"), "BackendTrafficPolicy").items():
        made = {}
        is_streaming = name in {"resume-review-upload", "resume-review-live"}
        for override in policy["spec"]["responseOverride"]:
            body = yaml.safe_load(override["response"]["body"]["inline"])
            (status,) = override["match"]["statusCodes"]
            assert override["response"]["statusCode"] == body["status"]
            if is_streaming and status["value"] == 408:
                assert body["status"] == standstill["status_code"] == 504
            headers = {one["name"]: one["value"] for one in override["response"]["header"]["set"]}
            assert headers["x-content-type-options"] == "nosniff"
            made[status["value"]] = (body["title"], body["detail"])
        assert made == (streaming if is_streaming else local), name


def test_same_untrusted_headers_are_removed(envoy: dict[str, Any]) -> None:
    (mutation,) = envoy["early_header_mutation_extensions"]
    local = mutation["typed_config"]["mutations"]
    early = by_name(golden("resume-review", "production"), "ClientTrafficPolicy")["resume-review"]["spec"][
        "headers"
    ]["earlyRequestHeaders"]

    assert set(early["remove"]) == {one["remove"] for one in local if "remove" in one}
    assert {one["value"] for one in early["removeOnMatch"]} == {
        one["remove_on_match"]["key_matcher"]["prefix"] for one in local if "remove_on_match" in one
    }


def test_same_requests_are_buffered(envoy: dict[str, Any]) -> None:
    (buffer,) = (one for one in envoy["http_filters"] if one["name"] == "envoy.filters.http.buffer")
    most = str(buffer["typed_config"]["max_request_bytes"])
    (jobs,) = (one for one in envoy["route_config"]["virtual_hosts"][0]["routes"] if one["name"] == "jobs")
    of_jobs = jobs["typed_per_filter_config"]["envoy.filters.http.buffer"]["buffer"]["max_request_bytes"]
    objects = golden("resume-review", "adopted")
    limits = {
        ref["name"]: policy["spec"].get("requestBuffer", {}).get("limit")
        for policy in by_name(objects, "BackendTrafficPolicy").values()
        for ref in policy["spec"]["targetRefs"]
    }
    streamed = {name for name, limit in limits.items() if limit is None}

    assert of_jobs == MAX_JOB_BYTES
    assert limits.pop("resume-review-jobs") == str(of_jobs)
    assert set(limits.values()) == {most, None}
    assert streamed == {
        "resume-review-health",
        "resume-review-limits",
        "resume-review-console",
        "resume-review-upload",
        "resume-review-upload-too-large",
        "resume-review-job-upload",
        "resume-review-job-upload-too-large",
        "resume-review-legacy-login",
        "resume-review-legacy-login-too-large",
    }


def test_timeouts_match(envoy: dict[str, Any]) -> None:
    objects = golden("resume-review", "adopted")
    timeouts = by_name(objects, "ClientTrafficPolicy")["resume-review"]["spec"]["timeout"]["http"]
    assert timeouts == {
        "requestReceivedTimeout": envoy["request_timeout"],
        "idleTimeout": envoy["common_http_protocol_options"]["idle_timeout"],
        "streamIdleTimeout": envoy["stream_idle_timeout"],
    }
    policies = by_name(objects, "BackendTrafficPolicy")
    whole, idle = (
        {name: policy["spec"]["timeout"]["http"].get(key) for name, policy in policies.items()}
        for key in ("maxStreamDuration", "streamIdleTimeout")
    )
    local = {
        f"resume-review-{route['name']}": route["route"]["idle_timeout"]
        for route in envoy["route_config"]["virtual_hosts"][0]["routes"]
        if "idle_timeout" in route.get("route", {})
    }
    # One policy for both kinds of uploads.
    assert local.pop("resume-review-job-upload") == local["resume-review-upload"]
    assert set(local) == {"resume-review-upload", "resume-review-live"}
    assert idle == dict.fromkeys(policies) | local
    durations = {
        route["name"]: route["route"]["max_stream_duration"]["max_stream_duration"]
        for route in envoy["route_config"]["virtual_hosts"][0]["routes"]
        if "max_stream_duration" in route.get("route", {})
    }
    documents = durations.pop("report")
    assert durations.pop("exports") == documents
    (duration,) = set(durations.values())
    assert whole == {
        "resume-review-upload": None,
        "resume-review-live": None,
        "resume-review-documents": documents,
        "resume-review-nowhere": duration,
        "resume-review-api": duration,
        "resume-review-jobs": duration,
        "resume-review-open": duration,
    }


def test_rate_limits_match(envoy: dict[str, Any]) -> None:
    policies = by_name(golden("resume-review", "adopted"), "BackendTrafficPolicy")

    def rules(name: str) -> list[tuple[str, int, str]]:
        made = []
        for rule in policies[name]["spec"]["rateLimit"]["local"]["rules"]:
            (selector,) = rule.get("clientSelectors", [{}])
            scope = "user" if "headers" in selector else "source" if "sourceCIDR" in selector else "all"
            made.append(
                ("login" if "path" in selector else scope, rule["limit"]["requests"], rule["limit"]["unit"])
            )
        return made

    assert rules("resume-review-open") == [
        ("login", GATEWAY.login_burst, "Second"),
        ("login", GATEWAY.login_per_second * 60, "Minute"),
        ("source", GATEWAY.open_burst, "Second"),
        ("source", GATEWAY.open_per_second * 60, "Minute"),
        ("all", 1000, "Second"),
    ]
    users = [
        ("user", GATEWAY.rate_burst, "Second"),
        ("user", GATEWAY.rate_per_second * 60, "Minute"),
    ]
    assert rules("resume-review-api") == [*users, ("all", 1000, "Second")]
    upload = ("user", GATEWAY.upload_burst, "Minute")
    assert rules("resume-review-upload") == [*users, upload, ("all", 1000, "Second")]


def test_idle_connections_are_closed_under_the_same_load(envoy: dict[str, Any]) -> None:
    text = string.Template(ENVOY_TEMPLATE.read_text()).substitute(_Anything())
    (local,) = (
        action
        for action in yaml.safe_load(text)["overload_manager"]["actions"]
        if action["name"] == "envoy.overload_actions.reduce_timeouts"
    )
    objects = golden("resume-review", "production")
    proxy = by_name(objects, "EnvoyProxy")["resume-review"]["spec"]
    most, reduce = proxy["bootstrap"]["jsonPatches"]
    assert reduce["value"] == local
    connections = by_name(objects, "ClientTrafficPolicy")["resume-review"]["spec"]["connection"]
    assert connections["connectionLimit"]["value"] == most["value"] == compose_config().max_connections
    # An idle connection takes 13 kB. The heap may use 80 % of the container's memory, and connections
    # 75 % of the heap.
    container = proxy["provider"]["kubernetes"]["envoyDeployment"]["container"]
    assert container["resources"]["limits"]["memory"] == "1Gi"
    assert most["value"] * 13_000 < 0.75 * 0.8 * 2**30


def test_connection_of_a_refused_caller_is_closed(envoy: dict[str, Any]) -> None:
    (lua,) = (one for one in envoy["http_filters"] if one["name"] == "envoy.filters.http.lua")
    (script,) = by_name(golden("resume-review", "production"), "EnvoyExtensionPolicy")["resume-review"][
        "spec"
    ]["lua"]
    local = lua["typed_config"]["default_source_code"]["inline_string"]
    assert script["inline"].splitlines()[0] == local.splitlines()[0]
    assert "drainConnectionUponCompletion()" in script["inline"]


def test_token_scheme_matches(envoy: dict[str, Any]) -> None:
    (jwt,) = (one for one in envoy["http_filters"] if one["name"] == "envoy.filters.http.jwt_authn")
    local = [one["from_headers"] for one in jwt["typed_config"]["providers"].values()]
    for values in ("production", "adopted"):
        policy = by_name(golden("resume-review", values), "SecurityPolicy")["resume-review"]
        for provider in policy["spec"]["jwt"]["providers"]:
            made = [
                {"name": one["name"], "value_prefix": one["valuePrefix"]}
                for one in provider["extractFrom"]["headers"]
            ]
            assert made in local


def test_only_login_limits_console_and_health_need_no_token() -> None:
    objects = golden("resume-review", "adopted")
    guarded = {
        ref["name"]
        for policy in by_name(objects, "SecurityPolicy").values()
        if "jwt" in policy["spec"]
        for ref in policy["spec"]["targetRefs"]
    }

    assert by_name(objects, "HTTPRoute").keys() - guarded == {
        "resume-review-health",
        "resume-review-limits",
        "resume-review-console",
        "resume-review-legacy-login",
        "resume-review-legacy-login-too-large",
    }

"""The gateway's template and the values that fill it."""

import json
import re
from typing import Any

import pytest
import yaml
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet, OctKey
from local_stack.gateway.config import GatewayConfig, render, shared_secret_jwks
from local_stack.gateway.write_config import compose_config
from local_stack.paths import ENVOY_TEMPLATE, ROOT
from printing.limits import Limits
from request_api.http.exports import WAIT_SECONDS
from request_api.http.services import EXPORT_LIMITS, PRINT_LIMITS
from results_api.http.services import PRINT_WAIT_SECONDS

GATEWAY = GatewayConfig(
    port=1,
    admin_port=2,
    request_api_port=3,
    results_api_port=4,
    jwks_url="http://127.0.0.1:5/keys",
    jwt_issuer="issuer",
    jwt_audience="audience",
)
SECRET = "a secret of thirty-two characters"


def test_template_uses_exactly_the_values() -> None:
    template = ENVOY_TEMPLATE.read_text()
    assert set(re.findall(r"\$\{(\w+)\}", template)) == set(GATEWAY.variables())
    config = yaml.load(render(template, GATEWAY.variables()), Loader=yaml.CSafeLoader)
    clusters = {cluster["name"]: cluster for cluster in config["static_resources"]["clusters"]}
    assert set(clusters) == {"request-api", "uploads", "results-api", "legacy", "issuer"}


def test_gateway_closes_idle_connections_before_the_services() -> None:
    config = yaml.load(render(ENVOY_TEMPLATE.read_text(), GATEWAY.variables()), Loader=yaml.CSafeLoader)
    for cluster in config["static_resources"]["clusters"]:
        if cluster["name"] in ("request-api", "results-api"):
            (options,) = cluster["typed_extension_protocol_options"].values()
            # The services keep them for 75 s (chassis.http.server.serve).
            assert options["common_http_protocol_options"]["idle_timeout"] == "60s"


def manager() -> dict[str, Any]:
    config = yaml.load(render(ENVOY_TEMPLATE.read_text(), GATEWAY.variables()), Loader=yaml.CSafeLoader)
    (listener,) = config["static_resources"]["listeners"]
    found: dict[str, Any] = listener["filter_chains"][0]["filters"][0]["typed_config"]
    return found


def seconds(duration: str) -> float:
    return float(duration.removesuffix("s"))


def test_http2_streams_buffer_no_more_than_http1_connections() -> None:
    found = manager()["http2_protocol_options"]
    config = yaml.load(render(ENVOY_TEMPLATE.read_text(), GATEWAY.variables()), Loader=yaml.CSafeLoader)
    (listener,) = config["static_resources"]["listeners"]
    assert found["initial_stream_window_size"] <= listener["per_connection_buffer_limit_bytes"] == 65_536
    assert found["max_concurrent_streams"] <= 100


def test_every_route_answers_before_the_frontend_gives_up() -> None:
    """The frontend gives up 10 s after the first byte of a request, for uploads after the last moved byte.

    For a stalled upload, a browser sees the answer a second later, when the connection is closed.
    """
    (host,) = manager()["route_config"]["virtual_hosts"]
    # A fault answers at once.
    answering = {
        each["name"]: each["route"]
        for each in host["routes"]
        if "envoy.filters.http.fault" not in each.get("typed_per_filter_config", {}) and "route" in each
    }
    assert answering.pop("live")["timeout"] == "0s"
    # The frontend reads neither reports nor exports. The services give them up before the gateway does.
    report, exports = (
        seconds(answering.pop(name)["max_stream_duration"]["max_stream_duration"])
        for name in ("report", "exports")
    )
    assert report > PRINT_WAIT_SECONDS + Limits().seconds
    assert exports > WAIT_SECONDS + EXPORT_LIMITS.seconds + PRINT_LIMITS.seconds
    upload = answering.pop("upload")
    assert seconds(upload["idle_timeout"]) == seconds(upload["timeout"]) <= 8.4
    assert answering.keys() >= {
        "analyze",
        "analyses",
        "jobs",
        "limits",
        "legacy-auth",
        "legacy-admin",
        "legacy-profile",
    }
    assert answering.pop("job-upload") == upload
    for name, route in answering.items():
        # The services give a database up after 8 s.
        assert 8.5 < seconds(route["max_stream_duration"]["max_stream_duration"]) <= 9.2, name
        # Envoy would take no notice of it.
        assert "timeout" not in route, name


def test_uploads_and_open_routes_are_not_buffered() -> None:
    open_paths = [
        rule["match"]
        for each in manager()["http_filters"]
        if each["name"] == "envoy.filters.http.jwt_authn"
        for rule in each["typed_config"]["rules"]
        if "requires" not in rule
    ]
    assert open_paths == [
        {"path": "/health"},
        {"path_separated_prefix": "/api/v1/auth"},
        {"path": "/api/v1/analysis/config/limits"},
        {"path_separated_prefix": "/console"},
    ]
    routes = {each["name"]: each for each in manager()["route_config"]["virtual_hosts"][0]["routes"]}
    assert "direct_response" in routes["health"]
    for name in ("upload", "job-upload", "limits", "console", "legacy-auth"):
        assert routes[name]["typed_per_filter_config"]["envoy.filters.http.buffer"]["disabled"] is True


def test_gateway_answers_have_nosniff() -> None:
    *named, rest = manager()["local_reply_config"]["mappers"]
    for mapper in (*named, rest):
        headers = {each["header"]["key"]: each["header"]["value"] for each in mapper["headers_to_add"]}
        assert headers["x-content-type-options"] == "nosniff", mapper["filter"]
    # Whatever is an error is one that a mapper words.
    assert rest["filter"]["status_code_filter"]["comparison"]["op"] == "GE"


def test_memory_of_all_connections_fits_the_container() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["gateway"]
    container = int(compose["deploy"]["resources"]["limits"]["memory"].removesuffix("m")) * 2**20
    values = compose_config()
    config = yaml.load(render(ENVOY_TEMPLATE.read_text(), values.variables()), Loader=yaml.CSafeLoader)
    actions = {each["name"].rpartition(".")[2]: each for each in config["overload_manager"]["actions"]}

    def threshold(name: str) -> float:
        (trigger,) = actions[name]["triggers"]
        return float(trigger["threshold"]["value"])

    stops, rejects = threshold("stop_accepting_requests"), threshold("reject_incoming_connections")
    assert stops < rejects < 1
    # Requests that are under way as it stops, 64 kB each, may take as much again as the rest of the heap.
    assert values.max_heap_bytes <= container * 2 / 3
    # An idle connection takes 13 kB (docs/security.md), and must not alone keep requests from being accepted.
    assert values.max_connections * 13_000 < stops * values.max_heap_bytes
    files = compose["ulimits"]["nofile"].removeprefix("${GATEWAY_FILES:-").removesuffix("}")
    assert values.max_connections * 2 <= int(files)
    # A source that does all that it may without a token leaves most connections to others.
    (listener,) = config["static_resources"]["listeners"]
    idle = seconds(manager()["common_http_protocol_options"]["idle_timeout"])
    assert values.open_burst + values.open_per_second * idle < values.max_connections / 2
    assert listener["listener_filters_timeout"] == "5s"


def test_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="PORT"):
        render("port: ${PORT}", {})


def test_shared_secret_becomes_the_signing_key() -> None:
    token = jwt.encode({"alg": "HS256"}, {"sub": "somebody"}, OctKey.import_key(SECRET))
    keys = KeySet.import_key_set(json.loads(shared_secret_jwks(SECRET)))
    assert jwt.decode(token, keys, algorithms=["HS256"]).claims == {"sub": "somebody"}


def test_key_is_random_without_a_shared_secret() -> None:
    assert shared_secret_jwks(None) != shared_secret_jwks(None)
    keys = KeySet.import_key_set(json.loads(shared_secret_jwks(None)))
    for guess in ("None" * 8, SECRET):
        token = jwt.encode({"alg": "HS256"}, {"sub": "somebody"}, OctKey.import_key(guess))
        with pytest.raises(BadSignatureError):
            jwt.decode(token, keys, algorithms=["HS256"])

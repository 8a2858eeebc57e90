"""The gateway's template and the values that fill it."""

import json
import re

import pytest
import yaml
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet, OctKey
from local_stack.gateway import Gateway, render, shared_secret_jwks
from local_stack.paths import ENVOY_TEMPLATE

GATEWAY = Gateway(
    port=1,
    admin_port=2,
    request_api_port=3,
    results_api_port=4,
    jwks_url="http://127.0.0.1:5/keys",
    jwt_issuer="issuer",
    jwt_audience="audience",
)
SECRET = "a secret of thirty-two characters"


def test_template_and_values_fit_each_other() -> None:
    template = ENVOY_TEMPLATE.read_text()
    assert set(re.findall(r"\$\{(\w+)\}", template)) == set(GATEWAY.variables())
    config = yaml.safe_load(render(template, GATEWAY.variables()))
    clusters = {cluster["name"]: cluster for cluster in config["static_resources"]["clusters"]}
    assert set(clusters) == {"request-api", "results-api", "legacy", "issuer"}


def test_the_gateway_closes_idle_connections_before_the_services_do() -> None:
    config = yaml.safe_load(render(ENVOY_TEMPLATE.read_text(), GATEWAY.variables()))
    for cluster in config["static_resources"]["clusters"]:
        if cluster["name"] in ("request-api", "results-api"):
            (options,) = cluster["typed_extension_protocol_options"].values()
            # The services keep them for 75 s (chassis.http.serve).
            assert options["common_http_protocol_options"]["idle_timeout"] == "60s"


def test_a_value_that_is_missing_is_an_error() -> None:
    with pytest.raises(KeyError, match="PORT"):
        render("port: ${PORT}", {})


def test_the_shared_secret_becomes_the_key_that_signed() -> None:
    token = jwt.encode({"alg": "HS256"}, {"sub": "somebody"}, OctKey.import_key(SECRET))
    keys = KeySet.import_key_set(json.loads(shared_secret_jwks(SECRET)))
    assert jwt.decode(token, keys, algorithms=["HS256"]).claims == {"sub": "somebody"}


def test_without_a_shared_secret_the_key_is_one_that_nobody_has() -> None:
    assert shared_secret_jwks(None) != shared_secret_jwks(None)
    keys = KeySet.import_key_set(json.loads(shared_secret_jwks(None)))
    for guess in ("None" * 8, SECRET):
        token = jwt.encode({"alg": "HS256"}, {"sub": "somebody"}, OctKey.import_key(guess))
        with pytest.raises(BadSignatureError):
            jwt.decode(token, keys, algorithms=["HS256"])

"""One-click sign-in of the console in the stack of `make up`."""

from functools import partial
from pathlib import Path

import httpx2
import pytest
import yaml
from local_stack.gateway.config import GatewayConfig, render
from local_stack.gateway.sign_in_route import add_sign_in_route
from local_stack.gateway.write_config import compose_config
from local_stack.paths import ENVOY_TEMPLATE
from local_stack.ports import LOOPBACK, Ports
from local_stack.sign_in import HEADER, PATH, SignIn, parse_headers
from local_stack.stack import Stack

SIGN_IN = SignIn(gateway_port=8080, roles=("junior", "admin"), token=lambda role: f"token of {role}")
CONSOLE = {"host": "127.0.0.1", "x-console-sign-in": "1", "origin": "http://127.0.0.1:8080"}


def test_console_of_this_machine_gets_a_token() -> None:
    assert SIGN_IN.answer("POST", "role=admin", CONSOLE) == ("200 OK", {"token": "token of admin"})
    by_name = {**CONSOLE, "host": "localhost:8080", "origin": "http://localhost:8080"}
    assert SIGN_IN.answer("POST", "role=junior", by_name)[0] == "200 OK"


def test_console_reads_the_roles() -> None:
    # Browsers send no origin with a GET of the same origin.
    headers = {name: value for name, value in CONSOLE.items() if name != "origin"}
    assert SIGN_IN.answer("GET", "", headers) == ("200 OK", {"roles": ["junior", "admin"]})


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "changed",
    [
        {"host": "evil.example"},
        {"host": "127.0.0.1.evil.example"},
        {"host": ""},
        {"x-console-sign-in": ""},
        {"origin": "http://evil.example:8080"},
        {"origin": "http://127.0.0.1:3000"},
        {"origin": "https://127.0.0.1:8080"},
        {"origin": "null"},
    ],
    ids=["rebound", "suffix", "no-host", "no-header", "foreign", "other-port", "other-scheme", "opaque"],
)
def test_other_pages_are_refused(method: str, changed: dict[str, str]) -> None:
    status, content = SIGN_IN.answer(method, "role=admin", {**CONSOLE, **changed})
    assert status == "403 Forbidden"
    assert "token" not in content


def test_post_without_an_origin_is_refused() -> None:
    headers = {name: value for name, value in CONSOLE.items() if name != "origin"}
    assert SIGN_IN.answer("POST", "role=admin", headers)[0] == "403 Forbidden"


@pytest.mark.parametrize(("method", "query"), [("POST", "role=root"), ("POST", ""), ("DELETE", "role=admin")])
def test_unknown_role_or_method_gets_no_token(method: str, query: str) -> None:
    assert SIGN_IN.answer(method, query, CONSOLE)[0] == "400 Bad Request"


def test_headers_are_read_by_their_names_in_lower_case() -> None:
    head = "GET / HTTP/1.1\r\nHost: localhost:1\r\nORIGIN:http://a\r\nbroken\r\n\r\n"
    assert parse_headers(head) == {"host": "localhost:1", "origin": "http://a"}


@pytest.mark.parametrize(("is_asked", "status"), [(False, 404), (True, 200)], ids=["by-default", "asked"])
async def test_stack_signs_in_only_if_it_was_asked_to(tmp_path: Path, is_asked: bool, status: int) -> None:
    make = partial(Stack, has_sign_in=True) if is_asked else Stack
    stack = make(data_dir=tmp_path, ports=Ports.free())
    stack.gateway.write_config()
    config = (tmp_path / "gateway" / "envoy.yaml").read_text()
    assert (PATH in config) == is_asked
    async with stack.issuer, httpx2.AsyncClient(trust_env=False) as http:
        issuer = f"http://{LOOPBACK}:{stack.ports.issuer}"
        assert (await http.get(f"{issuer}{PATH}", headers={HEADER: "1"})).status_code == status


def test_only_the_gateway_of_make_up_leads_to_it() -> None:
    assert PATH not in ENVOY_TEMPLATE.read_text()
    assert not compose_config().has_sign_in
    gateway = GatewayConfig(
        port=1,
        admin_port=2,
        request_api_port=3,
        results_api_port=4,
        jwks_url="http://127.0.0.1:5/keys",
        jwt_issuer="issuer",
        jwt_audience="audience",
    )
    config = render(ENVOY_TEMPLATE.read_text(), gateway.variables())
    assert PATH not in config
    before, after = (yaml.load(each, Loader=yaml.CSafeLoader) for each in (config, add_sign_in_route(config)))
    assert str(after).count(PATH) == 1
    assert len(str(after)) < len(str(before)) + 200

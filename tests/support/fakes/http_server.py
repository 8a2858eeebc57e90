"""An HTTP server on loopback that answers with JSON a test chooses."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# Status and JSON body.
Reply = tuple[int, Any]


@contextmanager
def serve_in_thread(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Run a server with this handler in a thread and yield its base URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class SilentHandler(BaseHTTPRequestHandler):
    """A request handler that logs nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Discard the message."""

    def read_body(self) -> bytes:
        """Return the body of the request."""
        return self.rfile.read(int(self.headers.get("content-length") or 0))


@contextmanager
def fake_http_server(answer: Callable[[str, dict[str, str]], Reply]) -> Iterator[str]:
    """Answer every request with `answer(path, headers)` and yield the base URL.

    Header names are in lower case, and `:method` is the method. Request bodies are discarded.
    """

    class Handler(SilentHandler):
        def do_GET(self) -> None:
            self.read_body()
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, body = answer(self.path, {**headers, ":method": self.command})
            payload = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the base class's names

    with serve_in_thread(Handler) as url:
        yield url

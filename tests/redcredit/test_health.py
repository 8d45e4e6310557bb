import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from redcredit.health import is_healthy


class Site(BaseHTTPRequestHandler):
    """A site that answers only to its own name, as Django does."""

    status = 302

    def do_GET(self) -> None:
        is_asked_right = self.headers["Host"] == "loans.example.org" and self.headers["X-Forwarded-Proto"] == "https"
        self.send_response(self.status if is_asked_right else 400)
        self.end_headers()

    def log_message(self, *words: object) -> None:
        return None


@pytest.fixture
def port() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_site_that_asks_to_sign_in_is_healthy(port: int) -> None:
    assert is_healthy(host="127.0.0.1", port=port, name="loans.example.org")


def test_a_site_that_fails_is_not_healthy(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Site, "status", 500)
    assert not is_healthy(host="127.0.0.1", port=port, name="loans.example.org")


def test_a_site_that_does_not_answer_is_not_healthy(port: int) -> None:
    assert not is_healthy(host="127.0.0.1", port=1, name="loans.example.org")

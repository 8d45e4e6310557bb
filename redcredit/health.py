"""`python -m redcredit.health`: does the web server of this container answer? For the container's health check."""

import http.client
import os
import sys

PORT = 8000
SECONDS_MAX = 8


def is_healthy(*, host: str, port: int, name: str) -> bool:
    """Ask /health/ as the proxy would, under the site's own name. 503 means: it runs, but cannot serve."""
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS_MAX)
    try:
        connection.request("GET", "/health/", headers={"Host": name, "X-Forwarded-Proto": "https"})
        return connection.getresponse().status < http.client.BAD_REQUEST
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    first_name = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0]
    sys.exit(0 if is_healthy(host="127.0.0.1", port=PORT, name=first_name) else 1)

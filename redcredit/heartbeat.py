"""`python -m redcredit.heartbeat`: does daily work go round? Beat calls, a worker leaves a mark that soon fades.

The mark is a key in Redis that lives for three minutes; beat asks for a new one every minute.
"""

import os
import sys

from redis import Redis, RedisError

KEY = "redcredit:heartbeat"
SECONDS_ALIVE = 180
SECONDS_MAX = 3


def redis_at(url: str) -> Redis:
    """Return a client for a REDIS_URL as Celery writes it (`redis+socket:///path` is a UNIX socket)."""
    url = url.replace("redis+socket://", "unix://", 1)
    return Redis.from_url(url, socket_timeout=SECONDS_MAX, socket_connect_timeout=SECONDS_MAX)


def leave_mark(url: str) -> None:
    redis_at(url).set(KEY, "1", ex=SECONDS_ALIVE)


def seconds_since(url: str) -> int | None:
    """Return how long ago the last beat was, None when there was none for three minutes. Raises RedisError."""
    left = redis_at(url).ttl(KEY)
    return SECONDS_ALIVE - left if left > 0 else None


def is_alive(url: str) -> bool:
    try:
        return seconds_since(url) is not None
    except RedisError:
        return False


if __name__ == "__main__":
    sys.exit(0 if is_alive(os.environ.get("REDIS_URL", "redis://localhost:6379/0")) else 1)

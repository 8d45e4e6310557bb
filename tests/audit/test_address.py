"""From where somebody asks: what the server itself sees, or what its own proxies saw."""

import pytest
from django.test import RequestFactory

from audit.access import address_of

PROXY, VISITOR, INVENTED = "10.0.0.1", "198.51.100.7", "203.0.113.9"


@pytest.mark.parametrize(
    ("hops", "forwarded", "wanted"),
    [
        (0, "", PROXY),
        (0, INVENTED, PROXY),
        (1, VISITOR, VISITOR),
        (1, f"{INVENTED}, {VISITOR}", VISITOR),
        (2, f"{INVENTED}, {VISITOR}, 10.0.0.2", VISITOR),
        (2, VISITOR, PROXY),
        (1, "unknown", PROXY),
        (1, "", PROXY),
        (1, "2001:db8::7", "2001:db8::7"),
    ],
)
def test_only_what_our_own_proxies_saw_is_believed(settings, hops, forwarded, wanted):
    settings.PROXY_HOPS = hops
    request = RequestFactory().get("/", REMOTE_ADDR=PROXY, headers={"X-Forwarded-For": forwarded})
    assert address_of(request) == wanted

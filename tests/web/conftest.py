from copy import deepcopy
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model


@pytest.fixture(autouse=True)
def _room_of_its_own(settings):
    """Only this room's pages, inside a frame of our own: the tests do not depend on the house above."""
    settings.ROOT_URLCONF = "tests.web.urls"
    settings.LOGIN_URL = "/login/"
    settings.CSRF_FAILURE_VIEW = "web.views.csrf_failure"
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(Path(__file__).parent / "templates")
    options = templates[0]["OPTIONS"]
    options["context_processors"] = [
        "tests.web.samples.layout" if name == "redcredit.context.layout" else name
        for name in options["context_processors"]
    ]
    settings.TEMPLATES = templates


@pytest.fixture
def signed_in(client, db):
    """A client of somebody signed in, who has no posts."""
    client.force_login(get_user_model().objects.create_user("reader", name="读者"))
    return client

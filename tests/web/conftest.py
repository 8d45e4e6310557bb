import pytest
from django.contrib.auth import get_user_model

from tests.web.samples import only_this_room


@pytest.fixture(autouse=True)
def _room_of_its_own(settings):
    only_this_room(settings)


@pytest.fixture
def signed_in(client, db):
    """A client of somebody signed in, who has no posts."""
    client.force_login(get_user_model().objects.create_user("reader", name="读者"))
    return client

"""The accounts that the sign-in page offers in the demo, and only there."""

import json
from dataclasses import dataclass

from django.conf import settings

from accounts.choices import Role

FILE = "fixtures/demo/accounts.json"


@dataclass(frozen=True)
class DemoAccount:
    """One line of the box on the sign-in page. `role` is a value of `accounts.choices.Role`."""

    username: str
    role: str
    name: str
    password: str

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label)


def demo_accounts() -> list[DemoAccount]:
    """Return the demo's accounts in the order of the file; none outside the demo."""
    if not settings.DEMO:
        return []
    data = json.loads((settings.BASE_DIR / FILE).read_text(encoding="utf-8"))
    return [
        DemoAccount(line["username"], line["role"], line["name"], line.get("password", data["password"]))
        for line in data["accounts"]
    ]

"""First passwords: made by the machine, told once, to be changed at the first sign-in."""

import secrets

# Without the characters that are mistaken for each other when read out or copied by hand: 0 O 1 l I.
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LENGTH = 4, 4


def first_password() -> str:
    """Return sixteen random characters in four groups (79 bits)."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)

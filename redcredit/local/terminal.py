"""How `./run` speaks: set-up talk goes to standard error, so that `./run manage …` can be piped."""

import sys


class Failure(Exception):
    """`./run` cannot go on. The message is one clear sentence for the person at the terminal, with what to do."""


def talk(text: str) -> None:
    """Say what is going on, on standard error."""
    print(f"[run] {text}", file=sys.stderr, flush=True)


def show(text: str) -> None:
    """Print what the person asked for, on standard output."""
    print(text, flush=True)

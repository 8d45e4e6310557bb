"""The commands of `./run`. The shell script has prepared .venv before it calls this."""

import argparse
import sys

from redcredit.local import system_packages
from redcredit.local.demo import run_demo
from redcredit.local.manage import run_manage
from redcredit.local.places import VAR
from redcredit.local.processes import Stopped, stopping_on_signals
from redcredit.local.soak import run_soak
from redcredit.local.stop import stop_everything
from redcredit.local.terminal import Failure, talk
from redcredit.local.verify import run_check, run_test

DEFAULT_PORT = 8000
# What a shell reports after Ctrl-C.
EXIT_INTERRUPTED = 130

USAGE = """\
  ./run demo [--fresh] [--port N]   start everything on this machine, with the demo county in it
  ./run test [pytest arguments]     everything that must hold before a change goes in; with arguments: only pytest
  ./run check                       the quick part of it
  ./run soak                        the long harnesses: every crash point of the money batches, races over and over
  ./run manage COMMAND …            Django's command line on the demo's database
  ./run stop                        stop whatever of this checkout runs"""


def parse_arguments(words: list[str]) -> argparse.Namespace:
    """Return the command and its arguments; those of `test` and `manage` are left alone. Exits with 2 on a mistake."""
    parser = argparse.ArgumentParser(prog="./run", usage="\n" + USAGE)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    demo = commands.add_parser("demo", prog="./run demo")
    demo.add_argument("--fresh", action="store_true", help="drop the demo's database and files and start over")
    demo.add_argument("--port", type=int, default=DEFAULT_PORT, help=f"where the pages are served ({DEFAULT_PORT})")
    for name in ("check", "soak", "stop"):
        commands.add_parser(name, prog=f"./run {name}")
    if words[:1] in (["test"], ["manage"]):
        return argparse.Namespace(command=words[0], arguments=words[1:])
    return parser.parse_args(words)


def run(arguments: argparse.Namespace) -> int:
    """Carry out one command and return the exit code."""
    match arguments.command:
        case "demo":
            system_packages.require(system_packages.BASE)
            run_demo(var=VAR, port=arguments.port, fresh=arguments.fresh)
        case "test":
            system_packages.require((*system_packages.BASE, *system_packages.FOR_TESTS))
            return run_test(arguments.arguments, var=VAR)
        case "check":
            system_packages.require(system_packages.BASE)
            return run_check(var=VAR)
        case "soak":
            system_packages.require((*system_packages.BASE, *system_packages.FOR_TESTS))
            return run_soak(var=VAR)
        case "manage":
            system_packages.require(system_packages.BASE)
            return run_manage(arguments.arguments, var=VAR)
        case "stop":
            stop_everything(var=VAR)
    return 0


def main() -> int:
    """Parse, run, and turn what can be expected into a sentence and an exit code."""
    arguments = parse_arguments(sys.argv[1:])
    try:
        with stopping_on_signals():
            return run(arguments)
    except Stopped as stopped:
        talk(f"stopped ({stopped})")
        return EXIT_INTERRUPTED
    except Failure as failure:
        talk(str(failure))
        return 1


if __name__ == "__main__":
    sys.exit(main())

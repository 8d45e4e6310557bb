"""`./run demo`: like production, but on this machine, with demo accounts and a clock that says 2014."""

from redcredit.settings.dev import *  # noqa: F403  # a setting module is a star import by design

DEBUG = False
DEMO = env.bool("DEMO", default=True)  # noqa: F405

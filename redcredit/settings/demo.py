"""`./run demo`: like production, but on this machine, with demo accounts and a clock that says 2014."""

from redcredit.settings.dev import *  # a setting module is a star import by design

DEBUG = False
DEMO = env.bool("DEMO", default=True)

"""`./run demo`: like production, but on this machine, with demo accounts and a clock that says 2014."""

from redcredit.settings.dev import *

DEBUG = False
DEMO = env.bool("DEMO", default=True)
# Data encrypted under a fallback key could not be read by the next start: ./run gives both, nothing else will do.
SECRET_KEY = env.str("SECRET_KEY")
PERSONAL_DATA_KEY = env.str("PERSONAL_DATA_KEY")

# Static files are served from where they lie: nothing to collect before the first page.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True

#!/usr/bin/env python
"""Django's command line. `./run manage …` calls it with the project's services running."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redcredit.settings.dev")
    execute_from_command_line(sys.argv)

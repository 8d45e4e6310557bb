"""Compile the translations. Django's own compilemessages needs programs that a bare machine has not."""

from typing import Any

from babel.messages.pofile import PoFileError
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from redcredit.catalogues import compile_catalogues


class Command(BaseCommand):
    help = "Compile every translation catalogue (.po) of the project that has no current .mo."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            compiled = compile_catalogues(settings.BASE_DIR)
        except PoFileError as error:
            raise CommandError(str(error)) from error
        for catalogue in compiled:
            self.stdout.write(str(catalogue.relative_to(settings.BASE_DIR)))

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.models import Post, User
from finance.daycount import NotADay, parse_day
from finance.money import ZERO
from loans.models import Programme
from organizations.scope import NotAllowed
from subsidies.models import SubsidyBatch
from subsidies.operations.batches import UnableToCompute, create_batch, prepare_batch
from subsidies.operations.computing import compute_batch
from web import clock
from web.clock import day_of


class Command(BaseCommand):
    help = (
        "Open the subsidy batch of a period of a programme, all its versions; with --compute, compute it here. "
        "The same period again is the same batch. Prints the number of the batch and its sums."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--programme", required=True, help="code of the programme, for example jianchuan")
        parser.add_argument("--from", required=True, dest="first_day", help="first day, YYYY-MM-DD")
        parser.add_argument("--to", required=True, dest="last_day", help="last day included, for example the 20th")
        parser.add_argument("--compute", action="store_true", help="compute the batch now, in this process")
        parser.add_argument("--workers", type=int, default=1, help="ranges that are computed at once")
        parser.add_argument("--as", dest="username", default="", help="account of the finance bureau that asks")

    def handle(self, *args: Any, **options: Any) -> None:
        programme = Programme.objects.select_related("division").filter(code=options["programme"]).first()
        if programme is None:
            raise CommandError(_("There is no programme with the code “%(code)s”.") % {"code": options["programme"]})
        now = clock.now()
        user = _finance_officer(programme, options["username"], day_of(now))
        try:
            batch = create_batch(
                programme=programme,
                first_day=_day(options["first_day"]),
                last_day=_day(options["last_day"]),
                created_by=user,
                created_at=now,
            )
            if options["compute"] and not batch.is_closed and batch.computed_at is None:
                batch = prepare_batch(batch_id=batch.pk, by=user, at=now)
                batch = compute_batch(
                    batch_id=batch.pk, now=clock.now, progress=self._progress, workers=options["workers"]
                )
        except UnableToCompute as error:
            raise CommandError(str(error)) from error
        except NotAllowed as error:
            raise CommandError(_("This account may not compute subsidies of this programme.")) from error
        self._print(batch)

    def _progress(self, done: int, total: int) -> None:
        self.stderr.write(f"{done} / {total}")

    def _print(self, batch: SubsidyBatch) -> None:
        sums = batch.lines.aggregate(lines=Count("pk"), amount=Sum("amount"))
        self.stdout.write(f"batch {batch.pk}")
        self.stdout.write(f"programme {batch.programme.code}")
        self.stdout.write(f"period {batch.first_day} {batch.last_day}")
        self.stdout.write(f"state {batch.state}")
        self.stdout.write(f"estimate {'yes' if batch.is_estimate else 'no'}")
        self.stdout.write(f"lines {sums['lines']}")
        self.stdout.write(f"amount {sums['amount'] or ZERO:.2f}")
        self.stdout.write(f"inputs_sha256 {batch.inputs_sha256}")


def _day(text: str) -> date:
    try:
        return parse_day(text)
    except NotADay as error:
        raise CommandError(_("“%(text)s” is not a day. Write it as YYYY-MM-DD.") % {"text": text}) from error


def _finance_officer(programme: Programme, username: str, on: date) -> User:
    """Return the account named, or the first finance officer of the programme's county."""
    if username:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(_("There is no account “%(name)s”.") % {"name": username})
        return user
    posts = Post.objects.in_force(on).filter(
        role=Role.FINANCE_OFFICER, organization__division__path__startswith=programme.division.path
    )
    post = posts.select_related("user").order_by("pk").first()
    if post is None:
        raise CommandError(_("Nobody holds the post of finance officer in this county."))
    return post.user

"""Writing down and submitting in one go: what the button 提交 of the application page does."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from loans.choices import Outcome, StepCode
from loans.models import Application
from loans.operations.applications import ApplicationData, create_application, edit_application
from loans.operations.decisions import decide
from workflow.engine import State


@transaction.atomic
def submit_application(
    *,
    data: ApplicationData,
    request_id: UUID,
    submitted_by: User,
    submitted_at: datetime,
    application_id: int | None = None,
    revision: int | None = None,
) -> Application:
    """Write a new application down, or change a draft or returned one, and submit it. All of it happens, or nothing.

    The same `request_id` again returns the case as it is: a double click submits once. Raises Blocked with every
    reason why it cannot be submitted, Conflict when the case was changed since `revision`, NotAllowed.
    """
    if application_id is None:
        case = create_application(
            data=data, request_id=request_id, created_by=submitted_by, created_at=submitted_at
        )  # fmt: skip
        if case.state != State.DRAFT:
            return case
    else:
        assert revision is not None  # a page that shows a case knows its revision
        case = edit_application(
            application_id=application_id, data=data, revision=revision, edited_by=submitted_by, edited_at=submitted_at
        )
    decide(
        application_id=case.pk,
        step=StepCode.INTAKE,
        outcome=Outcome.SUBMIT,
        decided_by=submitted_by,
        decided_at=submitted_at,
        revision=case.revision,
    )
    case.refresh_from_db()
    return case

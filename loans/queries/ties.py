"""What ties a person to a case: one statement, because every decision asks it under the lock of the case."""

from django.db import connection

from accounts.models import User
from audit.choices import Action
from loans.choices import Side
from loans.models import Application

# Besides sides: the loan would serve the person's own household.
SERVED = "served"

TIES = """
WITH own AS (SELECT id FROM accounts_user WHERE id = %(user)s OR person_id = %(person)s)
SELECT side FROM loans_applicationdecision
    WHERE application_id = %(case)s AND (person_key = %(key)s OR decided_by_id IN (TABLE own))
UNION
SELECT %(making)s FROM loans_application WHERE id = %(case)s AND created_by_id IN (TABLE own)
UNION
SELECT %(making)s FROM audit_auditevent
    WHERE subject_type = 'loans.application' AND subject_id = %(case)s::text AND action = %(changed)s
    AND actor_id IN (TABLE own)
UNION
SELECT side FROM loans_casepaper WHERE application_id = %(case)s AND added_by_id IN (TABLE own)
UNION
SELECT %(branch)s FROM loans_helpverification WHERE application_id = %(case)s AND verified_by_id IN (TABLE own)
UNION
SELECT %(committee)s FROM loans_objection o JOIN loans_publicnotice n ON n.id = o.notice_id
    WHERE n.application_id = %(case)s AND o.settled_by_id IN (TABLE own)
UNION
SELECT %(served)s FROM loans_servedunit WHERE application_id = %(case)s AND household_id = %(household)s
"""


def ties_to(case: Application, user: User) -> set[str]:
    """Return the sides on which this person has acted, through whichever of his accounts, and SERVED.

    To write an application down, to change it, to add a paper, to verify a promise of help, and to settle an
    objection are acts of a side, too.
    """
    values: dict[str, str | int | None] = {
        "case": case.pk,
        "user": user.pk,
        "key": user.person_key,
        "person": user.person_id,
        "household": user.person.household_id if user.person else None,
        "making": Side.MAKING.value,
        "branch": Side.BRANCH.value,
        "committee": Side.COMMITTEE.value,
        "served": SERVED,
        "changed": Action.CHANGED.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(TIES, values)
        return {side for (side,) in cursor.fetchall()}

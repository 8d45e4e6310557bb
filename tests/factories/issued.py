"""Papers that were handed out, without a PDF."""

from loans.choices import PaperKind
from loans.models import Application
from loans.operations.issuing import issue_paper
from loans.queries.issued import code_of
from tests.factories.county import NOON


def letter_issued(case: Application, *, content: str = "推荐函") -> str:
    """Write down a referral letter of a case and return its code."""
    subject = f"case:{case.pk}"
    code = code_of(kind=PaperKind.REFERRAL_LETTER, subject=subject, content=content)
    issue_paper(
        kind=PaperKind.REFERRAL_LETTER, subject=subject, code=code, number="〔2014〕第001号",
        facts={"name": "罗*芳", "amount": "50000.00", "office": case.branch.name, "day": "2014-07-25"},
        application=case, issued_by=case.created_by, issued_at=NOON,
    )  # fmt: skip
    return code

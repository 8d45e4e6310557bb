"""Papers of cases, as somebody sends them."""

from datetime import datetime
from uuid import UUID, uuid4

from accounts.models import User
from files.operations import Prepared, prepare
from loans.models import Application, CasePaper
from loans.operations.papers import PaperData, add_papers
from tests.factories.county import NOON
from tests.factories.files import jpeg, pdf, upload

COLOURS = ("green", "red", "blue", "black", "orange", "purple", "brown", "gray", "navy", "teal")


def photo(number: int = 0, name: str = "photo.jpg") -> Prepared:
    """Return a checked photo; another number is another photo."""
    return prepare(upload=upload(jpeg((80 + number, 60), COLOURS[number % len(COLOURS)]), name))


def scan(name: str = "paper.pdf") -> Prepared:
    return prepare(upload=upload(pdf(), name))


def hand_in(
    case: Application,
    by: User,
    *files: Prepared,
    document: str = "",
    name: str = "",
    request_id: UUID | None = None,
    at: datetime = NOON,
) -> list[CasePaper]:
    """Add files to a case, for a paper that the rules ask for (its code) or with a name."""
    document_id = case.version.documents.get(code=document).pk if document else None
    data = PaperData(files=files or (photo(),), document_id=document_id, name=name)
    return add_papers(
        application_id=case.pk, data=data, request_id=request_id or uuid4(), added_by=by, added_at=at
    )  # fmt: skip

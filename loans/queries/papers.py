"""The papers of a case: what the rules ask for, what is there, what its reader has not seen yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from accounts.models import User
from loans.models import Application, CasePaper, CasePaperSeen, MissingPaper, ProgrammeVersion, RequiredDocument


@dataclass(frozen=True)
class Requirement:
    """A paper the rules ask for, with the files that stand for it (each knows `is_seen`), or why there is none."""

    document: RequiredDocument
    papers: Sequence[CasePaper]
    excuse: MissingPaper | None = None

    @property
    def is_missing(self) -> bool:
        return not self.papers

    @property
    def name(self) -> str:
        return self.document.name


@dataclass(frozen=True)
class Papers:
    """All papers of a case for one reader, in the order of the page: first what is asked for, then the others."""

    requirements: Sequence[Requirement]
    others: Sequence[CasePaper]
    past: Sequence[CasePaper]  # replaced or withdrawn: kept, no longer counted

    @property
    def standing(self) -> list[CasePaper]:
        return [*(paper for one in self.requirements for paper in one.papers), *self.others]

    @property
    def unseen(self) -> list[CasePaper]:
        return [paper for paper in self.standing if not paper.is_seen]  # type: ignore[attr-defined]  # annotated

    @property
    def missing(self) -> list[Requirement]:
        return [one for one in self.requirements if one.is_missing]


def documents_asked(version: ProgrammeVersion, borrower_kind: str) -> list[RequiredDocument]:
    """Return the papers a version asks of a kind of borrower, in order. Costs nothing on `published_version`."""
    documents = sorted(version.documents.all(), key=lambda document: document.position)
    return [one for one in documents if not one.borrower_kinds or borrower_kind in one.borrower_kinds]


def missing_documents(case: Application, *, only_blocking: bool = False) -> list[RequiredDocument]:
    """Return the papers asked for that no file stands for. No query where the rules ask for none."""
    asked = [one for one in documents_asked(case.version, case.borrower_kind) if one.is_blocking or not only_blocking]
    if not asked:
        return []
    present = set(CasePaper.objects.standing().filter(application=case).values_list("document", flat=True))
    return [document for document in asked if document.pk not in present]


def papers_for(case: Application, user: User) -> "QuerySet[CasePaper]":
    """Return all papers of a case, also past ones, each with `is_seen` by this account and `is_past`."""
    seen = CasePaperSeen.objects.filter(paper=OuterRef("pk"), account=user)
    return (
        CasePaper.objects.filter(application=case)
        .select_related("attachment", "document", "added_by", "organization", "withdrawal", "replaced_by")
        .annotate(
            is_seen=ExpressionWrapper(Q(added_by=user) | Exists(seen), output_field=BooleanField()),
            is_past=ExpressionWrapper(
                Q(replaced_by__isnull=False) | Q(withdrawal__isnull=False), output_field=BooleanField()
            ),
        )
        .in_order()
    )


def papers_of(case: Application, user: User) -> Papers:
    """Return the papers of a case as an account sees them: two queries. Needs `case.version` as published."""
    rows = list(papers_for(case, user))
    standing = [paper for paper in rows if not paper.is_past]  # type: ignore[attr-defined]  # annotated
    asked = documents_asked(case.version, case.borrower_kind)
    excuses = _excuses(case) if asked else {}
    known = {document.pk for document in asked}
    return Papers(
        requirements=[
            Requirement(
                document=document,
                papers=[paper for paper in standing if paper.document_id == document.pk],
                excuse=excuses.get(document.pk),
            )
            for document in asked
        ],
        # The borrower's kind may change in a draft: what was handed in for the old kind is still shown.
        others=[paper for paper in standing if paper.document_id not in known],
        past=[paper for paper in rows if paper.is_past],  # type: ignore[attr-defined]
    )


def _excuses(case: Application) -> dict[int, MissingPaper]:
    rows = MissingPaper.objects.filter(application=case).select_related("written_by").order_by("written_at", "pk")
    return {row.document_id: row for row in rows}


def unseen_of(case: Application, user: User) -> list[CasePaper]:
    """Return the papers that count and that this account has neither added nor marked as seen, in order."""
    rows = papers_for(case, user)
    return [paper for paper in rows if not (paper.is_past or paper.is_seen)]  # type: ignore[attr-defined]  # annotated


def standing_papers(case: Application) -> list[CasePaper]:
    """Return the papers that count, in order, with their files: for a printed dossier."""
    rows = CasePaper.objects.standing().filter(application=case)
    return list(rows.select_related("attachment", "document", "added_by").in_order())


def get_paper(case: Application, user: User, paper_id: int) -> CasePaper | None:
    """Return a paper of this case, also a past one, with `is_seen` and `is_past`."""
    return papers_for(case, user).filter(pk=paper_id).first()

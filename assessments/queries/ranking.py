"""Results of a round: as they would be now, and as they were settled. One computation for both."""

from collections.abc import Sequence

from assessments.choices import Grade, Level
from assessments.models import Campaign, Result, Scheme, ScoreSheet, Subject
from assessments.queries.rounds import results_of, sheets_by_subject
from assessments.rules import grade_of, ranks_of


def results_for(scheme: Scheme, subjects: Sequence[Subject]) -> list[Result]:
    """Return results, not saved, of the subjects that the county has scored: grade, ranks without the vetoed."""
    final = {pk: sheets[Level.COUNTY] for pk, sheets in sheets_by_subject(subjects).items() if Level.COUNTY in sheets}
    ranked = {pk: sheet.score for pk, sheet in final.items() if not sheet.is_vetoed}
    in_county = ranks_of(ranked, scheme.rank_rule)
    in_township: dict[int, int] = {}
    for township in {subject.township_id for subject in subjects} - {None}:
        own = {one.pk: ranked[one.pk] for one in subjects if one.township_id == township and one.pk in ranked}
        in_township |= ranks_of(own, scheme.rank_rule)
    return [
        _result(scheme, subject, final[subject.pk], in_county, in_township)
        for subject in subjects
        if subject.pk in final
    ]


def _result(
    scheme: Scheme, subject: Subject, sheet: ScoreSheet, in_county: dict[int, int], in_township: dict[int, int]
) -> Result:
    grade = grade_of(
        sheet.score,
        is_vetoed=sheet.is_vetoed,
        excellent=scheme.excellent_from,
        good=scheme.good_from,
        passed=scheme.pass_from,
    )
    rank = in_county.get(subject.pk)
    return Result(
        subject=subject,
        score=sheet.score,
        grade=grade,
        is_vetoed=sheet.is_vetoed,
        rank_in_county=rank,
        rank_in_township=in_township.get(subject.pk),
        is_commended=rank is not None and rank <= scheme.commended and grade != Grade.FAIL,
    )


def ranking_of(campaign: Campaign) -> list[Result]:
    """Return the ranking of a round, the best first: settled, or (not saved) as it stands. At most two queries."""
    if campaign.is_final:
        return list(results_of(campaign))
    subjects = list(campaign.subjects.select_related("township", "organization").order_by("division_path", "pk"))
    found = results_for(campaign.scheme, subjects)
    return sorted(found, key=lambda one: (one.is_vetoed, -one.score, one.subject.division_path, one.subject.pk))

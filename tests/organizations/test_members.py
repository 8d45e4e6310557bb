from datetime import date, timedelta

import pytest

from audit.choices import Action
from audit.models import AuditEvent
from organizations.choices import MemberStanding, MemberStatus
from organizations.models import BranchMembership
from organizations.operations import (
    NotAllowed,
    Refused,
    admit_member,
    end_membership,
    make_full,
    set_standing,
    transfer_member,
)
from tests.factories.county import NOON, TODAY
from tests.factories.organizations import PersonFactory

TOMORROW = TODAY + timedelta(days=1)


def admit(county, person=None, branch=None, joined_on=date(2014, 7, 1), by=None, **fields):
    return admit_member(
        person=person or county.yangcen.village.farmer,
        branch=branch or county.yangcen.village.branch,
        joined_on=joined_on,
        admitted_by=by or county.organisation_officer,
        admitted_at=NOON,
        **fields,
    )


def by(county):
    return {"changed_by": county.organisation_officer, "changed_at": NOON}


def test_a_new_member_is_probationary_and_belongs_to_a_branch(county):
    member = admit(county)
    assert (member.status, member.full_from) == (MemberStatus.PROBATIONARY, None)
    assert member.memberships.get().valid_from == date(2014, 7, 1)


def test_an_old_member_is_entered_with_the_day_of_full_membership(county):
    member = admit(county, joined_on=date(2000, 7, 1), full_from=date(2001, 7, 1))
    assert member.status == MemberStatus.FULL


def test_a_person_is_a_member_once(county):
    admit(county)
    with pytest.raises(Refused, match="已在党员名册"):
        admit(county)


def test_members_belong_to_branches_not_to_committees(county):
    for place in (county.yangcen.village.general_branch, county.yangcen.committee):
        with pytest.raises(Refused, match="编入党支部"):
            admit(county, branch=place)


def test_somebody_under_eighteen_and_a_day_in_the_future_are_refused(county):
    young = PersonFactory(division=county.yangcen.village.division, born=date(1996, 8, 16))
    with pytest.raises(Refused, match="18 周岁"):
        admit(county, person=young, joined_on=date(2014, 8, 15))
    with pytest.raises(Refused, match="不能晚于今天"):
        admit(county, joined_on=TOMORROW)
    with pytest.raises(Refused, match="转正日期"):
        admit(county, full_from=date(2014, 6, 30))


def test_only_the_organisation_department_writes_the_register_of_members(county):
    for user in (county.yangcen.clerk, county.yangcen.village.secretary, county.yangcen.committee_officer):
        with pytest.raises(NotAllowed):
            admit(county, by=user)


def test_a_probationary_member_becomes_a_full_one(county):
    member = county.yangcen.village.members[3]
    make_full(member=member, full_from=TODAY, **by(county))
    member.refresh_from_db()
    assert (member.status, member.full_from) == (MemberStatus.FULL, TODAY)
    with pytest.raises(Refused, match="预备党员"):
        make_full(member=member, full_from=TODAY, **by(county))


def transfer(county, member, branch, first_day=TODAY):
    transfer_member(
        member=member, branch=branch, first_day=first_day, moved_by=county.organisation_officer, moved_at=NOON
    )


def test_a_transfer_ends_one_membership_the_day_before_the_next_begins(county):
    member = county.yangcen.village.members[0]
    transfer(county, member, county.shaxi.village.branch)
    rows = list(member.memberships.order_by("valid_from").values_list("branch__name", "valid_to"))
    assert rows == [("中羊村第一党支部", date(2014, 8, 14)), ("寺登村第一党支部", None)]
    assert AuditEvent.objects.get(action=Action.MOVED).detail == {"branch": ["中羊村第一党支部", "寺登村第一党支部"]}


@pytest.mark.parametrize(
    ("first_day", "why"), [(date(2008, 7, 1), "晚于现支部"), (TOMORROW, "不能晚于今天")]
)  # fmt: skip
def test_a_transfer_on_an_impossible_day_is_refused(county, first_day, why):
    with pytest.raises(Refused, match=why):
        transfer(county, county.yangcen.village.members[0], county.shaxi.village.branch, first_day)


def test_a_transfer_to_the_same_branch_or_to_a_committee_is_refused(county):
    member = county.yangcen.village.members[0]
    with pytest.raises(Refused, match="已在此支部"):
        transfer(county, member, county.yangcen.village.branch)
    with pytest.raises(Refused, match="编入党支部"):
        transfer(county, member, county.yangcen.committee)
    assert BranchMembership.objects.filter(member=member).count() == 1


def test_a_member_under_discipline_may_not_introduce(county):
    member = county.yangcen.village.members[0]
    assert member.may_introduce
    set_standing(member=member, standing=MemberStanding.WARNED, reason="县纪委决定", **by(county))
    member.refresh_from_db()
    assert not member.may_introduce
    with pytest.raises(Refused, match="登记离党"):
        set_standing(member=member, standing=MemberStanding.LEFT, reason="x", **by(county))


def test_who_leaves_keeps_his_history_and_is_no_member_any_more(county):
    member = county.yangcen.village.members[0]
    end_membership(member=member, left_on=TODAY, reason="本人申请", **by(county))
    member.refresh_from_db()
    assert (member.left_on, member.may_introduce, member.person.is_party_member) == (TODAY, False, False)
    assert member.memberships.get().valid_to == TODAY
    with pytest.raises(Refused, match="已不是党员"):
        transfer(county, member, county.shaxi.village.branch)

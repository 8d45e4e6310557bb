from datetime import date

import pytest
from django.db.models import ProtectedError

from audit.choices import Action
from audit.models import AuditEvent
from organizations import queries
from organizations.choices import OrganizationKind as Kind, VillageKind
from organizations.models import Division, Organization
from organizations.operations import (
    NotAllowed,
    Refused,
    Unusual,
    add_division,
    add_organization,
    change_organization,
    close_organization,
    move_organization,
    set_service_areas,
)
from tests.factories.county import MEMBERS_IN_BRANCH, NOON, TODAY


def add(county, parent, kind=Kind.PARTY_BRANCH, by=None, **fields):
    fields = {
        "name": "第三党支部",
        "short_name": "",
        "code": "NEW-1",
        "division": parent.division if parent else county.division,
    } | fields
    return add_organization(
        parent=parent, kind=kind, valid_from=TODAY, added_by=by or county.organisation_officer, added_at=NOON, **fields
    )


def move(county, organization, parent, by=None, at=NOON, confirmed=False):
    return move_organization(
        organization=organization,
        parent=parent,
        moved_by=by or county.organisation_officer,
        moved_at=at,
        confirmed=confirmed,
    )


def paths():
    return dict(Organization.objects.values_list("pk", "path"))


def test_a_branch_is_added_below_a_general_branch_with_its_place_and_trace(county):
    added = add(county, county.yangcen.village.general_branch)
    assert Organization.objects.get_parent(added) == county.yangcen.village.general_branch
    assert added.placements.get().valid_from == TODAY
    assert AuditEvent.objects.get(action=Action.CREATED).subject_label == "第三党支部"


def test_the_tree_stays_sound_when_it_grows(county):
    add(county, county.yangcen.village.general_branch)
    add(county, county.yangcen.village.general_branch, code="NEW-2")
    assert not any(Organization.objects.find_problems())


def test_a_branch_below_a_branch_is_refused_with_a_sentence(county):
    with pytest.raises(Refused, match="党支部之下不能再设党支部"):
        add(county, county.yangcen.village.branch)


def test_an_unusual_place_is_asked_about_and_taken_when_confirmed(county):
    place = county.party_committee
    with pytest.raises(Unusual, match="联合党支部"):
        add(county, place, kind=Kind.JOINT_PARTY_BRANCH)
    assert add(county, place, kind=Kind.JOINT_PARTY_BRANCH, confirmed=True).pk


def test_a_division_outside_that_of_the_parent_is_asked_about(county):
    with pytest.raises(Unusual, match="区划"):
        add(county, county.yangcen.village.general_branch, division=county.shaxi.village.division)


def test_a_never_rule_cannot_be_confirmed_away(county):
    with pytest.raises(Refused):
        add(county, county.party_committee, kind=Kind.OUTLET, confirmed=True)


def test_government_and_credit_union_stand_at_the_top(county):
    assert add(county, None, kind=Kind.COUNTY_GOVERNMENT, name="县政府").depth == 1
    with pytest.raises(Unusual, match="顶层"):
        add(county, None, kind=Kind.PARTY_BRANCH, code="NEW-2")


def test_a_code_is_used_once(county):
    with pytest.raises(Refused, match="已被使用"):
        add(county, county.yangcen.village.general_branch, code=county.union.code)


def test_nothing_is_added_below_a_closed_organization(county):
    outlet = county.yangcen.outlet
    outlet.valid_to = date(2014, 1, 1)
    outlet.save()
    with pytest.raises(Refused, match="撤销"):
        add(county, outlet, kind=Kind.OUTLET)


def test_only_those_who_keep_the_tree_change_it(county):
    branch, general = county.yangcen.village.branch, county.shaxi.village.general_branch
    for user in (
        county.yangcen.clerk,
        county.yangcen.committee_officer,
        county.auditor,
        county.leader,
        county.outsider,
    ):
        with pytest.raises(NotAllowed):
            add(county, general, by=user)
        with pytest.raises(NotAllowed):
            move(county, branch, general, by=user, confirmed=True)
        with pytest.raises(NotAllowed):
            close_organization(organization=branch, last_day=TODAY, closed_by=user, closed_at=NOON)
    assert add(county, general, by=county.system_administrator).pk


def test_a_move_rewrites_the_paths_below_and_nobody_elses(county):
    general, target = county.yangcen.village.general_branch, county.shaxi.committee
    before = paths()
    moved = {pk for pk, path in before.items() if path.startswith(general.path)}
    change = move(county, general, target, confirmed=True)
    after = paths()
    assert change.old_path == general.path
    assert after[general.pk] == change.new_path
    assert all(after[pk] == before[pk] for pk in before if pk not in moved)
    assert all(after[pk] == change.new_path + before[pk][len(change.old_path) :] for pk in moved)
    assert not any(Organization.objects.find_problems())


def test_a_move_keeps_the_history_by_days(county):
    branch = county.yangcen.village.branch
    move(county, branch, county.shaxi.village.general_branch, confirmed=True)
    rows = list(branch.placements.order_by("valid_from").values_list("parent__name", "valid_from", "valid_to"))
    assert rows == [
        ("中羊村党总支", date(2010, 1, 1), date(2014, 8, 14)),
        ("寺登村党总支", TODAY, None),
    ]
    assert AuditEvent.objects.get(action=Action.MOVED).detail == {"parent": ["中羊村党总支", "寺登村党总支"]}


def test_two_moves_on_one_day_leave_one_place_for_that_day(county):
    branch = county.yangcen.village.branch
    move(county, branch, county.shaxi.village.general_branch, confirmed=True)
    move(county, branch, county.shaxi.villages[1].general_branch, confirmed=True)
    assert branch.placements.filter(valid_to=None).get().parent == county.shaxi.villages[1].general_branch
    assert branch.placements.count() == 2


@pytest.mark.parametrize("below", ["general_branch", "branch"])
def test_a_ring_is_refused(county, below):
    with pytest.raises(Refused, match="自己"):
        move(county, county.yangcen.village.general_branch, getattr(county.yangcen.village, below), confirmed=True)
    assert not any(Organization.objects.find_problems())


def test_a_move_to_where_it_already_is_is_refused(county):
    with pytest.raises(Refused, match="已在此处"):
        move(county, county.yangcen.village.branch, county.yangcen.village.general_branch)


def test_a_move_against_the_rules_is_refused_and_changes_nothing(county):
    before = paths()
    with pytest.raises(Refused, match="党支部"):
        move(county, county.yangcen.village.branch, county.yangcen.village.branches[1], confirmed=True)
    assert paths() == before


def test_an_organization_ends_and_is_never_deleted(county):
    branch = county.yangcen.village.branch
    branch.memberships.update(valid_to=date(2014, 8, 1))
    closed = close_organization(
        organization=branch, last_day=TODAY, closed_by=county.organisation_officer, closed_at=NOON
    )
    assert closed.valid_to == TODAY
    assert Organization.objects.in_force(TODAY).filter(pk=branch.pk).exists()
    assert not Organization.objects.in_force(date(2014, 8, 16)).filter(pk=branch.pk).exists()
    with pytest.raises(Refused, match="已于"):
        close_organization(organization=branch, last_day=TODAY, closed_by=county.organisation_officer, closed_at=NOON)


def test_an_organization_with_members_or_open_ones_below_does_not_end(county):
    for organization, why in (
        (county.yangcen.village.branch, "党员"),
        (county.yangcen.village.general_branch, "下级"),
    ):
        with pytest.raises(Refused, match=why):
            close_organization(
                organization=organization, last_day=TODAY, closed_by=county.organisation_officer, closed_at=NOON
            )


def test_nothing_that_others_point_at_can_be_deleted(county):
    for thing in (
        county.yangcen.village.branch, county.yangcen.village.division, county.yangcen.village.people[0],
        county.finance_officer, county.yangcen.village.households[0],
    ):  # fmt: skip
        with pytest.raises(ProtectedError):
            thing.delete()


def test_names_are_corrected_on_the_record(county):
    branch = county.yangcen.village.branch
    change_organization(
        organization=branch, name="中羊村沙坝党支部", short_name="", phone="0872-4520000", division=branch.division,
        changed_by=county.organisation_officer, changed_at=NOON,
    )  # fmt: skip
    detail = AuditEvent.objects.get(action=Action.CHANGED).detail
    assert detail["name"] == ["中羊村第一党支部", "中羊村沙坝党支部"]


def test_an_outlet_serves_the_villages_that_are_chosen(county):
    outlet, villages = county.yangcen.outlet, [village.division for village in county.villages]
    set_service_areas(outlet=outlet, divisions=villages, changed_by=county.organisation_officer, changed_at=NOON)
    assert outlet.service_areas.count() == 4
    set_service_areas(outlet=outlet, divisions=villages[:1], changed_by=county.organisation_officer, changed_at=NOON)
    assert outlet.service_areas.get().division == villages[0]
    with pytest.raises(Refused, match="网点"):
        set_service_areas(
            outlet=county.union, divisions=villages, changed_by=county.organisation_officer, changed_at=NOON
        )


def division(county, code, by=None):
    return add_division(
        code=code,
        name="新村",
        short_name="",
        valid_from=None,
        added_by=by or county.organisation_officer,
        added_at=NOON,
    )


def test_a_division_finds_level_parent_and_kind_by_its_code(county):
    village, community = division(county, "532931201209"), division(county, "532931104001")
    assert (village.parent, village.level, village.kind) == (county.yangcen.division, "village", VillageKind.VILLAGE)
    assert community.kind == VillageKind.COMMUNITY
    assert division(county, "532931105000").parent == county.division


@pytest.mark.parametrize(
    ("code", "why"),
    [("5329312012", "12"), ("53293120120x", "12"), ("532931201205", "已在"), ("532931999201", "上级区划")],
)
def test_a_wrong_division_code_is_refused(county, code, why):
    with pytest.raises(Refused, match=why):
        division(county, code)


def test_nobody_adds_divisions_of_another_county(county):
    Division.objects.create(code="532930000000", name="洱源县", short_name="洱源县", level="county")
    with pytest.raises(NotAllowed):
        division(county, "532930101000")


def test_the_tree_counts_branches_and_members_in_three_queries(county, django_assert_num_queries):
    with django_assert_num_queries(3):
        nodes = queries.get_tree_nodes(parent=county.party_committee, on=TODAY)
    counts = {node.organization.name: (node.branches, node.members) for node in nodes}
    assert counts["羊岑乡党委"] == (6, 4 * MEMBERS_IN_BRANCH)
    assert counts["县委组织部"] == (0, 0)


def test_the_top_of_the_tree_takes_five_queries_however_many_roots_there_are(county, django_assert_num_queries):
    with django_assert_num_queries(5):
        top = queries.get_top_of_tree(on=TODAY)
    names = {root.organization.name: [child.organization.name for child in children] for root, children in top}
    assert names["剑川县人民政府"] == ["县财政局"]
    assert [root.members for root, _ in top] == [8 * MEMBERS_IN_BRANCH, 0, 0]


def test_a_member_who_left_and_a_branch_that_ended_are_not_counted(county):
    branch = county.yangcen.village.branch
    branch.memberships.update(valid_to=date(2014, 8, 14))
    branch.valid_to = date(2014, 8, 14)
    branch.save()
    node = queries.get_tree_nodes(parent=county.yangcen.village.general_branch, on=TODAY)[0]
    assert (node.organization, node.branches, node.members, node.is_over) == (branch, 0, 0, True)
    assert queries.get_tree_nodes(parent=county.yangcen.village.general_branch, on=date(2014, 8, 14))[0].members == 4


def test_thresholds_warn_about_small_and_large_branches(county):
    branch = county.yangcen.village.branch
    strength = queries.get_strength(branch, on=TODAY)
    assert (strength.full, strength.probationary) == (3, 1)
    assert queries.size_warnings(branch, strength) == []
    assert queries.size_warnings(branch, queries.Strength(full=2, probationary=9)) == ["full_members_min"]
    assert queries.size_warnings(branch, queries.Strength(full=51, probationary=0)) == ["members_max"]
    general = county.yangcen.village.general_branch
    assert queries.size_warnings(general, queries.get_strength(general, on=TODAY)) == ["members_min"]

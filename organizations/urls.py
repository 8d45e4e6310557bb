from django.urls import path

from organizations.views import entities, households, members, people, tree

app_name = "organizations"

urlpatterns = [
    path("", tree.tree, name="tree"),
    path("add/", tree.root_add, name="root-add"),
    path("<int:organization_id>/", tree.organization_detail, name="detail"),
    path("<int:organization_id>/children/", tree.tree_children, name="children"),
    path("<int:organization_id>/add/", tree.organization_add, name="add"),
    path("<int:organization_id>/change/", tree.organization_change, name="change"),
    path("<int:organization_id>/service-areas/", tree.service_areas, name="service-areas"),
    path("divisions/", tree.division_list, name="divisions"),
    path("divisions/add/", tree.division_add, name="division-add"),
    path("people/", people.person_list, name="people"),
    path("people/register/", people.person_register, name="person-register"),
    path("people/check-number/", people.check_number, name="check-number"),
    path("people/<int:person_id>/", people.person_detail, name="person"),
    path("people/<int:person_id>/reveal/", people.reveal, name="reveal"),
    path("people/<int:person_id>/change/", people.person_change, name="person-change"),
    path("people/<int:person_id>/correct-number/", people.person_correct_number, name="person-correct-number"),
    path("people/<int:person_id>/move/", people.person_move, name="person-move"),
    path("people/<int:person_id>/admit/", members.admit, name="admit"),
    path("households/", households.household_list, name="households"),
    path("households/add/", households.household_add, name="household-add"),
    path("households/<int:household_id>/", households.household_detail, name="household"),
    path("households/<int:household_id>/change/", households.household_change, name="household-change"),
    path("households/<int:household_id>/members/add/", households.household_add_member, name="household-add-member"),
    path(
        "households/<int:household_id>/members/<int:person_id>/remove/",
        households.household_remove_member,
        name="household-remove-member",
    ),
    path(
        "households/<int:household_id>/members/<int:person_id>/head/",
        households.household_set_head,
        name="household-set-head",
    ),
    path("members/", members.member_list, name="members"),
    path("members/<int:member_id>/full/", members.make_full, name="member-full"),
    path("members/<int:member_id>/transfer/", members.transfer, name="member-transfer"),
    path("members/<int:member_id>/standing/", members.standing, name="member-standing"),
    path("members/<int:member_id>/leave/", members.leave, name="member-leave"),
    path("entities/", entities.entity_list, name="entities"),
    path("entities/register/", entities.entity_register, name="entity-register"),
    path("entities/<int:entity_id>/", entities.entity_detail, name="entity"),
    path("entities/<int:entity_id>/change/", entities.entity_change, name="entity-change"),
    path("entities/<int:entity_id>/dissolve/", entities.entity_dissolve, name="entity-dissolve"),
]

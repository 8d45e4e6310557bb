"""The pages of the sixth step: assessment and rewards, model households, inspections, publicity."""

from django.urls import URLPattern, URLResolver, path

from assessments.views import (
    accountability,
    households,
    inspections,
    problems,
    publicity,
    rewards,
    rounds,
    schemes,
    subjects,
)

app_name = "assessments"

urlpatterns: list[URLPattern | URLResolver] = [
    path("rounds/", rounds.round_list, name="rounds"),
    path("rounds/new/", rounds.round_new, name="round-new"),
    path("rounds/<int:campaign_id>/", rounds.round_detail, name="round"),
    path("rounds/<int:campaign_id>/ranking/", rounds.ranking, name="ranking"),
    path("rounds/<int:campaign_id>/ranking/paper/", rounds.ranking_paper, name="ranking-paper"),
    path("rounds/<int:campaign_id>/rewards/", rewards.rewards, name="rewards"),
    path("payees/<int:payee_id>/", rewards.payee, name="payee"),
    path("reward-budgets/", rewards.budgets, name="reward-budgets"),
    path("subjects/<int:subject_id>/", subjects.subject_detail, name="subject"),
    path("subjects/<int:subject_id>/score/", subjects.subject_score, name="subject-score"),
    path("subjects/<int:subject_id>/paper/", subjects.subject_paper, name="subject-paper"),
    path("subjects/<int:subject_id>/evidence/<uuid:file_id>/", subjects.evidence, name="evidence"),
    path("schemes/", schemes.scheme_list, name="schemes"),
    path("schemes/<int:scheme_id>/", schemes.scheme_detail, name="scheme"),
    path("schemes/<int:scheme_id>/copy/", schemes.scheme_copy, name="scheme-copy"),
    path("schemes/<int:scheme_id>/publish/", schemes.scheme_publish, name="scheme-publish"),
    path("schemes/<int:scheme_id>/edit/", schemes.scheme_edit, name="scheme-edit"),
    path("schemes/<int:scheme_id>/items/new/", schemes.item_new, name="item-new"),
    path("schemes/<int:scheme_id>/items/<int:item_id>/", schemes.item_edit, name="item"),
    path("schemes/<int:scheme_id>/items/<int:item_id>/remove/", schemes.item_remove, name="item-remove"),
    path("village-posts/", rewards.village_post_list, name="village-posts"),
    path("village-posts/new/", rewards.village_post_new, name="village-post-new"),
    path("village-posts/<int:post_id>/end/", rewards.village_post_end, name="village-post-end"),
    path("model-households/", households.household_list, name="households"),
    path("model-households/new/", households.household_new, name="household-new"),
    path("model-households/<int:honour_id>/", households.household_detail, name="household"),
    path("model-households/<int:honour_id>/certificate/", households.certificate, name="household-certificate"),
    path("award-schemes/", households.award_schemes, name="award-schemes"),
    path("inspections/", inspections.inspection_list, name="inspections"),
    path("inspections/<int:inspection_id>/", inspections.inspection_detail, name="inspection"),
    path("inspections/<int:inspection_id>/list/", inspections.population, name="inspection-list"),
    path("inspections/<int:inspection_id>/record/", inspections.draw_record, name="inspection-record"),
    path("inspections/<int:inspection_id>/loans/<int:item_id>/", inspections.item_detail, name="inspection-item"),
    path(
        "inspections/<int:inspection_id>/photos/<uuid:photo>/", inspections.inspection_photo, name="inspection-photo"
    ),
    path("problems/", problems.problem_list, name="problems"),
    path("problems/new/", problems.problem_new, name="problem-new"),
    path("problems/<int:problem_id>/", problems.problem_detail, name="problem"),
    path("accountability/", accountability.accountability, name="accountability"),
    path("accountability/<slug:by>/<int:key>/", accountability.accountability_loans, name="accountability-loans"),
    path("publicity/", publicity.publicity_list, name="publicity"),
    path("publicity/new/", publicity.publicity_new, name="publicity-new"),
    path("publicity/<int:event_id>/", publicity.publicity_event, name="publicity-event"),
    path("publicity/<int:event_id>/photos/<uuid:photo>/", publicity.publicity_photo, name="publicity-photo"),
]

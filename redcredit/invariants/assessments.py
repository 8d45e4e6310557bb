"""Organisational assessment: scores within bounds, results as scored, rewards that add up and are paid once."""

from django.utils.translation import gettext_lazy as _

from redcredit.invariants.checking import Invariant

POINTS = """
    SELECT s.name, h.level, i.name AS item, r.points, i.points AS most
    FROM assessments_scorerecord r
    JOIN assessments_scoresheet h ON h.id = r.sheet_id
    JOIN assessments_subject s ON s.id = h.subject_id
    JOIN assessments_schemeitem i ON i.id = r.item_id
    JOIN assessments_schemegroup g ON g.id = i.group_id
    JOIN assessments_campaign c ON c.id = s.campaign_id
    WHERE r.points < 0 OR r.points > i.points OR g.scheme_id <> c.scheme_id
"""

SHEETS = """
    SELECT s.name, h.level, h.version, h.score, sum(r.points) AS points
    FROM assessments_scoresheet h
    JOIN assessments_subject s ON s.id = h.subject_id
    JOIN assessments_scorerecord r ON r.sheet_id = h.id
    GROUP BY h.id, s.name
    HAVING h.score <> sum(r.points) OR h.is_vetoed <> bool_or(r.is_missed)
"""

RESULTS = """
    SELECT s.name, r.score, last.score AS scored
    FROM assessments_result r
    JOIN assessments_subject s ON s.id = r.subject_id
    JOIN LATERAL (
        SELECT h.score, h.is_vetoed FROM assessments_scoresheet h
        WHERE h.subject_id = s.id AND h.level = 'county' ORDER BY h.version DESC LIMIT 1
    ) AS last ON true
    WHERE r.score <> last.score OR r.is_vetoed <> last.is_vetoed
"""

PERSONS = """
    SELECT s.name, h.person_key, string_agg(DISTINCT h.level, ', ') AS levels
    FROM assessments_scoresheet h JOIN assessments_subject s ON s.id = h.subject_id
    GROUP BY s.id, h.person_key HAVING count(DISTINCT h.level) > 1
"""

PLANS = """
    SELECT c.name, p.total, sum(y.amount) AS payees, coalesce(sum(l.lines), 0) AS lines
    FROM assessments_rewardplan p
    JOIN assessments_campaign c ON c.id = p.campaign_id
    JOIN assessments_rewardpayee y ON y.plan_id = p.id
    LEFT JOIN (SELECT payee_id, sum(amount) AS lines FROM assessments_rewardline GROUP BY payee_id) AS l
        ON l.payee_id = y.id
    GROUP BY p.id, c.name
    HAVING p.total <> sum(y.amount) OR p.total <> coalesce(sum(l.lines), 0)
"""

PAID_ONCE = """
    SELECT y.name, y.amount, sum(CASE WHEN o.kind = 'paid' THEN o.amount ELSE -o.amount END) AS paid, p.state
    FROM assessments_rewardpayout o
    JOIN assessments_rewardpayee y ON y.id = o.payee_id
    JOIN assessments_rewardplan p ON p.id = y.plan_id
    GROUP BY y.id, p.state
    HAVING sum(CASE WHEN o.kind = 'paid' THEN o.amount ELSE -o.amount END) NOT IN (0, y.amount)
        OR p.state <> 'approved' OR count(*) <> max(o.sequence)
"""

BUDGET = """
    SELECT d.name, approved.year, approved.total, coalesce(b.amount, 0) AS budget
    FROM (
        SELECT c.county_id, p.year, sum(p.total) AS total
        FROM assessments_rewardplan p JOIN assessments_campaign c ON c.id = p.campaign_id
        WHERE p.state = 'approved' GROUP BY c.county_id, p.year
    ) AS approved
    JOIN organizations_division d ON d.id = approved.county_id
    LEFT JOIN LATERAL (
        SELECT amount FROM assessments_rewardbudget b
        WHERE b.county_id = approved.county_id AND b.year = approved.year ORDER BY b.id DESC LIMIT 1
    ) AS b ON true
    WHERE approved.total > coalesce(b.amount, 0)
"""

ASSESSMENTS = (
    Invariant("points_lie_within_their_item", _("No item brought more points than it is worth."), POINTS),
    Invariant("sheets_add_up", _("The points of every sheet add up to its score."), SHEETS),
    Invariant("results_are_what_was_scored", _("Every final result is the county's last score."), RESULTS),
    Invariant("levels_are_different_people", _("Nobody scored one subject at two levels."), PERSONS),
    Invariant("rewards_add_up", _("The rewards of every plan add up to its total."), PLANS),
    Invariant("rewards_are_paid_once", _("Every reward was paid once at most, and only when approved."), PAID_ONCE),
    Invariant("rewards_keep_to_the_budget", _("No year's approved rewards exceed its budget."), BUDGET),
)

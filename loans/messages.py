"""The sentences by which people learn what became of a case, and what is late."""

from django.utils.translation import gettext_lazy as _

from inbox.registry import Kind
from loans.choices import Outcome

# What is told of a decision, by its outcome. What merely goes on its way is told to nobody: the queues show it.
DECIDED: dict[str, Kind] = {
    Outcome.RETURN: Kind("case_returned", _("Returned for correction: %(name)s, %(number)s."), tone="bad"),
    Outcome.REJECT: Kind("case_rejected", _("Not passed: %(name)s, %(number)s."), tone="bad"),
    Outcome.DECLINE: Kind("case_declined", _("Declined by the lender: %(name)s, %(number)s."), tone="bad"),
    Outcome.STOP: Kind("notice_stopped", _("The notice must be published anew: %(name)s, %(number)s."), tone="warn"),
    Outcome.CONFIRM_WITHOUT: Kind("no_subsidy", _("Goes on without subsidy: %(name)s, %(number)s."), tone="warn"),
    Outcome.REFUSE_CONSENT: Kind("consent_refused", _("Consent refused: %(name)s, %(number)s."), tone="warn"),
    Outcome.DISBURSE: Kind("case_paid_out", _("Paid out: %(name)s, %(number)s."), tone="ok"),
}
OBJECTED = Kind(
    "notice_objected", _("Objection to the notice of %(name)s, %(number)s; settle it by %(day)s."), tone="bad"
)
RECEIVED = Kind(
    "objection_received",
    _("Objection by the public page to %(name)s, %(number)s; say by %(day)s whether it is accepted."),
    tone="bad",
)
LATE = Kind("cases_late", _("%(cases)s cases of your area are late, the oldest since %(day)s."), tone="bad")
URGED = Kind("case_urged", _("Please deal with it: %(name)s, %(number)s. %(office)s asks for it."), tone="bad")
KINDS = (*DECIDED.values(), OBJECTED, RECEIVED, LATE, URGED)

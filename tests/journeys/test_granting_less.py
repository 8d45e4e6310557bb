"""The credit union grants less than was asked: what is not needed goes back to quota and budget."""

import pytest

from tests.journeys import deeds
from tests.journeys.browser import Browser

pytestmark = pytest.mark.usefixtures("invariants_hold")


def standing(office, row):
    """Return what the page of the rules says of a township's quota or a year's budget: total, used, left."""
    rules = Browser.of(office.organisation_officer).home().menu("政策规则").follow("2014年办法")
    return [cell.text for cell in rules.row(row).find("td")][-3:]


def test_a_smaller_loan_frees_quota_and_budget(office, days):
    assert standing(office, "羊岑乡") == ["5,000,000.00", "0.00", "5,000,000.00"]
    farmer = deeds.bring_to_lender(office, days)
    assert standing(office, "羊岑乡") == ["5,000,000.00", "50,000.00", "4,950,000.00"]
    assert standing(office, "2014 ") == ["250,000.00", "1,500.00", "248,500.00"]

    officer = Browser.of(office.yangcen.credit_officer)
    paid = deeds.disburse(officer, farmer.name, contract="HT-1", amount="30,000")
    assert "30,000.00 元" in paid.text
    assert standing(office, "羊岑乡") == ["5,000,000.00", "30,000.00", "4,970,000.00"]
    assert standing(office, "2014 ") == ["250,000.00", "900.00", "249,100.00"]
    assert standing(office, "沙溪镇") == ["5,000,000.00", "0.00", "5,000,000.00"]


def test_a_declined_loan_frees_everything(office, days):
    farmer = deeds.bring_to_lender(office, days)
    officer = Browser.of(office.yangcen.credit_officer)
    form = deeds.take_up(officer, "信用社核发", farmer.name).form(having="outcome")
    form.fill(outcome="不予核发", reason="征信不良。").submit()
    assert standing(office, "羊岑乡") == ["5,000,000.00", "0.00", "5,000,000.00"]
    assert standing(office, "2014 ") == ["250,000.00", "0.00", "250,000.00"]

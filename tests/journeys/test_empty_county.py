"""An empty county becomes one that lends, by nothing but the pages: no row is written by a fixture or a demo.

The two commands of the README give divisions, rules and the two administrators; people click the rest.
"""

import re
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from accounts.models import User
from loans.models import Application
from organizations.models import Household, Organization, PartyMember, Person
from tests.factories.organizations import synthetic_id_number
from tests.journeys import deeds
from tests.journeys.browser import Browser
from workflow.engine import State

PASSWORD = "xian-cheng-2014"
FOUNDED = date(2010, 1, 1)
# Name, kind, division, and under which of the organizations before it stands.
TREE = (
    ("县委组织部", "组织部", "剑川县", "中共剑川县委"),
    ("剑川县人民政府", "县人民政府", "剑川县", ""),
    ("县财政局", "财政局", "剑川县", "剑川县人民政府"),
    ("剑川县农村信用合作联社", "县联社", "剑川县", ""),
    ("羊岑信用社", "信用社网点", "羊岑乡", "剑川县农村信用合作联社"),
    ("羊岑乡党委", "乡镇党委", "羊岑乡", "中共剑川县委"),
    ("中羊村党总支", "党总支", "中羊村", "羊岑乡党委"),
    ("中羊村第一党支部", "党支部", "中羊村", "中羊村党总支"),
)
# Account, name, role, and where.
STAFF = (
    ("clerk", "李经办", "乡镇经办员", "羊岑乡党委"),
    ("secretary", "王书记", "支部书记", "中羊村第一党支部"),
    ("committee", "赵备案", "乡镇党委", "羊岑乡党委"),
    ("organisation", "段组织", "县委组织部", "县委组织部"),
    ("finance", "和财政", "县财政局", "县财政局"),
    ("officer", "杨信贷", "信用社客户经理", "羊岑信用社"),
)


def begin(username, password):
    """Sign in with a first password, which must be changed before anything else."""
    browser = Browser()
    page = browser.sign_in(username, password)
    form = page.form(having="old_password")
    form.fill(old_password=password, new_password1=PASSWORD, new_password2=PASSWORD).submit()
    return browser


def organization(browser, name):
    """Find an organization in the tree and open its page."""
    tree = browser.home().menu("组织机构")
    return tree.form(having="q").fill(q=name).submit().follow(name)


def add_organization(browser, number, name, kind, division, above):
    if above:
        page = organization(browser, above).follow("新增下级")
    else:
        page = browser.home().menu("组织机构").follow("新增顶层组织")
    form = page.form(having="kind").fill(name=name, kind=kind, code=f"JC-{number:03}", valid_from=FOUNDED)
    place = next(words for words in form.options("division") if words.endswith(f" {division}"))
    assert f"“{name}”已新增。" in form.fill(division=place).submit().text


def open_account(browser, username, name):
    """Return the first password, which the page tells once."""
    form = browser.home().menu("账号管理").follow("开设账号").form(having="username")
    return form.fill(username=username, name=name).submit().main.find("dd")[-1].text


def appoint(browser, username, role, place, *, on):
    whom = browser.home().menu("岗位任免").follow("任命").form(having="q").fill(q=username).submit()
    where = whom.follow(username).form(having="q").fill(q=place).submit().follow(place)
    where.form(having="valid_from").fill(role=role, valid_from=on).submit()


def register_household(clerk, people):
    """Write a household down with its people, the head first."""
    form = clerk.home().menu("农户").follow("新增户").form(having="address")
    page = form.fill(division="羊岑乡 中羊村", address="三组12号").submit()
    code = re.search(r"\d+-\d+", page.text).group()
    for number, (name, relation) in people.items():
        form = clerk.home().menu("人员名册").follow("登记人员").form(having="id_number")
        form.fill(id_number=number, name=name, division="羊岑乡 中羊村", household=code, relation=relation).submit()


@pytest.mark.slow
@pytest.mark.django_db
def test_an_empty_county_is_set_up_and_lends_by_clicking(days):
    call_command("load_reference", "jianchuan", stdout=StringIO())
    told = StringIO()
    call_command("first_administrators", "532931000000", stdout=told, stderr=StringIO())
    passwords = dict(line.split("\t") for line in told.getvalue().splitlines())
    assert (Person.objects.count(), Application.objects.count(), User.objects.count()) == (0, 0, 2)

    # The system administrator makes the tree and opens the accounts.
    system = begin("sysadmin", passwords["sysadmin"])
    for number, row in enumerate(TREE, start=1):
        add_organization(system, number, *row)
    areas = organization(system, "羊岑信用社").follow("服务区域").form(having="divisions")
    township = [value for value, words in areas.controls["divisions"].options.items() if words.endswith("羊岑乡")]
    areas.fill(divisions=township).submit()
    first = {username: open_account(system, username, name) for username, name, _role, _place in STAFF}

    # The security administrator gives the posts; the system administrator could not.
    security = begin("secadmin", passwords["secadmin"])
    for username, _name, role, place in STAFF:
        appoint(security, username, role, place, on=days.today)
    assert not system.home().has_link("岗位任免")
    staff = {username: begin(username, password) for username, password in first.items()}

    # The clerk writes down a household and a Party member; the organisation department enters him in its register.
    clerk, department = staff["clerk"], staff["organisation"]
    farmer, wife, member = (synthetic_id_number(number).number for number in (7000, 7400, 4000))
    register_household(clerk, {farmer: ("施金凤", "户主"), wife: ("何永强", "配偶")})
    register_household(clerk, {member: ("张国华", "户主")})
    page = department.home().menu("人员名册").follow("张国华").follow("登记为党员")
    page.form(having="joined_on").fill(
        branch="中羊村第一党支部", joined_on=date(2001, 7, 1), full_from=date(2002, 7, 1)
    ).submit()

    # Quota and budget of the year.
    rules = department.home().menu("政策规则").follow("2014年办法")
    rules.follow("下达额度").form(having="total").fill(township="羊岑乡", year="2014", total="4,500,000").submit()
    rules = staff["finance"].home().menu("政策规则").follow("2014年办法")
    budget = rules.follow("安排预算").form(having="appropriated")
    budget.fill(year="2014", appropriated="250000", document_number="剑财预〔2014〕1号").submit()

    # And the first case goes its way.
    person = Person.objects.get(name="施金凤")
    begun = deeds.begin_application(clerk, person).form(having="outlet")
    assert "羊岑信用社" in begun.controls["outlet"].options[begun.value("outlet")], (
        "the outlet that serves the village"
    )
    assert "已提交" in deeds.register(clerk, person, on=days.today, branch="中羊村第一党支部").text
    deeds.introduce(clerk, "施金凤", "张国华", on=days.today)
    deeds.review(staff["secretary"], "施金凤", on=days.today)
    deeds.publish(staff["secretary"], "施金凤")
    days.go_by(7)
    assert "羊岑党备〔2014〕1号" in deeds.file(staff["committee"], "施金凤").text
    deeds.confirm(staff["finance"], "施金凤")
    assert "HT-1" in deeds.disburse(staff["officer"], "施金凤", contract="HT-1").text

    case = Application.objects.get()
    assert (case.number, case.state) == ("532931-2014-00001", State.LENT)
    assert (Household.objects.count(), PartyMember.objects.count()) == (2, 1)
    assert Organization.objects.count() == len(TREE) + 1

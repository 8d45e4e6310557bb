"""What each person of the county does at his screen, click by click. The stories are told with these.

Each deed begins where its person begins, at 我的待办 (or the page named in its signature), and returns the page that
answers. What is typed are defaults that a story may change by the field's name.
"""

from organizations.models import Person
from tests.factories.county import County
from tests.journeys.browser import Browser, Form, Page
from tests.journeys.days import Days

PLAN = {
    "tier": "立足自身脱贫致富",
    "amount_asked": "50000",
    "term_months": "12",
    "repayment_method": "按季付息，到期还本",
    "purpose": "养殖",
    "project_name": "生猪养殖",
    "plan": "扩建猪舍，存栏由40头增至120头，用出栏收入还款。",
    "project_total": "100000",
    "own_funds": "50000",
    "annual_income": "36000",
    "existing_loans": "0",
}
MEETING = {
    "place": "村党员活动室",
    "chair": "和秀兰",
    "recorder": "段军",
    "entitled": "9",
    "present": "8",
    "in_favour": "7",
    "against": "0",
    "abstained": "1",
    "plan_is_sound": True,
    "prospects_are_good": True,
    "credit_is_good": True,
    "can_repay": True,
}


# Queues that are read side by side: a line of the list opens the case.
REVIEWED = ("支部审核", "党委备案", "政府贴息")
FIRST_PAGE = ("borrower_kind", "entity", "version", "branch", "outlet")
DECLARATIONS = ["truth", "personal_data", "credit_query", "notice"]
CONTINUE = "保存并继续"


def begin_application(clerk: Browser, applicant: Person) -> Page:
    """Find the applicant by his identity number and open the first page."""
    search = clerk.home().menu("登记新申请").form(having="text")
    return search.fill(text=applicant.read_id_number()).submit().follow(applicant.name)


def write_down(clerk: Browser, applicant: Person, **answers: object) -> Form:
    """Fill in the pages up to the project, whose form is returned; the introduction is left to its own step."""
    first = {"branch": f"{applicant.division.name}第一党支部"}
    first |= {name: answers.pop(name) for name in FIRST_PAGE if name in answers}
    page = begin_application(clerk, applicant).form(having="outlet").fill(**first).submit(CONTINUE)
    if "/referral/" in page.url:
        page = page.form(button=CONTINUE).submit(CONTINUE)
    return page.form(having="amount_asked").fill(**{**PLAN, **answers})


def register(clerk: Browser, applicant: Person, *, on: object, **answers: object) -> Page:
    """The clerk writes an application down page by page and submits it."""
    papers = write_down(clerk, applicant, **answers).submit(CONTINUE)
    return hand_in(papers.form(button=CONTINUE).submit(CONTINUE), on=on)


def hand_in(check: Page, *, on: object) -> Page:
    """Everything is declared on the last page, and submitted."""
    form = check.form(having="declarations").fill(declarations=DECLARATIONS, consent_signed_on=on)
    return form.submit("提交")


def take_up(somebody: Browser, queue: str, applicant: str) -> Page:
    """Open the case of an applicant from the queue of a step; the button of a row says what it does."""
    page = somebody.home().menu(queue)
    if queue in REVIEWED:
        return page.follow(applicant)
    buttons = ("核发", "审批") if queue == "信用社核发" else ("办理",)
    said = page.row(applicant).text
    return page.follow_in_row(applicant, next((button for button in buttons if button in said), buttons[0]))


def introduce(clerk: Browser, applicant: str, member: str, *, on: object) -> Page:
    """Step 1: the clerk records which Party member introduces the applicant."""
    form = take_up(clerk, "党员介绍", applicant).form(having="introducer")
    return form.fill(introducer=member, visited_on=on, is_no_relative=True).submit()


def review(secretary: Browser, applicant: str, *, on: object, **answers: object) -> Page:
    """Step 2: the secretary records the meeting of his branch."""
    form = take_up(secretary, "支部审核", applicant).form(having="entitled")
    return form.fill(**{**MEETING, "held_on": on, "reason": "同意推荐。", **answers}).submit()


def publish(secretary: Browser, applicant: str) -> Page:
    """The branch hangs the notice out; its first day is today."""
    form = take_up(secretary, "公示", applicant).form(having="starts_on")
    return form.fill(place="村委会公示栏", phone="0872-4520001").submit()


def file(officer: Browser, applicant: str) -> Page:
    """Step 3: the township committee files the case."""
    return take_up(officer, "党委备案", applicant).form(having="received_on").submit()


def confirm(finance: Browser, applicant: str) -> Page:
    """Step 4: the finance bureau confirms the subsidy."""
    return take_up(finance, "政府贴息", applicant).form(having="outcome").submit()


def disburse(officer: Browser, applicant: str, *, contract: str, **answers: object) -> Page:
    """Step 5: the credit union pays out."""
    form = take_up(officer, "信用社核发", applicant).form(having="contract_number")
    payment = {"outcome": "核发放款", "contract_number": contract, "bank_reference": f"FK-{contract}"}
    return form.fill(**{**payment, **answers}).submit()


def repay(officer: Browser, contract: str, *, principal: str, interest: str, reference: str) -> Page:
    """The officer books a payment on the page of the loan."""
    loan = officer.home().menu("贷款台账").follow_in_row(contract, "")
    form = loan.form(having="principal")
    return form.fill(principal=principal, interest=interest, bank_reference=reference).submit()


def assess(department: Browser, applicant: str) -> Page:
    """Step 6: the organisation department looks back and closes the case."""
    form = take_up(department, "组织考核", applicant).form(having="use")
    return form.fill(
        use="按约定用途使用", conduct="按期还清", leading_role="带动少数群众", households_led="3"
    ).submit()


def bring_to_notice(office: County, days: Days) -> Person:
    """The farmer of the first village applies; introduced, reviewed and in notice from today. Returns him."""
    village = office.yangcen.village
    clerk, secretary = Browser.of(office.yangcen.clerk), Browser.of(village.secretary)
    register(clerk, village.farmer, on=days.today)
    introduce(clerk, village.farmer.name, village.members[0].person.name, on=days.today)
    review(secretary, village.farmer.name, on=days.today)
    publish(secretary, village.farmer.name)
    return village.farmer


def bring_to_lender(office: County, days: Days) -> Person:
    """The same case after its notice, filed and confirmed: it waits for the credit union."""
    farmer = bring_to_notice(office, days)
    days.go_by(7)
    file(Browser.of(office.yangcen.committee_officer), farmer.name)
    confirm(Browser.of(office.finance_officer), farmer.name)
    return farmer


def find_case(somebody: Browser, applicant: str) -> Page:
    """Open the file of the newest case of an applicant from the list of all cases."""
    return somebody.home().menu("全部申请").follow_in_row(applicant, applicant)

"""What a person would send to each address that takes something: valid, so that no complaint hides a missing check."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.choices import Role
from assessments.queries.inspections import sheets
from assessments.queries.rounds import items_of
from loans.choices import Outcome
from risk.choices import ClaimPaper
from tests.access_world import Objects
from tests.factories.county import TODAY
from tests.factories.files import jpeg, pdf, upload
from tests.factories.households import answers_to
from tests.factories.organizations import synthetic_id_number
from tests.factories.statements import csv, row_of
from tests.factories.subsidies import OTHER_CARD
from tests.loans import pages

DAY = TODAY.isoformat()
MEETING = {"kind": "members", "held_on": DAY, "held_time": "09:00", "place": "活动室", "topic": "审议贷款申请"}
NEW_PASSWORD = "lin-shi-mima-2014"
PAYOUT = {
    "amount": "50000", "term_months": "12", "start_date": DAY, "contract_number": "HT-X1", "bank_reference": "FK-X1",
}  # fmt: skip
VISIT = {"visited_on": DAY, "use_of_funds": "as_agreed", "business": "good", "outlook": "sure", "findings": ""}
ASSESSMENT = {"use": "as_agreed", "conduct": "on_time", "leading_role": "some", "households_led": "3"}


def _self_assessment(objects: Objects) -> dict[str, Any]:
    """The self-assessment of a branch: every entered item with its grounds."""
    subject = objects.assessed["self"]
    sent: dict[str, Any] = {"revision": subject.revision, "request_id": str(uuid4()), "opinion": ""}
    for item in items_of(subject.campaign.scheme_id):
        if not item.measure:
            sent |= {f"value_{item.pk}": "45", f"reason_{item.pk}": "据实填报。"}
        if item.is_share:
            sent[f"of_{item.pk}"] = "50"
    return sent


def _scheme_item() -> dict[str, Any]:
    return {
        "group": "有效益", "name": "增收成效", "points": "10", "measure": "", "direction": "higher",
        "formula": "proportion", "target": "100", "zero_at": "0", "deduction": "0", "note": "",
    }  # fmt: skip


def _decision(case: str, outcome: str, /, **fields: str) -> Callable[[Objects], dict[str, Any]]:
    return lambda objects: pages.decision(objects.cases[case], outcome, **fields)


def _referral(objects: Objects) -> dict[str, Any]:
    member = next(one for one in objects.township.village.members if one.person.household_id != _borrower(objects))
    fields = {"introducer": str(member.pk), "visited_on": DAY, "is_no_relative": "on"}
    return pages.decision(objects.cases["referral"], Outcome.PASS, **fields)


def _borrower(objects: Objects) -> int:
    return objects.cases["referral"].household_id


def _application(objects: Objects) -> dict[str, Any]:
    rules = objects.cases["draft"].version
    return pages.applicant_page(objects.county, objects.township, rules=rules)


def _applicant_page(objects: Objects) -> dict[str, Any]:
    """Page 1 of the draft as it would be saved again, with another outlet."""
    case = objects.cases["draft"]
    case.refresh_from_db()
    posted = {
        "version": case.version_id, "borrower_kind": "household", "branch": case.branch_id, "outlet": case.outlet_id,
        "request_id": str(case.request_id), "revision": case.revision,
    }  # fmt: skip
    return posted | {"action": "leave"}


def _draft(objects: Objects) -> dict[str, Any]:
    return pages.project_page(objects.cases["draft"], amount_asked="30000", action="leave")


def _new_person(objects: Objects) -> dict[str, Any]:
    return {
        "id_number": _free_number(objects), "name": "新来人", "division": objects.township.village.division.pk,
        "ethnic_group": "BA", "relation": "head",
    }  # fmt: skip


def _organization(objects: Objects, **fields: Any) -> dict[str, Any]:
    division = objects.township.village.division
    return {"name": "新设", "code": "NEW-1", "valid_from": DAY, "confirmed": "on", "division": division.pk, **fields}


def _free_number(objects: Objects) -> str:
    return synthetic_id_number(9000).number


def _village(objects: Objects) -> int:
    return objects.county.yangcen.village.division.pk


def _claim(state: str, action: str, /, **fields: str) -> Callable[[Objects], dict[str, Any]]:
    return lambda objects: {"action": action, "revision": objects.claims[state].revision, **fields}


def _scans() -> dict[str, Any]:
    return {f"file_{code}": upload(pdf(), "附件.pdf") for code in ClaimPaper.values}


def _payouts(objects: Objects) -> dict[str, Any]:
    return pages.payouts(objects.cases["disbursement"])


def _together(objects: Objects, step: str, **fields: str) -> dict[str, Any]:
    case = objects.cases[step]
    case.refresh_from_db()
    return {
        "listed": case.pk, "case": case.pk, f"revision-{case.pk}": case.revision, "request_id": str(uuid4()), **fields,
    }  # fmt: skip


def _deed(state: str) -> Callable[[Objects], dict[str, Any]]:
    return lambda objects: {"revision": getattr(objects.batches, state).revision, "reason": "已核对。"}


def _answers(objects: Objects) -> dict[str, Any]:
    line = f"{objects.batches.sent.pk},成功,,{DAY},HD-1"
    content = f"支付编号,结果,退票代码,日期,流水号\n{line}".encode()
    return {"file": SimpleUploadedFile("answers.csv", content)}


def _sheet(objects: Objects) -> dict[str, Any]:
    case = objects.cases["public_notice"]
    case.refresh_from_db()
    return {
        "case": case.pk, f"revision_{case.pk}": case.revision, "title": "公示", "place": "公示栏",
        "phone": "0872-4520001", "address": "村委会", "starts_on": DAY, "request_id": str(uuid4()),
    }  # fmt: skip


POSTED: dict[str, Callable[[Objects], dict[str, Any]]] = {
    "accounts:login": lambda o: {"username": "nobody-here", "password": "wrong"},
    "accounts:logout": lambda o: {},
    "accounts:language": lambda o: {"language": "en"},
    "accounts:password": lambda o: {
        "old_password": "shixin-2014-jian", "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD,
    },
    "accounts:preferences": lambda o: {"language": "zh-hans", "large_text": "on"},
    "accounts:account-open": lambda o: {"username": "new-account", "name": "新账号"},
    "accounts:account-close": lambda o: {},
    "accounts:account-reopen": lambda o: {},
    "accounts:account-reset": lambda o: {},
    "accounts:account-unlock": lambda o: {},
    "accounts:appoint": lambda o: {"role": "village_clerk", "valid_from": DAY},
    "accounts:dismiss": lambda o: {"last_day": DAY},
    "accounts:hand-over": lambda o: {"first_day": DAY},
    "accounts:delegate": lambda o: {"first_day": DAY, "last_day": DAY},
    "jobs:restart": lambda o: {},
    "inbox:open": lambda o: {},
    "web:views": lambda o: {"path": "/loans/cases/", "query": "mine=on", "name": "我的"},
    "web:view-delete": lambda o: {"path": "/loans/cases/"},
    "loans:cases": lambda o: {},
    "loans:loans": lambda o: {},
    "loans:arrears": lambda o: {},
    "loans:visits": lambda o: {},
    "inbox:read-all": lambda o: {"newest": "0"},
    "loans:urge": lambda o: {},
    "organizations:root-add": lambda o: _organization(o, kind="government_department", division=o.county.division.pk),
    "organizations:add": lambda o: _organization(o, kind="party_group"),
    "organizations:change": lambda o: {"name": "改名支部", "division": o.township.village.division.pk},
    "organizations:service-areas": lambda o: {"divisions": [o.township.village.division.pk]},
    "organization-move": lambda o: {"confirmed": "on"},
    "organization-close": lambda o: {"last_day": DAY},
    "organizations:division-add": lambda o: {"code": "532931201299", "name": "新村"},
    "organizations:person-register": lambda o: {
        "id_number": _free_number(o), "name": "新人", "division": _village(o), "ethnic_group": "BA",
        "relation": "head",
    },
    "organizations:check-number": lambda o: {"id_number": _free_number(o)},
    "invariants": lambda o: {},
    "organizations:reveal": lambda o: {"reason": "核对授权书"},
    "organizations:person-change": lambda o: {"name": "改名人", "ethnic_group": "BA"},
    "organizations:person-correct-number": lambda o: {"id_number": _free_number(o), "reason": "录入有误"},
    "organizations:person-move": lambda o: {"division": o.township.villages[1].division.pk},
    "organizations:admit": lambda o: {"branch": o.branch.pk, "joined_on": "2014-07-01"},
    "organizations:household-add": lambda o: {"division": _village(o), "address": "九号"},
    "organizations:household-change": lambda o: {"address": "改址"},
    "organizations:household-add-member": lambda o: {"id_number": o.homeless.read_id_number(), "relation": "other"},
    "organizations:household-remove-member": lambda o: {},
    "organizations:household-set-head": lambda o: {},
    "organizations:member-full": lambda o: {"full_from": DAY},
    "organizations:member-transfer": lambda o: {"branch": o.branch.pk, "first_day": DAY},
    "organizations:member-standing": lambda o: {"standing": "warned", "reason": "处分决定"},
    "organizations:member-leave": lambda o: {"left_on": DAY, "reason": "退党"},
    "organizations:entity-register": lambda o: {"name": "新合作社", "kind": "cooperative", "division": _village(o)},
    "organizations:entity-change": lambda o: {"name": "改名合作社", "confirmed": "on"},
    "organizations:entity-dissolve": lambda o: {"last_day": DAY},
    "loans:bulk committee_filing": lambda o: _together(o, "committee_filing", received_on=DAY),
    "loans:bulk subsidy_confirmation": lambda o: _together(o, "subsidy_confirmation"),
    "loans:phrases": lambda o: {"place": "", "text": "情况属实。"},
    "loans:phrase-delete": lambda o: {},
    "loans:recall": lambda o: {},
    "dashboards:board-workbook": lambda o: {},
    "loans:desk-export": lambda o: {},
    "loans:desk-chosen": lambda o: {"case": o.cases["disbursement"].pk, "action": "contracts"},
    "loans:desk-bulk": _payouts,
    "loans:find-applicant": lambda o: {"text": "杨"},
    "loans:application-new": _application,
    "loans:applicant-check": lambda o: {"text": _free_number(o)},
    "loans:applicant-register": _new_person,
    "loans:application-page": _draft,
    "loans:application-page applicant": _applicant_page,
    "loans:application-page referral": lambda o: pages.referral_page(
        o.cases["draft"], o.township.village.members[3], action="leave"
    ),
    "loans:application-page check": lambda o: pages.check_page(o.cases["draft"]),
    "loans:application-autosave": _draft,
    "loans:application-people": lambda o: {"people": "杨"},
    "loans:decide referral": _referral,
    "loans:decide branch_review": _decision("branch_review", Outcome.PASS, **pages.meeting()),
    "loans:decide public_notice": _decision(
        "public_notice", Outcome.PUBLISH, place="公示栏", phone="0872-4520001", starts_on=DAY
    ),
    "loans:decide objected": _decision("objected", Outcome.REJECT, reason="异议成立。"),
    "loans:decide committee_filing": _decision("committee_filing", Outcome.PASS, received_on=DAY),
    "loans:decide subsidy_confirmation": _decision("subsidy_confirmation", Outcome.CONFIRM),
    "loans:decide disbursement": _decision("disbursement", Outcome.DISBURSE, **PAYOUT),
    "loans:decide assessment": _decision("assessment", Outcome.PASS, **ASSESSMENT),
    "loans:reasons": lambda o: {"reason_above_usual_age": "儿子共同经营。"},
    "loans:help-verify": lambda o: {
        f"verdict_{o.cases['branch_review'].commitments.get().person_id}": "confirmed",
    },
    "loans:help-lapse": lambda o: {"lapsed_on": DAY, "reason": "未开展帮扶。"},
    "loans:withdraw": _decision("referral", Outcome.WITHDRAW, reason="另有安排。"),
    "loans:print": lambda o: {},
    "loans:meeting-new": lambda o: {
        **MEETING, "cases": [o.cases["branch_review"].pk], "request_id": str(uuid4()),
    },
    "loans:meeting": lambda o: {**MEETING, "revision": o.meetings["open"].revision},
    "loans:meeting-agenda": lambda o: {
        "cases": [o.cases["branch_review"].pk], "revision": o.meetings["open"].revision,
    },
    "loans:meeting-votes": lambda o: {"revision": o.meetings["open"].revision},
    "loans:meeting-close": lambda o: {"revision": o.meetings["ready"].revision},
    "loans:meeting-minutes": lambda o: {},
    "loans:papers": lambda o: {
        "document": o.cases["draft"].version.documents.get(code="business_plan").pk,
        "upload": upload(jpeg((90, 60)), "计划.jpg"), "request_id": str(uuid4()),
    },
    "loans:paper-order": lambda o: {"order": f"{o.papers[1].pk},{o.papers[0].pk}"},
    "loans:paper-missing": lambda o: {
        "document": o.cases["draft"].version.documents.get(code="consent").pk, "reason": "在补办。",
    },
    "loans:paper-seen": lambda o: {},
    "loans:paper-rotate": lambda o: {"turns": "1", "request_id": str(uuid4())},
    "loans:paper-replace": lambda o: {"file": upload(jpeg((90, 60)), "正面.jpg"), "request_id": str(uuid4())},
    "loans:paper-withdraw": lambda o: {"reason": "拍错了。"},
    "loans:notice-new": _sheet,
    "loans:notice-anew": lambda o: {},
    "loans:notice-poster": lambda o: {},
    "loans:notice-photo-new": lambda o: {
        "request_id": str(uuid4()), "place": "公示栏", "posted_on": DAY,
        "photos": upload(jpeg((94, 60)), "公示栏.jpg"),
    },
    "loans:objection-accept": lambda o: {},
    "loans:objection-aside": lambda o: {"reason": "广告。"},
    "loans:objection-extend": lambda o: {
        "due_date": "2014-08-29", "reason": "当事人外出。", "request_id": str(uuid4()),
    },
    "loans:objection-reply": lambda o: {"replied_on": DAY, "manner": "phone", "text": "已电话说明。"},
    "loans:evidence-new": lambda o: {"papers": upload(jpeg((95, 60)), "凭证.jpg"), "request_id": str(uuid4())},
    "public:objection": lambda o: {"position": "1", "text": "猪舍已转给别人。", "request_id": str(uuid4())},
    "loans:object": lambda o: {"received_on": DAY, "channel": "phone", "text": "又有异议。"},
    "loans:settle": lambda o: {
        "upheld": "no", "finding": "不属实。", "investigators": "段军", "method": "visit",
    },
    "loans:loan": lambda o: {
        "principal": "1000", "interest": "10", "value_date": DAY, "bank_reference": "HK-X1",
    },
    "loans:act": lambda o: {"value_date": DAY, "reason": "转借他人。"},
    "loans:reversal": lambda o: {"reason": "重复入账。"},
    "loans:visit-new": lambda o: {**VISIT, "request_id": str(uuid4())},
    "loans:visit-correct": lambda o: {**VISIT, "request_id": str(uuid4())},
    "loans:collection-new": lambda o: {
        "kind": "phone", "done_on": DAY, "reached": "borrower", "request_id": str(uuid4()),
    },
    "loans:write-off-new": lambda o: {
        "value_date": DAY, "document_number": "核-1", "reason": "死亡。", "paper": upload(pdf(), "认定书.pdf"),
    },
    "loans:write-off": lambda o: {"decision": "approve", "opinion": "同意。"},
    "loans:statements": lambda o: {"file": SimpleUploadedFile("回单.csv", csv(row_of("甲", "乙", DAY, interest=1)))},
    "loans:statement-post": lambda o: {},
    "loans:statement-check": lambda o: {},
    "loans:statement-discard": lambda o: {},
    "loans:statement-line": lambda o: {"note": "已与银行核实。"},
    "subsidies:batch-new": lambda o: {
        "programme": o.batches.computed.programme_id, "first_day": "2013-08-21", "last_day": "2013-09-20",
    },
    "subsidies:compute": lambda o: {},
    "subsidies:review": lambda o: {"revision": o.batches.computed.revision, "draw": "1"},
    "subsidies:publish": lambda o: {"revision": o.batches.reviewed.revision, "place": "公开栏", "starts_on": DAY},
    "subsidies:decide close-notice": _deed("hanging"),
    "subsidies:decide approve": _deed("noticed"),
    "subsidies:decide send-back": _deed("computed"),
    "subsidies:decide void": _deed("computed"),
    "subsidies:paper": lambda o: {"kind": "roster", "place": ""},
    "subsidies:payment-file": lambda o: {},
    "subsidies:file-sent": lambda o: {"treasury_reference": "国库2", "sent_on": DAY},
    "subsidies:answers": _answers,
    "subsidies:close": lambda o: {},
    "subsidies:return-file-book": lambda o: {},
    "subsidies:return-file-discard": lambda o: {},
    "subsidies:pay-again": lambda o: {},
    "subsidies:give-up": lambda o: {"reason": "联系不上。"},
    "subsidies:clawback notify": lambda o: {"notified_on": DAY},
    "subsidies:clawback take-back": lambda o: {"amount": "10", "value_date": DAY, "bank_reference": "Z1"},
    "subsidies:clawback hand-over": lambda o: {"reason": "移交。"},
    "subsidies:account": lambda o: {
        "kind": "card", "number": OTHER_CARD, "holder_name": "张三", "bank_name": "信用社",
    },
    "subsidies:exclude": lambda o: {"reason": "deceased", "from_day": DAY, "note": "已死亡。"},
    "subsidies:cancel-exclusion": lambda o: {"reason": "登记有误。"},
    "subsidies:rule-new": lambda o: {
        "programme": o.version.programme_id, "effective_from": (TODAY + timedelta(days=1)).isoformat(),
        "second_above": "500000", "sample_percent": "5", "sample_min": "10", "notice_days": "7",
        "document_number": "剑贷办〔2014〕6号",
    },
    "subsidies:lender-account": lambda o: {
        "kind": "company", "number": "5309290104000123", "holder_name": "信用社", "bank_name": "县联社",
    },
    "subsidies:year-end": lambda o: {"outcome": "carried_over", "document_number": "剑财〔2014〕1号"},
    "loans:quota": lambda o: {
        "township": o.township.division.pk, "year": str(o.version.effective_from.year), "total": "6000000",
    },
    "loans:budget": lambda o: {"year": "2015", "appropriated": "300000"},
    "risk:fund-new": lambda o: {"name": "县扶贫风险补偿金", "opened_on": DAY},
    "risk:fund-book": lambda o: {
        "kind": "interest", "amount": "12.50", "value_date": DAY, "bank_reference": "LX-X1",
    },
    "risk:fund-shares": lambda o: {
        "effective_from": DAY, "document_number": "剑财〔2014〕8号", "name_1": "县财政", "kind_1": "government",
        "weight_1": "8", "name_2": "县农村信用合作联社", "kind_2": "lender", "weight_2": "2",
    },
    "risk:fund-rule": lambda o: {
        "effective_from": DAY, "document_number": "剑财〔2014〕8号", "trigger_days": "90", "base": "principal",
        "notices_min": "2", "required_papers": ["application", "collection"],
    },
    "risk:fund-statement": lambda o: {
        "file": SimpleUploadedFile("bank.csv", f"日期,流水号,收入,支出\n{DAY},LX-Y1,12.50,".encode()),
    },
    "risk:statement-keep": lambda o: {},
    "risk:claim to_file": lambda o: _claim("to_file", "file", copies="3")(o) | _scans(),
    "risk:claim to_check": _claim("to_check", "handle", outcome="pass"),
    "risk:claim to_verify": _claim("to_verify", "handle", outcome="pass"),
    "risk:claim to_approve": _claim("to_approve", "handle", outcome="pass"),
    "risk:claim to_pay": _claim("to_pay", "pay", value_date=DAY, bank_reference="DC-X1"),
    "risk:claim recovered": _claim(
        "paid", "recover", amount="100", costs="10", value_date=DAY, bank_reference="ZC-X1"
    ),
    "risk:claim proposed": lambda o: _claim(
        "paid", "propose_write_off", document_number="剑财9号", reason="无可供执行财产。"
    )(o) | {"paper": upload(pdf(), "认定书.pdf")},
    "risk:claim written_off": _claim("to_write_off", "write_off", outcome="write_off"),
    "risk:claim-form": lambda o: {},
    "risk:claim-new": lambda o: {},
    "risk:judge": lambda o: {"category": "5", "reason": "借款人丧失劳动能力。"},
    "risk:technical": lambda o: {"reason": "系统扣款失败。"},
    "risk:insure": lambda o: {
        "insurer": "某寿险公司", "policy_number": "RS-X1", "cover": "50000", "valid_from": DAY,
        "valid_to": "2015-08-14",
    },
    "risk:diligence": lambda o: {"outcome": "reject", "staff": "信贷员", "reason": "未按规定走访。"},
    "risk:stop-new": lambda o: {"division": o.township.division.pk, "reason": "清收期间暂停。"},
    "risk:stop-lift": lambda o: {"reason": "清收完成。"},
    "dashboards:report-fill": lambda o: {"request_id": uuid4(), "unit": "县委组织部", "action": "keep"},
    "dashboards:report-paper": lambda o: {"period": "2014-07", "form": "pdf"},
    "dashboards:annual-report": lambda o: {"year": "2013"},
    "dashboards:edition-paper": lambda o: {"form": "pdf"},
    "dashboards:bulletin-new": lambda o: {"request_id": uuid4(), "period": "2014-06", "measure": "year_amount"},
    "dashboards:bulletin-write": lambda o: {"title": "关于工作进展情况的通报", "body": "一、总体情况。", "seen": "1"},
    "dashboards:bulletin-issue": lambda o: {"number": "剑组通〔2014〕15号", "issued_on": DAY, "seen": "1"},
    "dashboards:bulletin-paper": lambda o: {},
    "dashboards:publication-new": lambda o: {
        "request_id": uuid4(), "title": "县报", "publisher": "县报社", "published_on": "2014-08-10",
        "data_as_of": "2014-07-31",
    },
    "dashboards:printed-figure-new": lambda o: {
        "request_id": uuid4(), "label": "乡镇数", "printed": "8", "unit": "piece", "code": "townships",
    },
    "dashboards:figure-explain": lambda o: {"request_id": uuid4(), "text": "报道口径不同。"},
    "dashboards:figure-withdraw": lambda o: {"request_id": uuid4()},
    "risk:breaker-new": lambda o: {
        "level": "outlet", "measure": "overdue_ratio", "limit_percent": "5", "effective_from": DAY,
        "document_number": "剑贷办〔2014〕1号",
    },
    "risk:watch-new": lambda o: {
        "effective_from": DAY, "document_number": "剑贷办〔2014〕1号", "clean_months": "6", "maturity_days": "30",
        "visit_days": "90", "ratio_days": "30", "ratio_rise_percent": "1",
    },
    "risk:warning": lambda o: {"outcome": "reminded", "note": "已电话催收。"},
    "assessments:round-new": lambda o: {
        "scheme": o.rounds.other_scheme.pk, "name": "2014年半年小结", "first_day": "2014-01-01",
        "last_day": "2014-06-30", "self_until": DAY, "first_until": DAY, "county_until": DAY,
        "request_id": str(uuid4()),
    },
    "assessments:round": lambda o: {"action": "advance", "revision": o.rounds.running.revision, "reason": ""},
    "assessments:ranking": lambda o: {},
    "assessments:ranking-paper": lambda o: {},
    "assessments:rewards compute": lambda o: {"action": "plan", "year": "2014"},
    "assessments:rewards approve": lambda o: {
        "action": "approval", "plan": o.rounds.planned.pk, "outcome": "return", "document_number": "",
        "reason": "请核对名单。",
    },
    "assessments:payee": lambda o: {
        "kind": "paid", "value_date": DAY, "bank_reference": "JL-X1", "note": "",
    },
    "assessments:reward-budgets": lambda o: {
        "year": "2015", "amount": "100000", "document_number": "剑财〔2015〕1号", "request_id": str(uuid4()),
    },
    "assessments:subject appeal": lambda o: {
        "action": "appeal", "item": o.evidence.item_id, "reason": "漏计3份档案。", "request_id": str(uuid4()),
    },
    "assessments:subject consequence": lambda o: {
        "action": "consequence", "kind": "criticism", "person_name": "", "document_number": "剑组通〔2014〕9号",
        "decided_on": DAY, "reason": "工作滞后。", "request_id": str(uuid4()),
    },
    "assessments:subject-score": lambda o: _self_assessment(o),
    "assessments:subject-paper": lambda o: {},
    "assessments:scheme-copy": lambda o: {},
    "assessments:scheme-publish": lambda o: {},
    "assessments:scheme-edit": lambda o: {
        "revision": o.rounds.draft.revision, "name": "村级党组织考核", "document_number": "", "period_kind": "year",
        "subject_kind": "branch", "notice_days": "7", "excellent_from": "95", "good_from": "85", "pass_from": "75",
        "commended": "10", "rank_rule": "competition", "tie_rule": "share", "stacking_rule": "add",
        "township_rule": "once", "holder_rule": "split", "tier_1_from": "95", "tier_1_amount": "10000",
    },
    "assessments:item-new": lambda o: _scheme_item(),
    "assessments:item": lambda o: _scheme_item(),
    "assessments:item-remove": lambda o: {},
    "assessments:village-post-new": lambda o: {
        "organization": o.township.village.general_branch.pk, "role": "director", "member": o.homeless.name,
        "last_four": o.homeless.id_number_last_four, "valid_from": DAY,
    },
    "assessments:village-post-end": lambda o: {"last_day": DAY},
    "assessments:household-new": lambda o: {
        "request_id": str(uuid4()), "household": o.candidate.pk, "title": "model", "reason": "带动三户养猪。",
    },
    "assessments:household": lambda o: {
        "action": "decide", "revision": o.honour.revision, "outcome": "pass", "repayment": "good", "industry": "good",
        "leading": "fair", "reason": "",
    },
    "assessments:household-certificate": lambda o: {},
    "assessments:award-schemes": lambda o: {
        "name": "示范户评定办法", "document_number": "剑组发〔2014〕5号", "effective_from": DAY, "notice_days": "7",
        "review_months": "12", "supported_purposes": "crops", "limit_uplift": "10000", "rate_points_off": "0.2",
        "rate_floor_multiplier": "1",
    },
    "assessments:inspections": lambda o: {
        "request_id": str(uuid4()), "title": "随机调研", "seed": "77", "size": "1",
    },
    "assessments:inspection": lambda o: {"conclusion": "总体良好。"},
    "assessments:inspection-record": lambda o: {},
    "assessments:inspection-item": lambda o: {
        "request_id": str(uuid4()), "visited_on": DAY, "findings": "",
        **{f"q_{code}": str(given) for code, given in answers_to(sheets()[0]).items()},
    },
    "assessments:problems": lambda o: {"name": "还款渠道少"},
    "assessments:problem-new": lambda o: {
        "request_id": str(uuid4()), "category": o.problem.category_id, "division": o.township.division.path,
        "text": "额度不够。", "owner": o.township.outlet.pk, "due_date": DAY,
    },
    "assessments:problem": lambda o: {
        "action": "handle", "revision": o.problem.revision, "outcome": "solve", "words": "已调整额度。",
    },
    "assessments:accountability": lambda o: {},
    "assessments:publicity": lambda o: {},
    "assessments:publicity-new": lambda o: {
        "request_id": str(uuid4()), "channel": "meeting", "held_on": DAY, "place": "活动室", "topic": "政策宣讲",
        "division": o.township.village.division.path, "attendance": "30", "copies": "60",
    },
    "assessments:publicity-event": lambda o: {"reason": "重复登记。"},
}  # fmt: skip
# Sent rightly and yet nothing is written but traces and sessions: coming and going, a search, an account that is not
# locked, a job that has succeeded.
CHANGES_NOTHING = frozenset({
    "accounts:login", "accounts:logout", "accounts:language", "accounts:account-unlock", "jobs:restart",
    "organizations:check-number", "organizations:reveal", "loans:find-applicant", "loans:desk-export",
    "dashboards:board-workbook",
    "loans:applicant-check", "loans:application-people",
    "inbox:read-all", "subsidies:close", "loans:urge", "loans:notice-anew", "loans:phrases",
    "loans:cases", "loans:loans", "loans:arrears", "loans:visits", "assessments:ranking", "assessments:accountability",
    "assessments:publicity",
})  # fmt: skip
# A village clerk has no other village to send anybody to.
REFUSED_BY_THE_FORM = frozenset({("organizations:person-move", Role.VILLAGE_CLERK)})

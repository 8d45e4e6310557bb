"""The step machine: pure, so it is tested by the thousand, against a second, naive description of itself."""

import pytest
from hypothesis import given, settings, strategies as st

from loans.choices import StepCode
from loans.flow import ROUTES, workflow_of
from workflow.engine import END_STATES, Effect, IllegalMove, Move, Position, Route, State, Workflow, replay

SIX = (
    "intake",
    "referral",
    "branch_review",
    "public_notice",
    "committee_filing",
    "subsidy_confirmation",
    "disbursement",
    "assessment",
)
FOUR = ("intake", "branch_review", "public_notice", "disbursement")
CHAINS = st.sampled_from([SIX, FOUR])
OUTCOMES = sorted({outcome for _, outcome in ROUTES})


class Model:
    """What an office clerk would say about a case, in lists and ifs: no table, no effects."""

    FORWARD = {"submit", "pass", "confirm", "confirm_without"}
    STAYS = {"publish", "stop", "propose", "consent", "refuse_consent"}
    ENDS = {"reject": "rejected", "decline": "declined", "withdraw": "withdrawn"}
    AT = {
        "intake": {"submit", "withdraw"},
        "referral": {"pass", "return", "withdraw"},
        "branch_review": {"pass", "return", "reject", "withdraw"},
        "public_notice": {"publish", "stop", "pass", "return", "reject", "withdraw"},
        "committee_filing": {"pass", "return", "withdraw"},
        "subsidy_confirmation": {"confirm", "confirm_without", "withdraw"},
        "disbursement": {"propose", "consent", "refuse_consent", "disburse", "decline", "return", "withdraw"},
        "assessment": {"pass"},
    }

    def __init__(self, chain):
        self.chain, self.at, self.state, self.round = chain, 0, "draft", 1

    def decide(self, outcome, target):
        """Return whether the office would accept this, and change accordingly."""
        step = self.chain[self.at]
        if self.state in {"closed", "rejected", "declined", "withdrawn"}:
            return False
        if self.state == "lent":
            if outcome not in {"settle", "write_off", "due"}:
                return False
            return self._forward()
        if outcome not in self.AT[step]:
            return False
        if outcome in self.FORWARD:
            return self._forward()
        if outcome == "return":
            return self._back(target)
        self.state = self.ENDS.get(outcome, "lent" if outcome == "disburse" else "open")
        return True

    def _forward(self):
        last = self.at == len(self.chain) - 1
        self.at, self.state = (self.at, "closed") if last else (self.at + 1, "open")
        return True

    def _back(self, target):
        if target not in self.chain[: self.at]:
            return False
        self.at = self.chain.index(target)
        self.state, self.round = ("returned" if self.at == 0 else "open"), self.round + 1
        return True


@given(CHAINS, st.lists(st.tuples(st.sampled_from(OUTCOMES), st.sampled_from(["", *SIX])), max_size=40))
@settings(max_examples=400, deadline=None)
def test_the_machine_and_the_model_agree_on_every_walk(chain, walk):
    machine, model = workflow_of(chain), Model(chain)
    position = machine.start()
    for outcome, target in walk:
        accepted = model.decide(outcome, target)
        try:
            position = machine.advance(position, Move(position.step, outcome, target))
        except IllegalMove:
            assert not accepted
        else:
            assert accepted
        assert (position.step, str(position.state), position.round) == (
            model.chain[model.at],
            model.state,
            model.round,
        )


@given(CHAINS, st.lists(st.tuples(st.sampled_from(OUTCOMES), st.sampled_from(["", *SIX])), max_size=40))
@settings(max_examples=200, deadline=None)
def test_a_history_replays_to_the_same_place(chain, walk):
    machine = workflow_of(chain)
    position, history = machine.start(), []
    for outcome, target in walk:
        move = Move(position.step, outcome, target)
        try:
            position = machine.advance(position, move)
        except IllegalMove:
            continue
        history.append(move)
    assert replay(machine, history) == position


@given(CHAINS, st.sampled_from(END_STATES), st.sampled_from(OUTCOMES))
def test_nothing_moves_a_case_that_has_ended(chain, state, outcome):
    machine = workflow_of(chain)
    for step in chain:
        with pytest.raises(IllegalMove):
            machine.advance(Position(step, state), Move(step, outcome, chain[0]))


@pytest.mark.parametrize("chain", [SIX, FOUR])
def test_the_table_has_no_problem(chain):
    assert workflow_of(chain).problems() == []


def test_every_step_of_the_choices_is_in_the_table():
    assert {step for step, _ in ROUTES} == set(StepCode.values)


def test_a_decision_at_a_step_the_case_is_not_at_is_refused():
    machine = workflow_of(SIX)
    with pytest.raises(IllegalMove):
        machine.advance(Position("referral", State.OPEN), Move("branch_review", "pass"))


def test_a_case_is_sent_back_to_an_earlier_step_only():
    machine = workflow_of(SIX)
    here = Position("branch_review", State.OPEN)
    assert machine.advance(here, Move("branch_review", "return", "intake")) == Position("intake", State.RETURNED, 2)
    assert machine.advance(here, Move("branch_review", "return", "referral")) == Position("referral", State.OPEN, 2)
    for target in ("", "branch_review", "committee_filing", "nonsense"):
        with pytest.raises(IllegalMove):
            machine.advance(here, Move("branch_review", "return", target))


def test_filing_cannot_refuse():
    assert "reject" not in workflow_of(SIX).outcomes("committee_filing")


def test_problems_names_a_step_without_a_way_forward():
    table = {("a", "go"): Route(Effect.FORWARD), ("b", "stop"): Route(Effect.END, State.CLOSED)}
    assert Workflow(("a", "b"), table).problems() == ["b has no way forward"]


def test_problems_names_an_end_without_a_state():
    table = {("a", "go"): Route(Effect.FORWARD), ("a", "stop"): Route(Effect.END)}
    assert Workflow(("a",), table).problems() == ["a/stop ends nowhere"]


def test_problems_names_a_step_that_is_there_twice():
    assert "a is there twice" in Workflow(("a", "a"), {("a", "go"): Route(Effect.FORWARD)}).problems()


def test_taking_back_leads_to_where_the_case_stood():
    machine = workflow_of(SIX)
    moves = [Move("intake", "submit"), Move("referral", "pass")]
    at_review = replay(machine, moves)
    for outcome, target in (("pass", ""), ("reject", ""), ("return", "intake")):
        decided = [*moves, Move("branch_review", outcome, target), Move("branch_review", "recall")]
        assert replay(machine, decided) == at_review


@pytest.mark.parametrize(
    "moves",
    [
        [("referral", "pass"), ("branch_review", "recall")],
        [("referral", "pass"), ("referral", "recall"), ("referral", "recall")],
        [("referral", "recall")],
        [("intake", "recall")],
    ],
    ids=["at another step", "twice", "what is of another step", "where nothing may be taken back"],
)
def test_only_the_last_decision_of_the_same_step_is_taken_back_once(moves):
    history = [Move("intake", "submit"), *(Move(step, outcome) for step, outcome in moves)]
    with pytest.raises(IllegalMove):
        replay(workflow_of(SIX), history)

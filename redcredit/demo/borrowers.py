"""Who borrows: households, cooperatives and collectives, with the branch that speaks for them and whom they help."""

from dataclasses import dataclass, field
from datetime import date
from itertools import cycle

from loans.choices import BorrowerKind, HelpedKind
from organizations.choices import EntityKind, EthnicGroup
from organizations.models import Entity, Household, PartyMember, Person
from redcredit.demo.names import BODY_NAMES, LONG_NAMES, RARE_NAMES
from redcredit.demo.people import Circle, Neighbourhood, Register, collective_of

# Every so many new households one has a long or a rare name.
SPECIAL_NAME_IN = 61
HEADS_BORN = (date(1953, 1, 1), date(1992, 6, 30))
TRADE_OF_USE = {"crops": "种植", "livestock": "养殖"}


@dataclass
class Borrower:
    """One who asks for a loan: the person who signs, for himself, his household or a body."""

    kind: str
    person: Person
    neighbourhood: Neighbourhood
    circle: Circle
    introducer: PartyMember
    entity: Entity | None = None
    served: list[Household] = field(default_factory=list)
    helped: list[tuple[Person, str]] = field(default_factory=list)

    @property
    def is_of_circle(self) -> bool:
        """Whether the applicant belongs to the branch that reviews him: then he leaves the meeting."""
        return any(member.person is self.person for member in self.circle.members)


class Borrowers:
    """Finds or makes the people who borrow in a village."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self._households = 0
        # Whom somebody promised to help already, by identity: a person counts once in the county.
        self._promised: set[int] = set()
        rare_names = [(name, EthnicGroup.BAI) for name in RARE_NAMES]
        self._special = cycle([pair for pairs in zip(cycle(LONG_NAMES), rare_names, strict=False) for pair in pairs])

    def household(
        self,
        where: Neighbourhood,
        *,
        is_party: bool,
        tier: str,
        member: PartyMember | None = None,
        is_special: bool = False,
    ) -> Borrower:
        """Return a household's borrower: a member who is still free, or a villager without a member at home."""
        if is_party:
            member = member or where.free.pop()
            circle = next(circle for circle in where.circles if member in circle.members)
            person = member.person
        else:
            circle, person = self.register.rng.choice(where.circles), self._villager(where, is_special=is_special)
        self.register.family_of(person)
        borrower = self._borrower(BorrowerKind.HOUSEHOLD, person, where, circle)
        borrower.helped = self.helped(where, person, tier)
        return borrower

    def cooperative(self, where: Neighbourhood, *, households: int, use: str) -> Borrower:
        """Return a cooperative that serves some households; its representative is the head of the first."""
        heads = [self._villager(where) for _ in range(households)]
        for head in heads:
            self.register.family_of(head)
        circle = self.register.rng.choice(where.circles)
        borrower = self._borrower(BorrowerKind.COOPERATIVE, heads[0], where, circle)
        borrower.entity = self._cooperative_of(where, heads[0], use)
        borrower.served = [head.household for head in heads if head.household]
        return borrower

    def collective(self, where: Neighbourhood) -> Borrower:
        """Return the village's collective; a member of one of its branches signs."""
        member = where.free.pop()
        circle = next(circle for circle in where.circles if member in circle.members)
        borrower = self._borrower(BorrowerKind.COLLECTIVE, member.person, where, circle)
        borrower.entity = collective_of(self.register, where, member.person)
        return borrower

    def _villager(self, where: Neighbourhood, *, is_special: bool = False) -> Person:
        register, division = self.register, where.village.division
        self._households += 1
        is_special = is_special or self._households % SPECIAL_NAME_IN == 0
        name, group = next(self._special) if is_special else ("", "")
        household = register.household(division, is_poor=register.rng.randrange(4) == 0)
        return register.person(
            division,
            household=household,
            is_male=register.rng.randrange(3) > 0,
            born=HEADS_BORN,
            name=name,
            group=group,
        )

    def _borrower(self, kind: str, person: Person, where: Neighbourhood, circle: Circle) -> Borrower:
        introducers = [member for member in circle.introducers if member.person is not person]
        introducer = self.register.rng.choice(introducers)
        return Borrower(kind=kind, person=person, neighbourhood=where, circle=circle, introducer=introducer)

    def helped(self, where: Neighbourhood, person: Person, tier: str) -> list[tuple[Person, str]]:
        """Return the people whom the class of the limit asks for, by name; nobody is promised help twice."""
        rng = self.register.rng
        match tier:
            case "helping":
                return self._promise(self._poor(where, rng.randint(1, 2)), HelpedKind.VILLAGER_IN_DIFFICULTY)
            case "leading" if rng.randrange(2):
                return self._promise(self._members(where, person, 2), HelpedKind.LOW_INCOME_MEMBER)
            case "leading":
                return self._promise(self._members(where, person, 3), HelpedKind.MEMBER_IN_DIFFICULTY)
            case _:
                return []

    def _promise(self, people: list[Person], kind: str) -> list[tuple[Person, str]]:
        self._promised |= {id(person) for person in people}
        return [(person, kind) for person in people]

    def _poor(self, where: Neighbourhood, number: int) -> list[Person]:
        register, division = self.register, where.village.division
        free = [poor for poor in where.poor if id(poor) not in self._promised]
        while len(free) < number:
            free.append(register.person(division, household=register.household(division, is_poor=True)))
            where.poor.append(free[-1])
        return register.rng.sample(free, number)

    def _members(self, where: Neighbourhood, borrower: Person, number: int) -> list[Person]:
        people = [member.person for circle in where.circles for member in circle.members[-4:-1]]
        free = [person for person in people if person is not borrower and id(person) not in self._promised]
        return self.register.rng.sample(free, number)

    def _cooperative_of(self, where: Neighbourhood, representative: Person, use: str) -> Entity:
        division = where.village.division
        trade = TRADE_OF_USE.get(use, "农产品经营")
        name = f"{division.short_name}{self.register.rng.choice(BODY_NAMES)}{trade}专业合作社"
        return self.register.entity(name, EntityKind.COOPERATIVE, division, representative)

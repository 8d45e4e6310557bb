"""People, households, party members and entities: who can borrow, introduce and decide."""

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organizations import personal_data
from organizations.choices import (
    EntityKind,
    EthnicGroup,
    HouseholdRelation,
    MemberStanding,
    MemberStatus,
    Sex,
)
from organizations.models.divisions import Division
from organizations.models.organizations import Organization
from organizations.rules import (
    IdNumber,
    age_on,
    pinyin_initials,
    pinyin_key,
    reading_initials,
    reading_key,
)
from organizations.scope import Scope


class DivisionScopedQuerySet(models.QuerySet):
    """Registers that lie in a village: reached through the division of an office."""

    def for_scope(self, scope: Scope) -> "DivisionScopedQuerySet":
        return self.filter(scope.divisions("division__path"))


class Household(models.Model):
    """A household as in the household register: the counting unit of most statistics (户)."""

    code = models.CharField(_("household number"), max_length=30, unique=True, db_collation="C")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="households")
    address = models.CharField(_("group and house number"), max_length=100, blank=True)
    poor_from = models.DateField(_("registered poor from"), null=True, blank=True)
    poor_to = models.DateField(_("registered poor to"), null=True, blank=True)

    objects = DivisionScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("household")
        constraints = [
            models.CheckConstraint(
                name="household_stops_being_poor_after_it_began",
                condition=Q(poor_to=None) | Q(poor_to__gte=F("poor_from")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def head(self) -> "Person | None":
        return next((p for p in self.members.all() if p.relation == HouseholdRelation.HEAD), None)

    def is_registered_poor(self, on: date) -> bool:
        return self.poor_from is not None and self.poor_from <= on and (self.poor_to is None or on <= self.poor_to)


class Person(models.Model):
    """A natural person. The identity number is encrypted; masked forms are all that pages show."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=40)
    pinyin = models.CharField(max_length=300, db_collation="C", db_index=True, editable=False)
    initials = models.CharField(max_length=60, db_collation="C", db_index=True, editable=False)
    id_number_sealed = models.BinaryField(null=True, editable=False)
    id_number_index = models.BinaryField(max_length=32, null=True, unique=True, editable=False)
    id_number_masked = models.CharField(_("ID number"), max_length=18, blank=True, editable=False)
    id_number_last_four = models.CharField(max_length=4, blank=True, db_index=True, editable=False)
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_masked = models.CharField(_("phone"), max_length=20, blank=True, editable=False)
    sex = models.CharField(_("sex"), max_length=6, choices=Sex.choices)
    birth_date = models.DateField(_("birth date"))
    ethnic_group = models.CharField(
        _("ethnic group"), max_length=2, choices=EthnicGroup.choices, default=EthnicGroup.BAI
    )
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="people", verbose_name=_("village"))
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, null=True, blank=True, related_name="members", verbose_name=_("household")
    )
    relation = models.CharField(
        _("relation to head"), max_length=8, choices=HouseholdRelation.choices, default=HouseholdRelation.HEAD
    )
    # The pinyin of a rare reading, corrected by hand, is kept when the name is saved again.
    pinyin_is_manual = models.BooleanField(default=False)

    objects = DivisionScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=Q(relation="head"), name="household_has_one_head",
                violation_error_message=_("This household already has a head."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.set_pinyin()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def set_pinyin(self) -> None:
        """Fill the sort key and the initials. Bulk writers call it themselves: `bulk_create` bypasses `save`."""
        if not self.pinyin_is_manual:
            self.pinyin, self.initials = pinyin_key(self.name), pinyin_initials(self.name)

    def set_reading(self, reading: str) -> None:
        """Keep a reading typed by hand (syllables with spaces between): it wins over the machine's from now on."""
        self.pinyin, self.initials = reading_key(reading, self.name), reading_initials(reading)
        self.pinyin_is_manual = True

    def set_id_number(self, id_number: IdNumber) -> None:
        """Seal the number and fill what it tells (birth date, sex, mask, index)."""
        number = id_number.number
        self.id_number_sealed = personal_data.encrypt(number, column="person.id_number", row=self.uuid)
        self.id_number_index = personal_data.blind_index(number, column="person.id_number")
        self.id_number_masked = f"{number[:6]}********{number[-4:]}"
        self.id_number_last_four = id_number.last_four
        self.birth_date = id_number.birth_date
        self.sex = Sex.MALE if id_number.is_male else Sex.FEMALE

    def set_phone(self, phone: str) -> None:
        self.phone_sealed = personal_data.encrypt(phone, column="person.phone", row=self.uuid) if phone else None
        self.phone_masked = f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else ("*" * len(phone))

    def read_id_number(self) -> str:
        """Return the full number. Callers record why: see operations.reveal_id_number."""
        if self.id_number_sealed is None:
            return ""
        return personal_data.decrypt(bytes(self.id_number_sealed), column="person.id_number", row=self.uuid)

    def read_phone(self) -> str:
        if self.phone_sealed is None:
            return ""
        return personal_data.decrypt(bytes(self.phone_sealed), column="person.phone", row=self.uuid)

    @property
    def is_party_member(self) -> bool:
        """A member now. Lists ask it for every row: select `party_member` along with the person."""
        member: PartyMember | None = getattr(self, "party_member", None)
        return member is not None and member.left_on is None

    def age_on(self, day: date) -> int:
        return age_on(self.birth_date, day)


class PartyMember(models.Model):
    """A member of the Party, full or probationary. Applicants, activists and candidates are not members."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="party_member")
    status = models.CharField(_("status"), max_length=12, choices=MemberStatus.choices)
    standing = models.CharField(
        _("standing"), max_length=12, choices=MemberStanding.choices, default=MemberStanding.GOOD
    )
    joined_on = models.DateField(_("joined on"))
    full_from = models.DateField(_("full member from"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    class Meta:
        verbose_name = _("Party member")
        constraints = [
            models.CheckConstraint(
                name="full_member_has_the_date",
                condition=~Q(status="full") | Q(full_from__isnull=False),
                violation_error_message=_("A full member needs the date of full membership."),
            ),
            models.CheckConstraint(
                name="member_leaves_after_joining",
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def may_introduce(self) -> bool:
        """Whether the member is in good standing and may recommend a borrower."""
        return self.standing == MemberStanding.GOOD and self.left_on is None


class BranchMembership(models.Model):
    """In which branch a member is, from when to when. A transfer ends one row and begins the next."""

    member = models.ForeignKey(PartyMember, on_delete=models.PROTECT, related_name="memberships")
    branch = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="memberships")
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(valid_to=None), name="member_is_in_one_branch_at_a_time",
                violation_error_message=_("This member already belongs to a branch."),
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["branch", "valid_to"], name="members_of_branch")]

    def __str__(self) -> str:
        return f"{self.member} @ {self.branch}"


class Entity(models.Model):
    """A cooperative, village collective, family farm or enterprise that borrows."""

    name = models.CharField(_("name"), max_length=100)
    pinyin = models.CharField(max_length=400, db_collation="C", db_index=True, editable=False)
    initials = models.CharField(max_length=120, db_collation="C", db_index=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=EntityKind.choices)
    # USCC, or the nine-character organisation code of the years before 2015: a failed check digit only warns.
    registration_code = models.CharField(_("registration code"), max_length=18, blank=True, db_collation="C")
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="entities", verbose_name=_("village")
    )
    representative = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="represents",
        verbose_name=_("representative"),
    )  # fmt: skip
    valid_from = models.DateField(_("founded on"), null=True, blank=True)
    valid_to = models.DateField(_("dissolved on"), null=True, blank=True)

    objects = DivisionScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("body")
        constraints = [
            models.UniqueConstraint(
                fields=["registration_code"], condition=~Q(registration_code=""), name="entity_is_registered_once",
                violation_error_message=_("This registration code is already in the register."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.set_pinyin()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def set_pinyin(self) -> None:
        self.pinyin, self.initials = pinyin_key(self.name), pinyin_initials(self.name)

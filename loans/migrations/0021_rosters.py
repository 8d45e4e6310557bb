"""Several cases on one sheet of a public notice, photos of the paper, and the way of an objection."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.guards import AppendOnly

# A notice published before belongs to a sheet of its own. Deferred checks would keep the table from being altered.
SHEETS_OF_ONE = """
INSERT INTO loans_noticeroster (
    number, request_id, token, title, level, organization_id, version_id, place, phone, address,
    starts_on, ends_on, published_by_id, published_at
)
SELECT n.number, gen_random_uuid(), gen_random_uuid(), '关于拟推荐“红色信贷”贷款对象的公示', 'village', a.branch_id,
       a.version_id, n.place, n.phone, '', n.starts_on, n.ends_on, n.published_by_id, n.published_at
FROM loans_publicnotice n JOIN loans_application a ON a.id = n.application_id ORDER BY n.id;
UPDATE loans_publicnotice SET roster_id = r.id FROM loans_noticeroster r WHERE r.number = loans_publicnotice.number;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0002_written_once"),
        ("loans", "0020_meetings"),
        ("organizations", "0003_money_verbs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NoticeRoster",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(db_collation="C", max_length=40, unique=True, verbose_name="notice number"),
                ),
                ("request_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("token", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("title", models.CharField(max_length=80, verbose_name="title")),
                (
                    "level",
                    models.CharField(
                        choices=[("village", "Village"), ("township", "Township"), ("county", "County")],
                        max_length=10,
                        verbose_name="level of the notice",
                    ),
                ),
                ("place", models.CharField(max_length=100, verbose_name="place")),
                ("phone", models.CharField(max_length=30, verbose_name="phone for objections")),
                ("address", models.CharField(blank=True, max_length=100, verbose_name="address for objections")),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
                ("published_at", models.DateTimeField()),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                        verbose_name="published by",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="loans.programmeversion"
                    ),
                ),
            ],
            options={
                "verbose_name": "sheet of a public notice",
            },
        ),
        migrations.CreateModel(
            name="NoticePhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request_id", models.UUIDField(editable=False)),
                ("position", models.PositiveSmallIntegerField()),
                ("place", models.CharField(max_length=100, verbose_name="where it hangs")),
                ("posted_on", models.DateField(verbose_name="posted on")),
                ("recorded_at", models.DateTimeField()),
                (
                    "attachment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notice_photo", to="files.attachment"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "roster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="photos", to="loans.noticeroster"
                    ),
                ),
            ],
            options={
                "verbose_name": "photo of a public notice",
                "ordering": ["roster", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PublicAttempt",
            fields=[
                ("key", models.CharField(db_collation="C", max_length=64, primary_key=True, serialize=False)),
                ("hour", models.DateTimeField(db_index=True)),
                ("count", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="ObjectionEvidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request_id", models.UUIDField(editable=False)),
                ("position", models.PositiveSmallIntegerField()),
                ("note", models.CharField(blank=True, max_length=100, verbose_name="what it shows")),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "attachment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objection_evidence",
                        to="files.attachment",
                    ),
                ),
                (
                    "objection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="loans.objection"
                    ),
                ),
            ],
            options={
                "verbose_name": "evidence about an objection",
                "ordering": ["objection", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ObjectionExtension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("due_before", models.DateField()),
                ("due_date", models.DateField(verbose_name="to be settled by")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("granted_at", models.DateTimeField()),
                (
                    "granted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "objection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="extensions", to="loans.objection"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization"
                    ),
                ),
            ],
            options={
                "verbose_name": "extension of an objection's deadline",
                "ordering": ["objection", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ObjectionReply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("replied_on", models.DateField(verbose_name="told on")),
                (
                    "manner",
                    models.CharField(
                        choices=[
                            ("phone", "By phone"),
                            ("paper", "On paper"),
                            ("visit", "Face to face"),
                            ("posted", "Posted beside the notice"),
                            ("unknown", "The objector is not known"),
                        ],
                        max_length=10,
                        verbose_name="told how",
                    ),
                ),
                ("text", models.TextField(max_length=1000, verbose_name="what was said")),
                ("recorded_at", models.DateTimeField()),
                (
                    "objection",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reply", to="loans.objection"
                    ),
                ),
                (
                    "replied_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "answer to an objector",
            },
        ),
        migrations.RemoveConstraint(
            model_name="objection",
            name="settled_objection_has_its_finding",
        ),
        migrations.AddField(
            model_name="objection",
            name="accepted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="objection",
            name="accepted_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="investigators",
            field=models.CharField(blank=True, max_length=80, verbose_name="looked into by"),
        ),
        migrations.AddField(
            model_name="objection",
            name="method",
            field=models.CharField(
                blank=True,
                choices=[
                    ("visit", "Visit on the spot"),
                    ("talks", "Talks with those concerned"),
                    ("papers", "Examination of papers"),
                    ("meeting", "Meeting of the branch"),
                ],
                max_length=10,
                verbose_name="how it was looked into",
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="objector_phone",
            field=models.CharField(blank=True, max_length=30, verbose_name="objector's telephone"),
        ),
        migrations.AddField(
            model_name="objection",
            name="request_id",
            field=models.UUIDField(default=uuid.uuid4, editable=False, null=True),
        ),
        migrations.RunSQL("UPDATE loans_objection SET request_id = gen_random_uuid()", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="objection",
            name="request_id",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AlterField(
            model_name="objection",
            name="channel",
            field=models.CharField(
                choices=[
                    ("phone", "By phone"),
                    ("paper", "On paper"),
                    ("visit", "In person"),
                    ("page", "By the public page"),
                ],
                max_length=8,
                verbose_name="how",
            ),
        ),
        migrations.AlterField(
            model_name="objection",
            name="recorded_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="objection",
            name="state",
            field=models.CharField(
                choices=[
                    ("received", "Received, not yet accepted"),
                    ("open", "Under investigation"),
                    ("dismissed", "Not upheld"),
                    ("upheld", "Upheld"),
                    ("aside", "Set aside"),
                ],
                default="open",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="programmeversion",
            name="notice_photo_required",
            field=models.BooleanField(default=False, verbose_name="photo of the notice needed for filing"),
        ),
        migrations.AddField(
            model_name="publicnotice",
            name="position",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="publicnotice",
            name="roster",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="loans.noticeroster",
            ),
        ),
        migrations.RunSQL(SHEETS_OF_ONE, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="publicnotice",
            name="roster",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="loans.noticeroster"
            ),
        ),
        migrations.AddIndex(
            model_name="objection",
            index=models.Index(
                condition=models.Q(("state__in", ["received", "open"])),
                fields=["due_date"],
                name="objections_to_settle",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at", None), ("settled_by", None), ("state__in", ["received", "open"])),
                    models.Q(
                        ("settled_at__isnull", False),
                        ("settled_by__isnull", False),
                        models.Q(("finding", ""), _negated=True),
                        models.Q(("state__in", ["received", "open"]), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="settled_objection_has_its_finding",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("channel", "page"), ("recorded_by", None)),
                    models.Q(models.Q(("channel", "page"), _negated=True), ("recorded_by__isnull", False)),
                    _connector="OR",
                ),
                name="only_the_public_page_has_no_recorder",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["received", "aside"]), _negated=True),
                    models.Q(("accepted_by", None), ("channel", "page")),
                    _connector="OR",
                ),
                name="received_objection_is_of_the_page",
            ),
        ),
        migrations.AddConstraint(
            model_name="publicnotice",
            constraint=models.UniqueConstraint(fields=("roster", "position"), name="notice_has_its_line_on_the_sheet"),
        ),
        migrations.AddIndex(
            model_name="noticeroster",
            index=models.Index(fields=["-ends_on", "-id"], name="rosters_by_last_day"),
        ),
        migrations.AddConstraint(
            model_name="noticeroster",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="roster_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="noticephoto",
            constraint=models.UniqueConstraint(fields=("request_id", "position"), name="notice_photo_is_sent_once"),
        ),
        migrations.AddConstraint(
            model_name="objectionevidence",
            constraint=models.UniqueConstraint(fields=("request_id", "position"), name="evidence_is_sent_once"),
        ),
        migrations.AddConstraint(
            model_name="objectionextension",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_date__gt", models.F("due_before")), models.Q(("reason", ""), _negated=True)),
                name="extension_gives_more_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="objectionreply",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="reply_says_something"
            ),
        ),
        AppendOnly("loans_noticeroster"),
        AppendOnly("loans_noticephoto"),
        AppendOnly("loans_objectionevidence"),
        AppendOnly("loans_objectionextension"),
        AppendOnly("loans_objectionreply"),
    ]

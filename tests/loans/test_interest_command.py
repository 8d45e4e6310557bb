"""`manage.py interest`: one sum, or a column of them. Neither these tests nor the command may touch the database."""

import json
import os
import subprocess
import sys
from io import BytesIO, StringIO, TextIOWrapper

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

TERMS = {
    "principal": "10000.00",
    "rate": "7.20",
    "start": "2013-09-10",
    "end": "2014-09-10",
    "convention": "act360",
}
FILE = (
    "name,principal,rate,start,end,convention\r\n"
    '"和，秀兰",10000.00,10.20,2013-09-10,2014-09-10,act360\r\n'
    "段军,50000.00,7.20,2013-11-05,2014-08-20,zhubi\r\n"
)


def interest(**options: object) -> str:
    out = StringIO()
    call_command("interest", stdout=out, **options)
    return out.getvalue()


def refusal_of(**options: object) -> str:
    out = StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("interest", stdout=out, **options)
    assert out.getvalue() == ""
    return str(refusal.value)


@pytest.mark.parametrize(("convention", "amount"), [("act360", "730.00"), ("zhubi", "720.00"), ("act365", "720.00")])
def test_the_interest_is_printed_and_nothing_else(convention, amount):
    assert interest(**TERMS | {"convention": convention}) == f"interest: {amount}\n"


@pytest.mark.parametrize(
    ("terms", "printed"),
    [
        (TERMS, {"days": 365, "working": "10000.00 × 7.20% × 365/360 = 730.00", "interest": "730.00"}),
        (
            TERMS | {"principal": "50000", "start": "2013-11-05", "end": "2014-08-20", "convention": "zhubi"},
            {
                "principal": "50000.00",
                "days": 288,
                "months": 9,
                "odd_days": 15,
                "working": "50000.00 × 7.20% × (9/12 + 15/360) = 2850.00",
                "interest": "2850.00",
            },
        ),
        (
            TERMS | {"rate": "3.00"},
            {"rate": "3.00", "working": "10000.00 × 3.00% × 365/360 ≈ 304.17", "interest": "304.17"},
        ),
        (TERMS | {"end": TERMS["start"]}, {"days": 0, "interest": "0.00"}),
    ],
)
def test_json_repeats_the_inputs_and_shows_the_working(terms, printed):
    answer = json.loads(interest(**terms, json=True))

    assert answer | printed == answer
    assert {name: answer[name] for name in ("rate", "start", "end", "convention")} == {
        name: terms[name] for name in ("rate", "start", "end", "convention")
    }


@pytest.mark.parametrize(
    ("column", "text", "words"),
    [
        ("principal", "-1", "不是金额"),
        ("principal", "1e3", "不是金额"),
        ("principal", "１００", "不是金额"),
        ("rate", "NaN", "不是年利率"),
        ("start", "2013-02-29", "不是日期"),
        ("end", "2013-09-09", "止期早于起期"),
        ("convention", "30/360", "act360、zhubi 或 act365"),
    ],
)
def test_what_cannot_be_read_is_named_with_a_sentence(column, text, words):
    said = refusal_of(**TERMS | {column: text})

    assert said.startswith(f"{column}“{text}”")
    assert words in said


def test_a_long_text_is_not_repeated_whole():
    assert len(refusal_of(**TERMS | {"principal": "9" * 5000})) < 200


def test_what_is_missing_is_asked_for():
    said = refusal_of(principal="1", rate="1")

    assert all(f"--{name}" in said for name in ("start", "end", "convention"))
    assert "--principal" not in said


@pytest.mark.parametrize("start", ["", "\ufeff"], ids=["plain", "with a byte order mark"])
def test_a_file_comes_back_with_the_interest_of_every_line(tmp_path, start):
    path = tmp_path / "terms.csv"
    path.write_text(start + FILE, encoding="utf-8", newline="")

    assert interest(csv=str(path)) == (
        "name,principal,rate,start,end,convention,interest\n"
        "和，秀兰,10000.00,10.20,2013-09-10,2014-09-10,act360,1034.17\n"
        "段军,50000.00,7.20,2013-11-05,2014-08-20,zhubi,2850.00\n"
    )


def test_a_dash_reads_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(FILE.encode())))

    assert interest(csv="-").count("\n") == 3
    assert not sys.stdin.closed


def test_a_bad_line_stops_with_its_number_its_column_and_a_sentence(tmp_path):
    path = tmp_path / "terms.csv"
    path.write_text(FILE + "某,1.005,7.2,2013-09-10,2014-09-10,act360\n", encoding="utf-8", newline="")
    out = StringIO()

    with pytest.raises(CommandError, match=r"^第4行，principal“1.005”：不是金额"):
        call_command("interest", csv=str(path), stdout=out)
    assert out.getvalue().count("\n") == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "第1行，principal：表头没有这一列"),
        ("principal,利率\n1,2\n".encode(), "第1行，rate：表头没有这一列"),
        (FILE.encode("gb18030"), "UTF-8"),
        (FILE.encode("utf-16"), "UTF-8"),
        (b"principal,rate,start,end,convention\n1,2\n", "第2行：列数与表头不同"),
        (b'principal,rate,start,end,convention\n"1,2\n', "第2行：不是规范的CSV"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(tmp_path, content, words):
    path = tmp_path / "terms.csv"
    path.write_bytes(content)

    with pytest.raises(CommandError, match=words):
        interest(csv=str(path))


def test_a_file_that_is_not_there_is_no_traceback(tmp_path):
    assert "No such file" in refusal_of(csv=str(tmp_path / "nowhere.csv"))
    assert "Is a directory" in refusal_of(csv=str(tmp_path))


def test_a_file_and_terms_exclude_each_other(tmp_path):
    assert "--csv" in refusal_of(csv="-", json=True)
    assert "--csv" in refusal_of(csv="-", rate="7.2")


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "manage.py", "interest", *words],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nowhere"} | environment,
        capture_output=True,
        check=False,
    )


def test_it_works_without_a_database_and_in_a_poor_terminal(tmp_path):
    path = tmp_path / "terms.csv"
    path.write_text(FILE, encoding="utf-8", newline="")
    poor = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = run("--csv", str(path), **poor)

    assert (done.returncode, done.stderr) == (0, b"")
    assert "段军,50000.00,7.20,2013-11-05,2014-08-20,zhubi,2850.00\n".encode() in done.stdout


def test_a_refusal_ends_with_an_error_code_and_keeps_standard_output_clean():
    words = [word for name, text in TERMS.items() for word in (f"--{name}", text)]
    done = run(*words[:-1], "actual")

    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode().startswith("CommandError: convention“actual”：")
    assert "Traceback" not in done.stderr.decode()

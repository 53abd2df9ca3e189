"""Files of reviews: any encoding, any damage, counts that add up, twice gives duplicates."""

from __future__ import annotations

import csv
import gzip
import json
import os
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from compliance.integrity import find_discrepancies
from compliance.models import AuditEvent, JournalEntry
from tests.factories.customers import make_order
from tests.factories.people import make_department
from tests.kept import kept
from tests.tickets.mails import DATA
from tickets.feedback_file import recognise
from tickets.models import Message, RawIntake, Ticket
from tickets.search import matching
from tickets.services.intake import feedback, raw_of
from tickets.statuses import IntakeOutcome as O

pytestmark = pytest.mark.django_db

SHARED = DATA.parent
REVIEW_FILES = (
    [*sorted(SHARED.glob("zh/*.csv*")), *sorted(SHARED.glob("en/*.csv*"))]
    if SHARED.exists()
    else []
)


@pytest.fixture(autouse=True)
def desk() -> None:
    make_department()


def run(path: Path, *args: str) -> dict[str, int]:
    out = StringIO()
    mapping = [] if any(one.startswith("text=") for one in args) else ["--map", "text=text"]
    call_command("import_feedback", str(path), "--json", *mapping, *args, stdout=out)
    said = json.loads(out.getvalue())
    names = ("rows", "created", "duplicate", "ignored", "refused")
    counts = {name: said[name] for name in names}
    assert counts["rows"] == sum(counts[name] for name in names[1:])
    return counts


def counts(*numbers: int) -> dict[str, int]:
    names = ("created", "duplicate", "ignored", "refused")
    return {"rows": sum(numbers), **dict(zip(names, numbers, strict=True))}


def written(folder: Path, text: str, encoding: str = "utf-8", name: str = "reviews.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_each_row_becomes_a_case_with_words_history_and_events(tmp_path: Path) -> None:
    path = written(tmp_path, "text\n物流太慢，等了十天\nGreat jacket\n")

    assert run(path) == counts(2, 0, 0, 0)

    slow, great = Ticket.objects.order_by("pk")
    assert (slow.subject, slow.language, slow.kind) == (
        "物流太慢，等了十天",
        "zh-hans",
        "suggestion",
    )
    assert (great.language, great.channel, great.sentiment) == ("en", "review", "")
    assert great.messages.get().body == "Great jacket"
    assert list(matching(Ticket.objects.all(), "物流")) == [slow]
    assert great.history.get().history_change_reason == f"{kept('导入 / Import')} reviews.csv"
    assert AuditEvent.objects.filter(code="tickets.received").count() == 2
    journal = JournalEntry.objects.filter(table_name="tickets_ticket")
    assert set(journal.values_list("actor_name", "reason")) == {
        ("System (system)", f"{kept('导入 / Import')} reviews.csv")
    }
    intake = RawIntake.objects.get(ticket=great)
    assert (intake.outcome, intake.position) == (O.TICKET, 2)
    assert json.loads(raw_of(intake)) == {"text": "Great jacket"}


def test_twice_gives_duplicates_and_counts_them(tmp_path: Path) -> None:
    path = written(tmp_path, 'text\none thing\ntwo things\none thing\n!!!\n""\n')

    assert run(path) == counts(2, 1, 2, 0)
    assert run(path) == counts(0, 5, 0, 0)

    assert Ticket.objects.count() == 2
    row = RawIntake.objects.get(subject="one thing")
    assert row.seen_count == 4
    assert row.history.count() == 3
    assert list(find_discrepancies()) == []


def test_the_same_id_over_other_words_is_kept_beside_the_first(tmp_path: Path) -> None:
    path = written(tmp_path, "id,text\n7,good\n7,bad\n7,bad\n")

    assert run(path, "--map", "external_id=id") == counts(1, 2, 0, 0)

    first, other = RawIntake.objects.order_by("pk")
    assert (other.outcome, other.duplicate_of, other.ticket) == (O.DUPLICATE, first, first.ticket)


def test_gbk_with_broken_rows_imports_the_others(tmp_path: Path) -> None:
    rows = ["text,星", "质量很好，非常满意,5", "坏行,1", "快递员态度差,1"]
    text = "\n".join([*rows, '"没有结束的引号,2', "颜色和图片不一样,3", ""])
    path = tmp_path / "gbk.csv"
    path.write_bytes(text.encode("gbk").replace("坏行".encode("gbk"), b"\xff\xff"))
    refused = tmp_path / "refused.csv"

    found = run(path, "--map", "rating=星", "--refused", str(refused))

    assert found == counts(3, 0, 0, 2)
    kinds = dict(Ticket.objects.values_list("subject", "kind"))
    assert kinds == {
        "质量很好，非常满意": "praise",
        "快递员态度差": "complaint",
        "颜色和图片不一样": "suggestion",
    }
    with refused.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["row", "reason", "text", "星"]
    assert rows[1][:2] == ["2", "It holds bytes that are not gb18030."]
    assert rows[2][:3] == ["4", "A quote is opened and never closed.", '"没有结束的引号,2']


def test_a_missing_column_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    path = written(tmp_path, "comment,stars\nfine,4\n")

    with pytest.raises(CommandError) as error:
        run(path)

    assert str(error.value) == (
        "There is no column “text” for text. The columns are: comment, stars."
    )
    assert RawIntake.objects.count() == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--map", "text:comment"], "“text:comment” is not of the form FIELD=COLUMN"),
        (["--map", "colour=comment"], "“colour=comment” is not of the form FIELD=COLUMN"),
        (["--map", "rating=stars"], "Say which column holds the text: text=COLUMN."),
        (
            ["--map", "text=comment", "--map", "text=stars"],
            "text has two columns, “comment” and “stars”. Choose one.",
        ),
    ],
)
def test_a_wrong_mapping_is_explained(tmp_path: Path, arguments: list[str], said: str) -> None:
    path = written(tmp_path, "comment,stars\nfine,4\n")

    with pytest.raises(CommandError, match=said):
        call_command("import_feedback", str(path), *arguments)


def test_a_column_that_stands_there_twice_is_refused_only_if_it_is_used(tmp_path: Path) -> None:
    path = written(tmp_path, "text,text,id,note,note\nfine,bad,7,a,b\n")

    with pytest.raises(CommandError) as error:
        run(path)

    assert str(error.value) == "There are several columns “text”. Rename all but one."
    assert RawIntake.objects.count() == 0
    assert run(path, "--map", "text=id") == counts(1, 0, 0, 0)


def test_abuse_51_refused_rows_run_nothing_in_a_spreadsheet(tmp_path: Path) -> None:
    path = written(tmp_path, 'text,=stars\n"=HYPERLINK(""x"")",9\n')
    refused = tmp_path / "refused.csv"

    run(path, "--map", "rating==stars", "--refused", str(refused))

    with refused.open(encoding="utf-8", newline="") as file:
        header, row = csv.reader(file)
    assert header == ["row", "reason", "text", "'=stars"]
    assert row[2:] == ['\'=HYPERLINK("x")', "9"]


def test_refused_rows_are_mended_and_imported_with_the_same_mapping(tmp_path: Path) -> None:
    path = written(tmp_path, 'text,=stars\n"=SUM(1) is wrong",9\n"late, and torn",8\n')
    refused, mended = tmp_path / "refused.csv", tmp_path / "mended.csv"
    mapping = ("--map", "rating==stars")
    assert run(path, *mapping, "--refused", str(refused)) == counts(0, 0, 0, 2)

    text = refused.read_text(encoding="utf-8")
    mended.write_text(text.replace(",9\n", ",1\n").replace(",8\n", ",2\n"), encoding="utf-8")

    assert run(mended, *mapping) == counts(2, 0, 0, 0)
    bodies = Message.objects.order_by("pk").values_list("body", flat=True)
    assert [body.split("\n")[0] for body in bodies] == ["=SUM(1) is wrong", "late, and torn"]


def test_an_empty_or_absent_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no line of column names"):
        run(written(tmp_path, ""))
    with pytest.raises(CommandError, match=r"nothing\.csv is not there\."):
        run(tmp_path / "nothing.csv")


def test_packed_files_and_byte_order_marks_are_read(tmp_path: Path) -> None:
    packed = tmp_path / "reviews.csv.gz"
    packed.write_bytes(gzip.compress("text\n包装很好\n".encode()))

    assert run(packed) == counts(1, 0, 0, 0)
    assert run(written(tmp_path, "text\n有标记\n", "utf-8-sig")) == counts(1, 0, 0, 0)
    assert run(written(tmp_path, "text\n宽字符\n", "utf-16")) == counts(1, 0, 0, 0)


def test_a_cut_packed_file_says_so_and_keeps_what_was_read(tmp_path: Path) -> None:
    path = tmp_path / "cut.csv.gz"
    lines = "".join(f"row {number} {os.urandom(20).hex()}\n" for number in range(2000))
    path.write_bytes(gzip.compress(f"text\n{lines}".encode())[:-2000])

    with pytest.raises(CommandError, match=r"cut\.csv\.gz is cut or damaged"):
        run(path)


def test_rows_that_cannot_be_used_are_refused_with_the_column(tmp_path: Path) -> None:
    long = "x" * 50_001
    path = written(
        tmp_path,
        f"text,stars,who\nfine,9,a\nfine,,{'b' * 201}\n{long},1,c\nok,2,d,e\nok\nyes,4,f\n",
    )
    err = StringIO()
    out = StringIO()
    mapping = ["--map", "text=text", "--map", "rating=stars", "--map", "author=who"]

    call_command("import_feedback", str(path), *mapping, stdout=out, stderr=err)

    assert out.getvalue().startswith("rows 6, created 1, duplicate 0, ignored 0, refused 5")
    assert sorted(err.getvalue().splitlines()) == [
        "row 1: Column “stars” is “9”, not a rating from 1 to 5.",
        "row 2: Column “who” is longer than 200 characters.",
        "row 3: Column “text” is longer than 50000 characters.",
        "row 4: It has 4 columns instead of 3.",
        "row 5: It has 1 columns instead of 3.",
    ]


def test_broken_quotes_and_endless_columns_are_said_in_words(tmp_path: Path) -> None:
    path = written(tmp_path, f'text\n"fine" indeed\n{"x" * 140_000}\n"open\n')
    err = StringIO()

    call_command("import_feedback", str(path), "--map", "text=text", stdout=StringIO(), stderr=err)

    assert err.getvalue().splitlines() == [
        "row 1: Something stands between the end of a quote and the next column.",
        "row 2: A column is longer than 131072 characters.",
        "row 3: A quote is opened and never closed.",
    ]


def test_a_row_names_its_order_author_and_language(tmp_path: Path) -> None:
    order = make_order()
    path = written(
        tmp_path, f"text,no,who,lang\nok ok,{order.external_id},Li,zh-CN\n差,unknown,,en\n"
    )

    run(path, "--map", "order=no", "--map", "author=who", "--map", "language=lang")

    known, unknown = Ticket.objects.order_by("pk")
    assert (known.order, known.customer, known.shop) == (order, order.customer, order.shop)
    assert (known.language, known.messages.get().author_name) == ("zh-hans", "Li")
    assert (unknown.order, unknown.customer, unknown.language) == (None, None, "en")


def test_a_failing_row_harms_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = feedback.feedback_rows.intake_row

    def fragile(review: Any, source: Any) -> Any:
        if review.text == "bad luck":
            raise ValueError("broken on purpose")
        return real(review, source)

    monkeypatch.setattr(feedback.feedback_rows, "intake_row", fragile)

    refused = tmp_path / "refused.csv"
    path = written(tmp_path, "text\none\nbad luck\ntwo\n")
    found = run(path, "--refused", str(refused))

    assert found == counts(2, 0, 0, 1)
    assert refused.read_text(encoding="utf-8").splitlines() == [
        "row,reason,text",
        "2,An error on our side; administrators find it in the records.,bad luck",
    ]
    assert set(Message.objects.values_list("body", flat=True)) == {"one", "two"}
    assert Ticket.objects.count() == 2


def test_encodings_are_told_apart() -> None:
    chinese = "这件衣服的颜色和图片不一样，我要退货。" * 20

    assert recognise(chinese.encode("gbk")) == "gb18030"
    assert recognise(chinese.encode()) == "utf-8"
    assert recognise(chinese.encode().replace("颜".encode(), b"\xff", 1)) == "utf-8"
    assert recognise(b"plain") == "utf-8"


def require_files() -> None:
    if REVIEW_FILES:
        return
    if os.environ.get("CI"):
        pytest.fail("the shared data must be there in CI")
    pytest.skip("../shared/data is not there")


def open_text(path: Path) -> Any:
    opener = gzip.open if path.suffix == ".gz" else open
    return opener(path, "rt", encoding="utf-8", newline="")


def test_the_first_rows_of_every_shared_file(tmp_path: Path) -> None:
    require_files()
    for source in REVIEW_FILES:
        sample = tmp_path / f"{source.name}.csv"
        with open_text(source) as file:
            sample.write_text("".join(islice(file, 61)), encoding="utf-8")

        first = run(sample)

        assert first["rows"] == 60, source.name
        assert first["refused"] == 0, source.name
        assert run(sample) == counts(0, 60, 0, 0), source.name


@pytest.mark.long
@pytest.mark.parametrize("source", REVIEW_FILES, ids=lambda path: path.name)
def test_every_row_of_a_shared_file(source: Path, tmp_path: Path) -> None:
    with open_text(source) as file:
        rows = sum(1 for _row in csv.reader(file)) - 1

    first = run(source)

    assert first["rows"] == rows
    assert first["refused"] == 0
    assert Ticket.objects.count() == first["created"]
    assert run(source) == counts(0, rows, 0, 0)

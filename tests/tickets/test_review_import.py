"""The pages that import a file of reviews: look first, import, take the refused rows back."""

from __future__ import annotations

import csv
import gzip
import io
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from aftersales.kernel.errors import NotPermitted
from compliance.models import JournalEntry
from customers import uploads
from staff.models import User
from staff.roles import Role
from tests.factories.people import make_department, make_user
from tests.kept import kept
from tests.tickets.case_page import signed_in
from tickets.admin import review_import
from tickets.feedback_file import Mapping, Row
from tickets.models import RawIntake, Ticket
from tickets.services.intake import import_rows, look_at, preview

pytestmark = pytest.mark.django_db

START, COLUMNS, RESULT, REFUSED = (
    reverse(f"admin:tickets_review_import{end}") for end in ("", "_columns", "_result", "_refused")
)
HEADER = "编号,评价内容,星级,昵称"
ROWS = f"{HEADER}\n7,物流太慢，等了十天,1,小李\n8,质量很好,5,阿芳\n9,！！,5,无名\n10,一般,9,老王\n"
MAPPING = {"text": "评价内容", "external_id": "编号", "rating": "星级", "author": "昵称"}


@pytest.fixture(autouse=True)
def desk() -> None:
    make_department()


@pytest.fixture
def lead() -> Client:
    return signed_in(make_user(Role.LEAD))


def choose(client: Client, content: bytes, name: str = "reviews.csv") -> str:
    file = SimpleUploadedFile(name, content)
    response = client.post(START, {"channel": "review", "file": file}, follow=True)
    return response.content.decode()


def test_a_file_is_looked_at_imported_and_its_refused_rows_come_back(lead: Client) -> None:
    page = choose(lead, ROWS.encode("gbk"))
    assert '<option value="编号" selected>' in page  # guessed by its name
    assert RawIntake.objects.count() == 0

    looked = lead.post(COLUMNS, {**MAPPING, "look": ""}).content.decode()
    assert "物流太慢，等了十天" in looked
    assert "Column “星级” is “9”, not a rating from 1 to 5." in looked
    assert "Import 2 reviews" in looked
    assert Ticket.objects.count() == RawIntake.objects.count() == 0

    done = lead.post(COLUMNS, {**MAPPING, "import": ""})
    assert done["Location"] == RESULT
    assert dict(Ticket.objects.values_list("subject", "kind")) == {
        "物流太慢，等了十天": "complaint",
        "质量很好": "praise",
    }
    result = "".join(lead.get(RESULT).content.decode().split())
    for label, number in (("Rowsinthefile", 4), ("Newcases", 2), ("Refusedrows", 1)):
        assert f'<dt>{label}</dt><ddclass="figure">{number}</dd>' in result
    sheet = list(csv.reader(io.StringIO(lead.get(REFUSED).content.decode("utf-8-sig"))))
    assert sheet[0] == ["row", "reason", "编号", "评价内容", "星级", "昵称"]
    assert sheet[1][0] == "4"
    assert sheet[1][2:] == ["10", "一般", "9", "老王"]


def test_an_import_is_signed_by_who_confirmed_it(lead: Client) -> None:
    choose(lead, b"text\nlate again\n")
    lead.post(COLUMNS, {"text": "text", "import": ""})

    entry = JournalEntry.objects.get(table_name="tickets_ticket")
    actor = User.objects.get(pk=lead.session["_auth_user_id"])
    assert entry.actor_name == f"{actor.display_name} ({actor.username})"
    assert (entry.reason, entry.source) == (f"{kept('导入 / Import')} reviews.csv", "import")


def test_the_same_file_again_counts_duplicates(lead: Client) -> None:
    for _ in range(2):
        choose(lead, gzip.compress(ROWS.encode()), "reviews.csv.gz")
        lead.post(COLUMNS, {**MAPPING, "import": ""})

    page = "".join(lead.get(RESULT).content.decode().split())
    assert '<dt>Importedbefore</dt><ddclass="figure">3</dd>' in page
    assert Ticket.objects.count() == 2


def test_confirming_twice_imports_once(lead: Client) -> None:
    choose(lead, b"text\nlate again\n")
    lead.post(COLUMNS, {"text": "text", "import": ""})
    again = lead.post(COLUMNS, {"text": "text", "import": ""}, follow=True)

    assert "The file is gone. Please choose it again." in again.content.decode()
    assert RawIntake.objects.get().seen_count == 1


def test_a_text_in_two_columns_of_one_name_is_explained_at_the_field(lead: Client) -> None:
    choose(lead, b"text,text\na,b\n")

    page = lead.post(COLUMNS, {"text": "text", "import": ""}).content.decode()

    assert "There are several columns “text”. Rename all but one." in page
    assert RawIntake.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The submitted file is empty."),
        (b"\n\n", "The file has no line of column names."),
        (gzip.compress(ROWS.encode())[:30], "The packed file is cut or damaged."),
        (b"\x1f\x8bnothing packed", "The packed file is cut or damaged."),
    ],
    ids=["empty", "blank", "cut", "not packed"],  # a packed file holds the time it was made
)
def test_a_file_that_is_none_says_so(lead: Client, content: bytes, said: str) -> None:
    before = set(uploads.folder().iterdir())
    assert said in choose(lead, content)
    assert set(uploads.folder().iterdir()) == before


def test_a_file_damaged_further_on_is_refused_before_anything_is_written(lead: Client) -> None:
    rows = "".join(f"{sha256(bytes([n % 256, n // 256])).hexdigest() * 10}\n" for n in range(9_000))
    packed = gzip.compress(f"text\n{rows}".encode())
    choose(lead, packed[:-2000], "reviews.csv.gz")  # the beginning tells the columns

    page = lead.post(COLUMNS, {"text": "text", "import": ""}).content.decode()

    assert RawIntake.objects.count() == 0
    assert "The packed file is cut or damaged." in page


def test_a_file_too_large_for_a_page_is_refused(
    lead: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "MOST_ROWS", 2)
    choose(lead, b"text\na\nb\nc\n")

    page = lead.post(COLUMNS, {"text": "text", "import": ""}).content.decode()

    assert "A page takes at most 2 rows; the command line takes more." in page
    assert RawIntake.objects.count() == 0
    monkeypatch.setattr(review_import, "MOST_BYTES", 4)
    assert "The file is larger than 10 MB." in choose(lead, b"text\na\n")


@pytest.mark.parametrize("role", [Role.AGENT, Role.WAREHOUSE, Role.AUDITOR])
def test_files_are_imported_by_leads_and_administrators(role: str) -> None:
    client = signed_in(make_user(role))

    for url in (START, COLUMNS, RESULT, REFUSED):
        assert client.get(url).status_code == 403
        assert client.post(url).status_code == 403
    assert START not in client.get(reverse("admin:tickets_rawintake_changelist")).content.decode()


def test_the_list_of_incoming_messages_leads_there() -> None:
    page = signed_in(make_user(Role.ADMINISTRATOR)).get(
        reverse("admin:tickets_rawintake_changelist")
    )

    assert "import-reviews" in page.content.decode()


def test_the_services_themselves_ask_for_the_right(tmp_path: Path) -> None:
    agent, file = make_user(Role.AGENT), tmp_path / "reviews.csv"
    file.write_text("text\nlate again\n")
    mapping = Mapping({"text": "text"})

    with pytest.raises(NotPermitted):
        look_at(file, mapping, channel="review", actor=agent)
    with pytest.raises(NotPermitted):
        import_rows(file, mapping, channel="review", actor=agent, refuse=refuse_nothing)

    assert not RawIntake.objects.exists()
    assert not Ticket.objects.exists()


def refuse_nothing(row: Row, reason: str) -> None:
    raise AssertionError(f"{row.number}: {reason}")


def test_a_file_of_few_endless_rows_is_too_large_as_well(
    lead: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "MOST_CHARACTERS", 10)
    choose(lead, b"text\n" + b"a" * 11 + b"\n")

    page = lead.post(COLUMNS, {"text": "text", "import": ""}).content.decode()

    assert "The rows are too long for a page; the command line takes more." in page
    assert not RawIntake.objects.exists()

from base64 import b64encode
from datetime import UTC, datetime

import pytest

from tests.tickets.mails import check, mail, mixed, multipart, part, qq_reply, word

ZIP = b64encode(b"zip bytes")


def test_qq_mail_is_read_whole() -> None:
    parsed = check(qq_reply())

    assert parsed.from_name == "王小明"
    assert parsed.from_address == "12345@qq.com"
    assert parsed.subject == "回复：您的工单 T-000123"
    assert parsed.text.startswith("屏幕还是闪，能换一台吗？")
    assert parsed.has_html
    assert parsed.attachments == ()
    assert parsed.message_id == "one@example.com"
    assert parsed.date == datetime(2025, 1, 6, 2, 0, tzinfo=UTC)
    assert parsed.defects == ()


def test_characters_outside_gb2312_survive_that_label() -> None:
    raw = mail("李喆的镕号".encode("gbk"), Content_Type="text/plain; charset=gb2312")

    assert check(raw).text == "李喆的镕号"


def test_four_byte_gb18030_survives_the_gbk_label() -> None:
    raw = mail("𠮷野家退货".encode("gb18030"), Content_Type="text/plain; charset=GBK")

    assert check(raw).text == "𠮷野家退货"


def test_utf8_marked_big5_is_read_as_utf8() -> None:
    raw = mail("退貨申請已送出".encode(), Content_Type="text/plain; charset=big5")
    parsed = check(raw)

    assert parsed.text == "退貨申請已送出"
    assert parsed.defects == ("charset-mislabelled",)


def test_utf8_marked_gb2312_is_read_as_utf8() -> None:
    raw = mail("屏幕碎了，怎么退货".encode(), Content_Type="text/plain; charset=gb2312")

    assert check(raw).text == "屏幕碎了，怎么退货"


@pytest.mark.parametrize(
    ("text", "label", "codec"),
    [("订单发票", "gb2312", "gb18030"), ("déjà", "iso-8859-1", "latin-1")],
)
def test_utf8_that_also_decodes_as_labelled_is_utf8(text: str, label: str, codec: str) -> None:
    parsed = check(mail(text.encode(), Content_Type=f"text/plain; charset={label}"))

    assert text.encode().decode(codec) != text
    assert parsed.text == text


def test_short_gbk_word_that_is_also_utf8_stays_gbk() -> None:
    data = "学校".encode("gbk")
    parsed = check(mail(data, Content_Type="text/plain; charset=gbk"))

    assert parsed.text == "学校"


def test_real_big5_stays_big5() -> None:
    raw = mail("螢幕破裂，申請退貨".encode("big5"), Content_Type="text/plain; charset=Big5")

    assert check(raw).text == "螢幕破裂，申請退貨"


def test_big5_word_in_subject() -> None:
    assert check(mail(Subject=word("退貨問題", "big5"))).subject == "退貨問題"


def test_raw_gbk_subject_and_sender() -> None:
    parsed = check(
        mail(Subject="订单退款".encode("gbk"), From="张三 <zhang@163.com>".encode("gbk"))
    )

    assert parsed.subject == "订单退款"
    assert (parsed.from_name, parsed.from_address) == ("张三", "zhang@163.com")


def test_raw_gbk_name_whose_second_bytes_are_backslashes() -> None:
    name = "許慭礬"
    parsed = check(mail(From=f'"{name}" <a@163.com>'.encode("gbk")))

    assert name.encode("gbk").count(b"\\") == 2
    assert (parsed.from_name, parsed.from_address) == (name, "a@163.com")


def test_character_split_between_two_words_is_joined() -> None:
    data = "发票抬头".encode("gbk")
    words = " ".join(f"=?gbk?B?{b64encode(half).decode()}?=" for half in (data[:3], data[3:]))

    assert check(mail(Subject=words)).subject == "发票抬头"


def test_folded_words_lose_the_blank_between_them() -> None:
    subject = f"{word('回复: ', 'utf-8')}\r\n {word('保修期', 'utf-8')}"

    assert check(mail(Subject=subject)).subject == "回复: 保修期"


def test_body_without_label_in_gbk_is_guessed() -> None:
    assert check(mail("我要退货，请尽快处理".encode("gbk"))).text == "我要退货，请尽快处理"


def test_western_body_without_label_is_not_read_as_chinese() -> None:
    assert check(mail("déjà payé".encode("latin-1"))).text == "déjà payé"


@pytest.mark.parametrize("label", ["uft-8", "UTF8", "x-unknown", "fakescii", "", "punycode", "hex"])
def test_bad_labels_fall_back_to_utf8(label: str) -> None:
    raw = mail("保修卡丢了".encode(), Content_Type=f"text/plain; charset={label}")

    assert check(raw).text == "保修卡丢了"


@pytest.mark.parametrize("label", ["utf-7", "unicode-1-1-utf-7"])
def test_utf7_is_decoded(label: str) -> None:
    raw = mail("退货".encode("utf-7"), Content_Type=f"text/plain; charset={label}")

    assert check(raw).text == "退货"


def test_utf7_surrogates_and_nul_are_made_storable() -> None:
    raw = mail(b"a+2AA-b\x00c", Content_Type="text/plain; charset=utf-7")

    assert check(raw).text == "a\ufffdbc"


def test_raw_gbk_file_name() -> None:
    disposition = 'attachment; filename="发票照片.zip"'.encode("gbk")
    raw = mixed(part(b"see"), part(ZIP, "application/zip", Content_Disposition=disposition))

    assert [one.filename for one in check(raw).attachments] == ["发票照片.zip"]


def test_encoded_word_file_name_as_foxmail_writes_it() -> None:
    file = part(
        ZIP,
        f'application/octet-stream; name="{word("检测报告.pdf")}"',
        Content_Transfer_Encoding="base64",
        Content_Disposition=f'attachment; filename="{word("检测报告.pdf")}"',
    )
    parsed = check(mixed(part(b"see"), file, X_Mailer="Foxmail 7.2.25"))

    assert parsed.attachments[0].filename == "检测报告.pdf"
    assert parsed.attachments[0].content == b"zip bytes"
    assert parsed.attachments[0].declared_type == "application/octet-stream"
    assert not parsed.attachments[0].is_inline


def test_rfc2231_file_name_in_pieces() -> None:
    disposition = (
        "attachment; filename*0*=gb18030''%CD%CB%BB%F5; filename*1*=%B5%A5; filename*2=\".pdf\""
    )
    raw = mixed(part(b"see"), part(b"x", "application/pdf", Content_Disposition=disposition))

    assert check(raw).attachments[0].filename == "退货单.pdf"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\\\Users\\\\a\\\\单据.doc", "单据.doc"),
        ("exe.\u202egpj", "exe.gpj"),
        ("a\tb\x07.png", "a b.png"),
        ("...", "attachment-1.png"),
        ("a" * 300 + ".png", "a" * 146 + ".png"),
        ("a<b>:|?*.png", "a_b_____.png"),
    ],
)
def test_file_names_are_cleaned(written: str, kept: str) -> None:
    disposition = f'attachment; filename="{written}"'
    raw = mixed(part(b"see"), part(b"x", "image/png", Content_Disposition=disposition))

    assert check(raw).attachments[0].filename == kept


def test_two_froms_keep_the_first() -> None:
    parsed = check(b"From: a@b.example\nFrom: agent@shop.example\n\nhi")

    assert parsed.from_address == "a@b.example"
    assert "duplicate-from" in parsed.defects


def test_display_name_cannot_inject_a_mailbox_or_a_line() -> None:
    evil = word("x>, admin@shop.example\r\nBcc: y@z.example <", "utf-8")
    parsed = check(mail(From=f"{evil} <real@example.com>"))

    assert parsed.from_address == "real@example.com"
    assert "\n" not in parsed.from_name
    assert "\r" not in parsed.from_name


def test_name_and_address_in_one_word() -> None:
    parsed = check(mail(From=word("李雷 <lilei@163.com>")))

    assert parsed.from_address == "lilei@163.com"


@pytest.mark.parametrize("sender", ["", "nobody", "<>", "a@", "@b", "x@y..z"])
def test_unusable_senders_become_empty(sender: str) -> None:
    assert check(mail(From=sender)).from_address == ""


def test_empty_input_is_a_mail_without_anything() -> None:
    parsed = check(b"")

    assert parsed.text == ""
    assert parsed.message_id == ""
    assert parsed.date is None
    assert parsed.return_path is None
    assert "missing-from" in parsed.defects


def test_mbox_line_on_top_is_skipped() -> None:
    parsed = check(b"From wang@example.com Mon Jan  6 10:00:00 2025\n" + mail())

    assert parsed.from_address == "wang@example.com"
    assert parsed.text == "hello"


def test_old_mac_line_ends() -> None:
    assert check(mail().replace(b"\r\n", b"\r")).subject == "hello"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("<a@b>", "a@b"),
        ("a@b", "a@b"),
        ("<a\x00 @b> <c@d>", "a@b"),
        ("<a@\r\n b>", "a@b"),
        ("", ""),
    ],
)
def test_message_ids_are_normalised(written: str, kept: str) -> None:
    assert check(mail(Message_ID=written)).message_id == kept


def test_long_message_ids_stay_apart() -> None:
    ids = {check(mail(Message_ID=f"<{'a' * 10_000}{tail}@b>")).message_id for tail in "xy"}

    assert len(ids) == 2
    assert {len(one) for one in ids} == {250}


def test_references_keep_the_latest_hundred() -> None:
    written = " ".join(f"<{number}@b>" for number in range(150))
    parsed = check(mail(References=written, In_Reply_To="<149@b> (comment)"))

    assert len(parsed.references) == 100
    assert parsed.references[-1] == "149@b"
    assert parsed.in_reply_to == "149@b"


def test_five_hundred_copies_are_counted_and_cut() -> None:
    parsed = check(mail(Cc=", ".join(f"u{number}@example.com" for number in range(500))))

    assert len(parsed.cc) == 50
    assert parsed.recipient_count == 501


def test_null_return_path_differs_from_none() -> None:
    assert check(mail(Return_Path="<>")).return_path == ""
    assert check(mail()).return_path is None
    assert check(mail(Return_Path="<A@b.example>")).return_path == "a@b.example"


@pytest.mark.parametrize("written", ["", "yesterday", "Mon, 99 Foo 2025", "1 Jan 99999 0:0:0", "("])
def test_bad_dates_are_none(written: str) -> None:
    assert check(mail(Date=written)).date is None


def test_html_alone_becomes_lines_without_script_style_or_tags() -> None:
    html = (
        "<html><head><title>t</title><style>p{}</style></head><body><p>您好&nbsp;客服</p>"
        "<script>alert(1)</script><div>第一行<br>第二行</div><img src=http://x/p.gif>"
        "<blockquote><p>旧的话</p></blockquote></body></html>"
    )
    parsed = check(mail(html.encode("gbk"), Content_Type="text/html; charset=gb2312"))

    assert parsed.text.split("\n") == ["您好 客服", "", "第一行", "第二行", "> 旧的话"]
    assert parsed.has_html


def test_html_charset_from_its_meta_line() -> None:
    body = '<meta charset="gbk"><p>镕基</p>'.encode("gbk")

    assert check(mail(body, Content_Type="text/html")).text == "镕基"


def test_blank_plain_alternative_yields_to_html() -> None:
    raw = mixed(part(b" \r\n"), part(b"<p>hi</p>", "text/html"), kind="alternative")

    assert check(raw).text == "hi"


def test_footer_added_after_html_does_not_replace_it() -> None:
    raw = mixed(part(b"<p>question</p>", "text/html"), part(b"sent by gateway"))

    assert check(raw).text == "question\n\nsent by gateway"


def test_inline_image_calendar_and_winmail_are_attachments() -> None:
    raw = mixed(
        part(b"see"),
        part(b"GIF", "image/gif", Content_ID="<pic@x>", Content_Disposition="inline"),
        part(b"BEGIN:VCALENDAR", "text/calendar; method=REQUEST"),
        part(b"TNEF", "application/ms-tnef"),
    )
    files = check(raw).attachments

    assert [one.filename for one in files] == [
        "attachment-1.gif",
        "attachment-2.ics",
        "winmail.dat",
    ]
    assert [one.is_inline for one in files] == [True, False, False]
    assert files[0].content_id == "pic@x"


def test_bounce_names_the_mail_that_bounced() -> None:
    inner = mail(Message_ID="<sent-by-us@shop.example>")
    raw = mixed(
        part(b"failed"),
        part(b"Status: 5.1.1", "message/delivery-status"),
        part(inner, "message/rfc822"),
    )
    parsed = check(raw)

    assert parsed.nested_message_ids == ("sent-by-us@shop.example",)
    assert parsed.text == "failed"
    assert parsed.attachments[-1].filename == "hello.eml"


def test_bounce_with_headers_copied_as_text() -> None:
    raw = mail(b"550 no such user\n\n> Message-ID: <ours@shop.example>\n> Subject: x\n")

    assert check(raw).nested_message_ids == ("ours@shop.example",)


def test_multipart_without_boundary_is_guessed() -> None:
    _, body = multipart(part(b"first"), part(b"second"))
    parsed = check(mail(body, Content_Type="multipart/mixed"))

    assert parsed.text == "first\n\nsecond"
    assert "boundary-missing" in parsed.defects


def test_multipart_without_parts_keeps_its_words() -> None:
    parsed = check(mail(b"just words", Content_Type="multipart/mixed; boundary=gone"))

    assert parsed.text == "just words"


def test_flowed_text_is_joined_within_one_quote_depth() -> None:
    body = b"one \r\ntwo\r\n> old \r\n> words\r\n-- \r\nme"
    parsed = check(mail(body, Content_Type="text/plain; format=flowed"))

    assert parsed.text == "one two\n> old words\n-- \nme"


def test_long_text_is_cut_and_says_so() -> None:
    parsed = check(mail(b"a" * 300_000))

    assert len(parsed.text) == 200_000
    assert parsed.is_text_cut


def test_part_and_depth_budgets_hold() -> None:
    many = check(mixed(*[part(b"x")] * 1_500))
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level)
        for level in range(200)
    )

    assert "too-many-parts" in many.defects
    assert len(many.part_types) == 1_000
    assert "nested-too-deep" in check(b"From: a@b.example\n" + deep + b"\nhi").defects
    assert "nested-too-deep" in check(b"Content-Type: message/rfc822\n\n" * 5_000).defects

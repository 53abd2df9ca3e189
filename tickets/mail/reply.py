"""Where the customer's new words end and the history the mail client quoted below them begins."""

import re
from functools import cache

from mailparser_reply.constants import MAIL_LANGUAGES
from mailparser_reply.parser import EmailMessage

MAX_LOOK_BACK = 4
MAX_BLOCK_LINES = 8
MAX_FOREIGN_SEARCH = 20_000
MAX_FOREIGN_LINE = 300
BANNER = re.compile(
    r"^[-_—=*\s]{2,80}(?:原始邮件|原邮件|回复的?原?邮件|转发的?邮件(?:信息)?|邮件原件|原始郵件|原始訊息|轉寄郵件"
    r"|original\s+(?:message|mail|email)|original|forwarded\s+message|reply\s+message"
    r"|begin\s+forwarded\s+message|on\s[^\n]{5,150}\swrote)[-_—=*\s]{2,80}$",
    re.I,
)
FROM_LABEL = re.compile(
    r"^[|*\s]{0,6}(?:发\s?件\s?人|发送人|寄件人|寄件者|from|差出人|von|de)\s*[|*]{0,3}\s*[:：|]",
    re.I,
)
OTHER_LABEL = re.compile(
    r"[|*\s]{0,6}(?:发送时间|发送日期|发件时间|时\s?间|日\s?期|收\s?件\s?人|抄\s?送(?:人)?|主\s?题|傳送時間"
    r"|收件者|主旨|副本|sent|date|to|cc|subject|gesendet|an|betreff|envoyé|à|objet|enviado|para|asunto)"
    r"\s*[|*]{0,3}\s*[:：|]",
    re.I,
)
CHINESE_LABEL = re.compile(r"(?:发送时间|发送日期|日期|收件人|抄送|主题)\s*[:：]")
WROTE_END = re.compile(r"(?:写道|寫道|写到|wrote|schrieb|a\s+écrit|escribió)\s*[:：]\s*$", re.I)
WROTE_START = re.compile(r"^[>\s]{0,6}(?:在|于|於|at\s|on\s|am\s|le\s|el\s)", re.I)
WROTE_DATE = re.compile(r"\d{4}\s*年|\d{1,2}\s*月|\d{4}[-/.]\d{1,2}|\d{1,2}[:：]\d{2}|\b\d{4}\b")
# An attribution in any language: a time of day, then a mailbox, then at most one word and a colon.
ATTRIBUTION_END = re.compile(r"@[^<>()\s@]{1,200}[>)][ \t]{0,3}\S{0,15}[ \t]{0,3}[:：][ \t]*$")
TIME_OF_DAY = re.compile(r"\d{1,2}[:：.]\d{2}")
SIGNATURE = re.compile(r"-- ?$|_{10,}\s*$|-{10,}\s*$")
RULER = re.compile(r"^[-_—=*\s]{0,100}$")


def split_reply(text: str) -> tuple[str, str]:
    """New words and quoted history; joined they are the text again, and words never vanish.

    Answers written between or below quoted lines stay whole: better a long message on the
    ticket than a lost one.
    """
    lines = text.split("\n")
    start = _history_start(lines)
    if start is None:
        return text, ""
    new = "".join(f"{line}\n" for line in lines[:start])
    return (new, text[len(new) :]) if new.strip() else (text, "")


def _history_start(lines: list[str]) -> int | None:
    starts = [_own_start(lines), _foreign_start(lines)]
    found = [start for start in starts if start is not None]
    if not found:
        return None
    start = min(found)
    if _is_answered_below(lines[start:]):
        return None
    while start > 0 and RULER.match(lines[start - 1][:101]):
        start -= 1
    return start


def _own_start(lines: list[str]) -> int | None:
    tail = _quoted_tail(lines)
    for index, line in enumerate(lines[:tail]):
        bare = line[:400].lstrip("> \t\u3000")
        if BANNER.match(bare) or _opens_header_block(lines, index, bare):
            return index
        if _is_wrote_line(lines, index) or _is_attribution(lines, index):
            return _wrote_start(lines, index)
    return tail if tail < len(lines) else None


def _opens_header_block(lines: list[str], index: int, bare: str) -> bool:
    """A From label counts only with two more: customers do write "From: the shop"."""
    if not FROM_LABEL.match(bare):
        return False
    if len(CHINESE_LABEL.findall(bare)) >= 2:
        return True
    block = [line[:200].lstrip("> \t\u3000") for line in lines[index + 1 :][:MAX_BLOCK_LINES]]
    return sum(OTHER_LABEL.match(line) is not None for line in block) >= 2


def _is_wrote_line(lines: list[str], index: int) -> bool:
    """ "wrote:" needs a mailbox or a date near it: customers tell what the manual said, too."""
    if not WROTE_END.search(lines[index][-40:]):
        return False
    said = " ".join(line[:300] for line in lines[max(0, index - 2) : index + 1])
    return "@" in said or WROTE_DATE.search(said) is not None


def _is_attribution(lines: list[str], index: int) -> bool:
    if not ATTRIBUTION_END.search(lines[index][-240:]):
        return False
    said = " ".join(line[:300] for line in lines[max(0, index - 1) : index + 1])
    return TIME_OF_DAY.search(said) is not None


def _wrote_start(lines: list[str], end: int) -> int:
    """First line of a "在 … 写道：" that the client wrapped; the last line alone if unclear."""
    if WROTE_DATE.search(lines[end][:300]):
        return end
    for index in range(end - 1, max(-1, end - MAX_LOOK_BACK), -1):
        if not lines[index].strip():
            break
        if WROTE_START.match(lines[index][:300]) and WROTE_DATE.search(lines[index][:300]):
            return index
    wrapped = end > 0 and lines[end - 1].rstrip().endswith(("<", "("))
    return end - 1 if wrapped else end


def _quoted_tail(lines: list[str]) -> int:
    """Index where nothing but '>' lines and blanks follow; the line count if there are none."""
    index = len(lines)
    seen = False
    while index > 0 and (not lines[index - 1].strip() or lines[index - 1].startswith(">")):
        index -= 1
        seen = seen or lines[index].startswith(">")
    return index if seen else len(lines)


def _is_answered_below(history: list[str]) -> bool:
    """Marked quotes followed by unmarked words: the answer stands inside or under the quote."""
    marked = [index for index, line in enumerate(history) if line.startswith(">")]
    if not marked or marked[0] > MAX_LOOK_BACK + 1:
        return False
    for line in history[marked[0] :]:
        if SIGNATURE.match(line):
            return False
        if line.strip() and line[0] != ">":
            return True
    return False


def _foreign_start(lines: list[str]) -> int | None:
    """What mail-parser-reply knows of other languages; only its header pattern is used.

    Its reader rewrites the text and may drop words. Long lines are hidden from its patterns,
    which are not linear.
    """
    searched = "\n".join(line.strip() if len(line) <= MAX_FOREIGN_LINE else "" for line in lines)
    hit = _foreign_headers().search(searched[:MAX_FOREIGN_SEARCH])
    if hit is None:
        return None
    skipped = len(hit[0]) - len(hit[0].lstrip())
    return searched.count("\n", 0, hit.start() + skipped)


@cache
def _foreign_headers() -> re.Pattern[str]:
    pattern: re.Pattern[str] = EmailMessage(text="", languages=list(MAIL_LANGUAGES)).HEADER_REGEX
    return pattern

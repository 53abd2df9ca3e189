"""Bytes to text when the label may be missing, wrong or hostile; total and close to linear."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from encodings import normalize_encoding
from encodings.aliases import aliases

# Senders label with the small old set what they encode in its large successor.
SUPERSETS = {
    **dict.fromkeys(
        ("gb2312", "gbk", "gb_2312_80", "cp936", "ms936", "936", "x_gbk", "euc_cn", "gb_2312",
         "chinese", "iso_ir_58", "euccn", "eucgb2312_cn",
         "gb2312_1980", "gb2312_80", "gb18030_2000"),
        "gb18030",
    ),
    **dict.fromkeys(("big5", "big5_tw", "csbig5", "x_big5", "cn_big5", "big5_hkscs"), "big5hkscs"),
    **dict.fromkeys(("ks_c_5601_1987", "ks_c_5601", "euc_kr", "euckr", "ksc5601"), "cp949"),
    **dict.fromkeys(("shift_jis", "sjis", "x_sjis", "s_jis", "windows_31j"), "cp932"),
    **dict.fromkeys(
        ("us_ascii", "ascii", "iso_8859_1", "latin1", "latin_1", "iso8859_1"), "cp1252"
    ),
    **dict.fromkeys(("utf8", "uft_8", "uft8", "utf_8", "unicode_1_1_utf_8", "utf_8_mac"), "utf_8"),
    **dict.fromkeys(
        ("unicode_1_1_utf_7", "x_unicode_2_0_utf_7", "utf_7", "csunicode11utf7"), "utf_7"
    ),
    "iso_8859_8_i": "iso8859_8",
    "windows_874": "cp874",
    "x_mac_roman": "mac_roman",
}  # fmt: skip
# Not charsets of mail: escapes, transforms, and punycode, which is quadratic.
NOT_TEXT = {
    "punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem",
    "base64_codec", "bz2_codec", "hex_codec", "quopri_codec", "rot_13", "uu_codec", "zlib_codec",
}  # fmt: skip
KNOWN = (set(aliases.values()) | set(aliases)) - NOT_TEXT
EAST_ASIAN = {"gb18030", "big5hkscs", "cp949", "cp932", "hz"}
SINGLE_BYTE = re.compile(r"^(cp12|iso8859|iso_8859|koi8|mac_|cp8|cp4|latin)")
BAD_SHARE = 0.02
CODE_UNSAFE = re.compile("[\x00\ud800-\udfff]")
CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)


def codec_for(label: str) -> str:
    """Python codec for a charset label of a mail, '' when none fits.

    Membership is checked before any lookup: the codec registry remembers every unknown name.
    """
    name = normalize_encoding(label.strip(" \t\r\n\"'").lower()[:40]).replace(".", "_")
    if name in SUPERSETS:
        return SUPERSETS[name]
    if name not in KNOWN or aliases.get(name, name) in NOT_TEXT:
        return ""
    return SUPERSETS.get(aliases.get(name, name), aliases.get(name, name))


def scrub(text: str) -> str:
    """Make text storable: no NUL, no lone surrogate (UTF-7 can produce them)."""
    return CODE_UNSAFE.sub(lambda hit: "" if hit[0] == "\x00" else "\ufffd", text)


def one_line(text: str, limit: int) -> str:
    """Text for a single-line field: no control or direction characters, blanks folded, cut."""
    return " ".join(CONTROLS.sub("", scrub(text[: limit * 8])).split())[:limit].rstrip()


def decode_bytes(data: bytes, label: str = "") -> tuple[str, str]:
    """Decode with the label, else by evidence; returns the text and a defect name or ''."""
    text, defect = _decode(data, label)
    return scrub(text), defect


def _decode(data: bytes, label: str) -> tuple[str, str]:
    if data.startswith((BOM_UTF8, BOM_UTF16_LE, BOM_UTF16_BE)):
        marked = "utf-8-sig" if data.startswith(BOM_UTF8) else "utf-16"
        return data.decode(marked, "replace"), ""
    codec = codec_for(label)
    if data.isascii() and codec in ("", "utf_8", "cp1252", "gb18030"):
        return data.decode("ascii"), "" if codec or not label else "charset-unknown"
    if codec in EAST_ASIAN or SINGLE_BYTE.match(codec):
        plain = _really_utf8(data, codec)
        if plain is not None:
            return plain, "charset-mislabelled"
    if codec:
        text = _strict(data, codec)
        if text is None:
            text = _nearly(data, codec)
        if text is not None:
            return text, ""
        return _guess(data), "charset-mislabelled"
    return _guess(data), "charset-unknown" if label else "charset-missing"


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        return None


def _nearly(data: bytes, codec: str) -> str | None:
    """Accept a few broken bytes rather than reread a whole text in another charset."""
    if SINGLE_BYTE.match(codec):
        return None
    try:
        text = data.decode(codec, "replace")
    except (UnicodeError, LookupError, ValueError):
        return None
    foreign = sum(map(len, re.findall(r"[^\x00-\x7f]+", text)))
    return text if text.count("\ufffd") <= max(1, foreign * BAD_SHARE) < foreign else None


def _really_utf8(data: bytes, codec: str) -> str | None:
    """UTF-8 under a foreign label; short GBK pairs can look like two-byte UTF-8, so ask for three.

    For single-byte labels any valid multi-byte sequence is proof enough.
    """
    text = _strict(data, "utf_8")
    if text is None or text.isascii():
        return None
    if codec in EAST_ASIAN and re.search("[\x80-\u07ff]", text):
        return None
    return text


def _guess(data: bytes) -> str:
    text = _strict(data, "utf_8")
    if text is None:
        text = _nearly(data, "utf_8")
    if text is None:
        text = _plausible_gb18030(data)
    if text is None:
        text = _strict(data, "cp1252")
    return data.decode("latin-1") if text is None else text


def _plausible_gb18030(data: bytes) -> str | None:
    """Western bytes before a letter also decode, as single rare characters between letters.

    Chinese is mostly everyday GB2312, or at least stands in runs.
    """
    text = _strict(data, "gb18030") or _nearly(data, "gb18030")
    if text is None:
        return None
    runs = re.findall(r"[^\x00-\x7f]+", text)
    foreign = "".join(runs)
    everyday = len(foreign.encode("gb2312", "ignore")) / 2
    is_chinese = everyday >= len(foreign) * 0.7 or len(foreign) >= 2 * len(runs)
    return text if is_chinese else None

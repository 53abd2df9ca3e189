"""One spelling for every address, so that the same person is found again."""

from __future__ import annotations

import re
from unicodedata import decimal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import RuleViolated
from customers.models import ContactChannel


def normalize(channel: str, address: str) -> str:
    """The stored form: mail lower-cased, phone as digits without 0086; raises ``RuleViolated``."""
    address = address.strip()
    if len(address) > LONGEST or not address.isprintable():
        raise RuleViolated(
            "bad_contact", _("The address is too long or has control characters."), field="address"
        )
    if channel == ContactChannel.EMAIL:
        try:
            validate_email(address)
        except ValidationError:
            raise RuleViolated("bad_mail", _("Not a mail address."), field="email") from None
        lowered = address.lower()
        if len(lowered) > LONGEST:  # some letters are two in lower case
            raise RuleViolated("bad_mail", _("Not a mail address."), field="email")
        return lowered
    if channel == ContactChannel.PHONE:
        return normalize_phone(address)
    if not address:
        raise RuleViolated("bad_contact", _("The address is empty."), field="address")
    return address


def normalize_phone(number: str) -> str:
    """Digits with a leading + for other countries than China; raises ``RuleViolated``."""
    digits = re.sub(r"[\s\-().]", "", plain_digits(number.translate(FULLWIDTH)))
    digits = re.sub(r"^(\+|00)86(?=1\d{10}$|0?\d{9,11}$)", "", digits)
    digits = re.sub(r"^00", "+", digits)
    if not re.fullmatch(r"\+?\d{5,15}", digits):
        raise RuleViolated("bad_phone", _("Not a phone number."), field="phone")
    return digits


def plain_digits(text: str) -> str:
    """Digits of any script as 0 to 9."""
    return "".join(str(decimal(char)) if char.isdecimal() else char for char in text)


LONGEST = 254
# What somebody of the desk may hear and write down; accounts come from where they are.
TYPED = [(one.value, one.label) for one in (ContactChannel.EMAIL, ContactChannel.PHONE)]
CONFIRMED = _("The customer confirmed it (mails go to the one confirmed last)")
FULLWIDTH = str.maketrans("＋（）－", "+()-")

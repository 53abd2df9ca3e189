"""Background duties of goods: load by id, call, record. Each may run twice."""

from __future__ import annotations

from aftersales.kernel import jobs
from aftersales.kernel.errors import DomainError
from returns.carriers import Booking, carrier
from returns.models import ReturnAuthorization
from returns.services.parcels import record_label
from staff.services import system_actor


def book_label(rma_id: int) -> None:
    """Book the way back with the address's carrier; a second run finds the same booking."""
    rma = ReturnAuthorization.objects.select_related("return_address").get(pk=rma_id)
    address = rma.return_address
    if address is None:
        return
    label = carrier(address.carrier).book(
        Booking(rma.number, address.recipient, address.phone, address.address)
    )
    try:
        record_label(rma_id, address.carrier, label, actor=system_actor())
    except DomainError:
        return


def register_all() -> None:
    jobs.register("returns.book_label", book_label)

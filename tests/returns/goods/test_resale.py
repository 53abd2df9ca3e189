"""What comes back is sold again as what it is (return measures art. 25 and 33)."""

from __future__ import annotations

import pytest

from aftersales.kernel.errors import RuleViolated
from returns.models import Inspection
from returns.services import inspecting, receiving
from returns.services.inspecting import Look
from returns.services.receiving import Receipt
from staff.roles import Role
from tests.factories.people import make_department, make_user
from tests.factories.returns import make_return
from tests.returns.goods.test_settling import GOOD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("day_of_delivery")]


@pytest.mark.parametrize("grade", ["used", "damaged"])
def test_used_goods_do_not_go_back_to_stock_measures_25(grade: str) -> None:
    bench = make_user(Role.WAREHOUSE, department=make_department("dock", kind="warehouse"))
    rma = make_return()
    item = rma.items.get()
    receiving.receive_items(rma.pk, [Receipt(item=item.pk, quantity=1)], actor=bench)

    def inspect(disposition: str) -> None:
        found = Look(answers=GOOD, grade=grade, disposition=disposition, decision="accepted")
        inspecting.inspect_item(item.pk, found, actor=bench)

    with pytest.raises(RuleViolated) as refusal:
        inspect("restock")
    assert (refusal.value.code, refusal.value.field) == ("resale_as_new", "disposition")
    assert not Inspection.objects.exists()

    inspect("refurbish")
    assert Inspection.objects.get().disposition == "refurbish"

"""The one door: whatever arrives is stored first and then becomes exactly one thing.

``receive`` takes bytes of any channel, ``receive_form`` the words of a form or an API call,
``relay`` what another program heard from a customer,
``import_rows`` the rows of a file of reviews, which ``look_at`` shows before; ``keep`` files what
the API answered at once; ``process_stored`` finishes what a crash left. Import from here.
"""

from tickets.services.intake.decisions import ignore, open_case, put_on_case
from tickets.services.intake.door import Arrival, Receipt, keep, process_stored, receive
from tickets.services.intake.feedback import import_rows
from tickets.services.intake.forms import Form, receive_form
from tickets.services.intake.preview import look_at
from tickets.services.intake.raw import raw_of
from tickets.services.intake.relaying import Relayed, relay

__all__ = [
    "Arrival",
    "Form",
    "Receipt",
    "Relayed",
    "ignore",
    "import_rows",
    "keep",
    "look_at",
    "open_case",
    "process_stored",
    "put_on_case",
    "raw_of",
    "receive",
    "receive_form",
    "relay",
]

"""Words of libraries that ship without Chinese, named here so that our catalog translates them.

Django looks every text up in one merged catalog, so ours serves the admin theme (Unfold) and the
list of sign-ins (axes), too. Nothing imports this; makemessages reads it.
"""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop

# Lists, filters and search.
LISTS: Final = (
    gettext_noop("Select record"),
    gettext_noop("Select action"),
    gettext_noop("Select action to run"),
    gettext_noop("Run"),
    gettext_noop("Expand row"),
    gettext_noop("Select all rows"),
    gettext_noop("More actions"),
    gettext_noop("Apply Filters"),
    gettext_noop("Reset filters"),
    gettext_noop("Date from"),
    gettext_noop("Date to"),
    gettext_noop("No data"),
    gettext_noop("No results found"),
    gettext_noop("Previous"),
    gettext_noop("Type to search"),
    gettext_noop("Search apps and models..."),
    gettext_noop("All applications"),
    gettext_noop("Recent searches"),
    gettext_noop("No recent searches"),
    gettext_noop("No results matching your query"),
    gettext_noop("Loading more results..."),
)

# Forms and dialogs.
FORMS: Final = (
    gettext_noop("Cancel"),
    gettext_noop("Go back"),
    gettext_noop("General"),
    gettext_noop("Date"),
    gettext_noop("Select value"),
    gettext_noop("Select currency"),
    gettext_noop("Select format"),
    gettext_noop("Choose file to upload"),
    gettext_noop("Image preview"),
    gettext_noop("Click to download"),
    gettext_noop("Add row"),
    gettext_noop("Add new item"),
    gettext_noop("This item will be deleted."),
    gettext_noop("Click to cancel"),
    gettext_noop("Toggle password visibility"),
    gettext_noop("Record picture"),
    gettext_noop("True"),
    gettext_noop("False"),
    gettext_noop("After you've created a user, you’ll be able to edit more user options."),
    gettext_noop(
        "Raw passwords are not stored, so there is no way to see this user’s password, but you can"
        ' change the password using <a href="{}" class="text-primary-600 dark:text-primary-500">'
        "this form</a>."
    ),
)

# Around the page.
FRAME: Final = (
    gettext_noop("Light"),
    gettext_noop("Dark"),
    gettext_noop("System"),
    gettext_noop("Return to site"),
    gettext_noop("Welcome back to"),
    gettext_noop(
        "Please enter the correct %(username)s and password for a staff account. Note that both"
        " fields may be case-sensitive."
    ),
)

# Who signed in.
SIGN_INS: Final = (
    gettext_noop("Axes"),
    gettext_noop("access log"),
    gettext_noop("access logs"),
    gettext_noop("access failure"),
    gettext_noop("access failures"),
    gettext_noop("User Agent"),
    gettext_noop("IP Address"),
    gettext_noop("HTTP Accept"),
    gettext_noop("Path"),
    gettext_noop("Attempt Time"),
    gettext_noop("Access lock out"),
    gettext_noop("Logout Time"),
    gettext_noop("Session key hash (sha256)"),
    gettext_noop("Username"),
)

"""Importing a file of reviews: choose it, say which column holds what, look, import."""

from __future__ import annotations

import io
from dataclasses import asdict
from functools import partial
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from aftersales.kernel.admin import own_page
from aftersales.kernel.context import Source, entering
from aftersales.kernel.errors import DomainError
from customers import uploads
from staff.requests import person
from tickets.choices import REVIEWED
from tickets.feedback_file import FeedbackFile, Mapping, intact
from tickets.feedback_refused import RefusedSheet
from tickets.services.intake import import_rows, look_at
from tickets.services.intake.preview import MOST_ROWS, Preview

WAITING, DONE = "review_import_waiting", "review_import_done"
MOST_BYTES: Final = 10_000_000
# What a column holds, and the names shops give it.
COLUMNS: Final = {
    "text": (
        _("Text"),
        {"text", "review", "comment", "content", "评论", "评价", "内容", "评价内容", "评论内容"},
    ),
    "external_id": (_("Number of the review"), {"id", "review id", "编号", "评价编号", "评论编号"}),
    "rating": (_("Rating"), {"rating", "stars", "star", "score", "评分", "星级", "星"}),
    "author": (_("Author"), {"author", "user", "name", "nickname", "用户", "昵称", "用户名"}),
    "order": (_("Order number"), {"order", "order id", "order number", "订单", "订单号"}),
    "language": (_("Language"), {"language", "lang", "语言"}),
}


class FileForm(forms.Form):
    """Which file, and where its words were written."""

    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=[(one.value, one.label) for one in REVIEWED],
        widget=UnfoldAdminSelectWidget(),
    )
    file = forms.FileField(
        label=_("File (CSV in UTF-8 or GBK, also packed as .csv.gz)"),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.txt,.gz"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 MB."))
        return file


class ColumnsForm(forms.Form):
    """Which column holds what."""

    def __init__(self, header: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(name, name) for name in dict.fromkeys(header) if name]
        for field, (label, _aliases) in COLUMNS.items():
            is_needed = field == "text"
            self.fields[field] = forms.ChoiceField(
                label=label,
                required=is_needed,
                choices=names if is_needed else [("", _("not in the file")), *names],
                widget=UnfoldAdminSelectWidget(),
            )

    @property
    def mapping(self) -> Mapping:
        return Mapping({name: column for name, column in self.cleaned_data.items() if column})


def urls(admin: Any) -> list[URLPattern]:
    pages = {"": start, "columns/": columns, "result/": result, "refused/": refused_rows}
    names = {"": "", "columns/": "_columns", "result/": "_result", "refused/": "_refused"}
    return [
        path(
            f"reviews/{place}",
            admin.admin_site.admin_view(partial(allowed, admin, page)),
            name=f"tickets_review_import{names[place]}",
        )
        for place, page in pages.items()
    ]


def allowed(admin: Any, page: Any, request: HttpRequest) -> HttpResponse:
    if not admin.has_import_permission(request):
        raise PermissionDenied
    answer: HttpResponse = page(admin, request)
    return answer


def start(admin: Any, request: HttpRequest) -> HttpResponse:
    """Choose a file; one with a line of column names leads to the columns."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        key = uploads.keep(file.read())
        try:
            header_of(key)
        except DomainError as error:
            uploads.forget(key)
            form.add_error("file", str(error))
        else:
            uploads.drop(request.session, WAITING)
            request.session[WAITING] = {
                "key": key,
                "name": file.name,
                "channel": form.cleaned_data["channel"],
            }
            return redirect("admin:tickets_review_import_columns")
    return own_page(
        admin,
        request,
        "tickets/reviews/start.html",
        _("Import reviews"),
        form=form,
        most_rows=MOST_ROWS,
    )


def columns(admin: Any, request: HttpRequest) -> HttpResponse:
    """Say which column holds what and see what the rows would become; then import them."""
    waiting = request.session.get(WAITING)
    file = uploads.path_of(waiting["key"]) if waiting else None
    if waiting is None or file is None:
        messages.warning(request, str(_("The file is gone. Please choose it again.")))
        return redirect("admin:tickets_review_import")
    header = header_of(waiting["key"])
    is_sent = request.method == "POST"
    form = ColumnsForm(header, request.POST if is_sent else None, initial=guessed(header))
    preview: Preview | None = None
    if is_sent and form.is_valid():
        mapping, channel, actor = form.mapping, waiting["channel"], person(request)
        try:
            preview = look_at(file, mapping, channel=channel, actor=actor)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        if preview and "import" in request.POST:
            return perform(request, form.mapping)
    return own_page(
        admin,
        request,
        "tickets/reviews/columns.html",
        waiting["name"],
        form=form,
        preview=preview,
    )


def perform(request: HttpRequest, mapping: Mapping) -> HttpResponse:
    """Import the waiting file; what was refused waits as a file to be mended."""
    waiting = request.session[WAITING]
    file, out = uploads.path_of(waiting["key"]), io.StringIO(newline="")
    if file is None:
        raise Http404
    sheet = RefusedSheet(out)
    with entering(Source.IMPORT):
        tally = import_rows(
            file,
            mapping,
            channel=waiting["channel"],
            actor=person(request),
            refuse=sheet.add,
            name=waiting["name"],
        )
    uploads.drop(request.session, WAITING)
    uploads.drop(request.session, DONE)
    refused = out.getvalue().encode("utf-8-sig")  # spreadsheets know it by its mark
    request.session[DONE] = {
        "name": waiting["name"],
        "channel": waiting["channel"],
        "tally": asdict(tally) | {"rows": tally.rows},
        "key": uploads.keep(refused) if tally.refused else "",
    }
    return redirect("admin:tickets_review_import_result")


def result(admin: Any, request: HttpRequest) -> HttpResponse:
    """What became of the rows."""
    done = request.session.get(DONE)
    if done is None:
        return redirect("admin:tickets_review_import")
    return own_page(admin, request, "tickets/reviews/result.html", _("Import finished"), done=done)


def refused_rows(_admin: Any, request: HttpRequest) -> HttpResponse:
    """The refused rows with their reasons, to be mended and imported again."""
    return uploads.csv_download(request.session, DONE, "refused-reviews.csv")


def header_of(key: str) -> list[str]:
    """The column names of a waiting file; raises ``RuleViolated`` where it has none or is
    damaged."""
    file = uploads.path_of(key)
    if file is None:
        return []
    with intact(), FeedbackFile(file, Mapping({})) as rows:
        return rows.header


def guessed(header: list[str]) -> dict[str, str]:
    """Columns known by their name."""
    names = {name.lower().replace("_", " "): name for name in reversed(header)}
    return {
        field: names[known.pop()]
        for field, (_label, aliases) in COLUMNS.items()
        if (known := aliases & names.keys())
    }

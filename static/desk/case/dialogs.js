/* Verbs open in a dialog and are sent from it; what was typed there is not lost by a slip. */

import { spareFileFields } from "./files.js";
import { closeMenus } from "./menus.js";
import { isPage, isSignIn, signIn } from "./requests.js";
import { keepTyped, restoreTyped } from "./typed.js";

export function complain(form, words) {
    const list = document.createElement("ul");
    const line = document.createElement("li");
    list.className = "errors";
    list.setAttribute("role", "alert");
    line.textContent = words;
    list.append(line);
    form.querySelectorAll("ul.errors").forEach((old) => old.remove());
    const title = form.querySelector("h2");
    if (title) {
        title.after(list);
    } else {
        form.prepend(list);
    }
    list.scrollIntoView({ block: "nearest" });
}

function isInside(box, event) {
    return (
        event.clientX >= box.left &&
        event.clientX <= box.right &&
        event.clientY >= box.top &&
        event.clientY <= box.bottom
    );
}

export class Dialogs {
    constructor({ dialog, keyList, person, drafts }) {
        this.dialog = dialog;
        this.keyList = keyList;
        this.person = person;
        this.drafts = drafts;
        this.isTyped = false;
        this.pressedOutside = null;
        this.guardTyped();
        document.addEventListener("pointerdown", (event) => {
            this.pressedOutside = this.outsideOf(event);
        });
        document.addEventListener("click", (event) => this.click(event));
        dialog.addEventListener("submit", (event) => {
            const form = event.target.closest("form[data-part]");
            if (form) {
                event.preventDefault();
                this.send(form);
            }
        });
    }

    guardTyped() {
        const dialog = this.dialog;
        dialog.addEventListener("input", () => {
            this.isTyped = true;
        });
        dialog.addEventListener("close", () => {
            this.isTyped = false;
        });
        // Chromium asks a page only once before Escape closes; the key can always be stopped.
        dialog.addEventListener("keydown", (event) => {
            if (event.key === "Escape" && !event.isComposing) {
                event.preventDefault();
                if (this.mayDiscard()) {
                    dialog.close();
                }
            }
        });
        dialog.addEventListener("cancel", (event) => {
            if (event.target === dialog && !this.mayDiscard()) {
                event.preventDefault();
            }
        });
    }

    mayDiscard() {
        return !this.isTyped || window.confirm(this.dialog.dataset.saysDiscard);
    }

    // The dialog in whose dimmed surroundings something happened; its padding is not around it.
    outsideOf(event) {
        const isOurs = event.target === this.dialog || event.target === this.keyList;
        const box = event.target.getBoundingClientRect();
        return isOurs && !isInside(box, event) ? event.target : null;
    }

    click(event) {
        const link = event.target.closest("a[data-dialog]");
        const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
        if (link && isPlain) {
            event.preventDefault();
            this.open(link);
        } else if (event.target.closest("[data-close]") && this.dialog.open) {
            event.preventDefault();
            this.dialog.close();
        } else if (this.pressedOutside && this.outsideOf(event) === this.pressedOutside) {
            if (this.pressedOutside === this.keyList || this.mayDiscard()) {
                this.pressedOutside.close();
            }
        }
    }

    open(link) {
        if (this.dialog.contains(link)) {
            if (!this.mayDiscard()) {
                return;
            }
            this.isTyped = false;
        }
        closeMenus();
        this.drafts
            .flush()
            .then(() => fetch(link.href, { headers: { "X-Desk-Part": "1" } }))
            .then((response) => this.follow(response))
            .catch(() => window.location.assign(link.href));
    }

    send(form) {
        if (form.dataset.busy) {
            return;
        }
        form.dataset.busy = "1";
        fetch(form.action, {
            method: "POST",
            body: new FormData(form),
            headers: { "X-Desk-Part": "1" },
        })
            .then((response) => {
                if (isSignIn(response) || response.status === 403) {
                    keepTyped(form, this.person);
                }
                return this.follow(response);
            })
            .catch((problem) => {
                delete form.dataset.busy;
                complain(form, this.unsent(problem));
            });
    }

    follow(response) {
        const location = response.headers.get("X-Desk-Location");
        if (location) {
            this.drafts.leave();
            window.location.assign(location);
            return null;
        }
        if (isSignIn(response)) {
            signIn(response);
            return null;
        }
        return response
            .text()
            .then((html) => (isPage(html) ? Promise.reject(response) : this.fill(html)));
    }

    fill(html) {
        const dialog = this.dialog;
        dialog.innerHTML = html;
        spareFileFields(dialog);
        const form = dialog.querySelector("form[data-part]");
        if (form && restoreTyped(form, this.person)) {
            this.isTyped = true;
        }
        const field = dialog.querySelector(
            ".field textarea, .field select, .field input:not([type=hidden])"
        );
        if (!dialog.open) {
            dialog.showModal();
        }
        if (field) {
            field.focus();
        }
    }

    unsent(problem) {
        const { saysOffline, saysStale, saysBroken } = this.dialog.dataset;
        if (!problem.headers) {
            return saysOffline;
        }
        return problem.status === 403 ? saysStale : saysBroken;
    }
}

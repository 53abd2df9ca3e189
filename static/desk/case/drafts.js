/* What is typed in the composer is saved while it is typed, and before the page is left. */

import { isJson, isSignIn, post } from "./requests.js";

const PAUSE = 800;

function parse(response) {
    return response.ok && isJson(response) ? response.json() : Promise.reject(response);
}

function grow(field) {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight + 2, window.innerHeight * 0.35)}px`;
}

export class Drafts {
    constructor(page, tabs) {
        this.page = page;
        this.tabs = tabs;
        this.waiting = new Map();
        this.underway = new Set();
        this.typedAt = 0;
        this.isLeaving = false;
        const fields = page.querySelectorAll("textarea[data-draft]");
        if (page.dataset.draft) {
            fields.forEach((field) => this.watch(field));
            window.addEventListener("pagehide", () => this.isLeaving || this.flush(true));
        }
        fields.forEach((field) => field.value && grow(field));
    }

    watch(field) {
        field.addEventListener("input", () => {
            this.typedAt = Date.now();
            grow(field);
            clearTimeout(this.waiting.get(field));
            this.waiting.set(field, setTimeout(() => this.save(field), PAUSE));
        });
        field.addEventListener("blur", () => this.waiting.has(field) && this.save(field));
        const kept = window.sessionStorage.getItem(this.placeOf(field));
        if (kept !== null) {
            field.value = kept;
            this.save(field);
        }
    }

    // What this page may no longer save waits in its tab until the page is loaded again.
    placeOf(field) {
        const { person, draft } = this.page.dataset;
        return `desk-draft ${person} ${draft} ${field.form.dataset.draftKind}`;
    }

    save(field, keepalive) {
        const form = field.form;
        clearTimeout(this.waiting.get(field));
        this.waiting.delete(field);
        const values = { kind: form.dataset.draftKind, body: field.value };
        const saving = post(this.page.dataset.draft, values, keepalive)
            .then(parse)
            .then((answer) => {
                window.sessionStorage.removeItem(this.placeOf(field));
                form.dataset.saved = answer.saved;
                form.removeAttribute("data-problem");
                this.tabs.showSaved();
            })
            .catch((problem) => {
                const words = this.lockedOut(problem);
                if (words) {
                    window.sessionStorage.setItem(this.placeOf(field), field.value);
                }
                form.removeAttribute("data-saved");
                form.dataset.problem = words || this.page.dataset.saysLost;
                this.tabs.showSaved();
            })
            .finally(() => this.underway.delete(saving));
        this.underway.add(saving);
        return saving;
    }

    // Why no attempt from this page will succeed; "" where the next one may.
    lockedOut(problem) {
        if (problem.headers && isSignIn(problem)) {
            return this.page.dataset.saysSignedOut;
        }
        return problem.status === 403 && !isJson(problem) ? this.page.dataset.saysStale : "";
    }

    flush(keepalive) {
        return Promise.all([...this.waiting.keys()].map((field) => this.save(field, keepalive)));
    }

    leave() {
        this.isLeaving = true;
    }

    stay() {
        this.isLeaving = false;
    }

    // The form takes its draft along when it is sent.
    leaveWith(form, event) {
        this.leave();
        if (this.waiting.size || this.underway.size) {
            // A draft that arrives after its answer was sent would come back to life, and what
            // was typed in the last moment would be lost with somebody who is signed out.
            event.preventDefault();
            Promise.all([this.flush(), ...this.underway]).then(() => {
                if (this.isKept(form)) {
                    delete form.dataset.sent;
                    this.stay();
                } else {
                    form.submit();
                }
            });
        }
    }

    // Its words wait in this tab because no attempt from this page will succeed.
    isKept(form) {
        const field = form.querySelector("textarea[data-draft]");
        return field && window.sessionStorage.getItem(this.placeOf(field)) !== null;
    }
}

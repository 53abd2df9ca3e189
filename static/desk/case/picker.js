/* "/" at the start of a line offers macros and saved replies, "@" in a note colleagues. */

import { complain } from "./dialogs.js";
import { post } from "./requests.js";

const MOST = 8;
const WITHIN_WORD = /[A-Za-z0-9_.+@-]/;

const SLASH = {
    sign: "/",
    fields: "textarea[data-slash]",
    isPlace: (before) => before === "" || before.endsWith("\n"),
};
const AT = {
    sign: "@",
    fields: "textarea[data-at]",
    isPlace: (before) => !WITHIN_WORD.test(before.slice(-1)),
};

export function offerTools(page, drafts, dialogs) {
    const { tools, people } = page.dataset;
    return [
        new Picker(page, drafts, dialogs, { ...SLASH, url: tools }),
        new Picker(page, drafts, dialogs, { ...AT, url: people }),
    ];
}

class Picker {
    constructor(page, drafts, dialogs, trigger) {
        this.page = page;
        this.drafts = drafts;
        this.dialogs = dialogs;
        this.trigger = trigger;
        this.tools = null;
        this.shown = null;
        page.querySelectorAll(trigger.fields).forEach((field) => {
            field.addEventListener("input", () => this.type(field));
            field.addEventListener("keydown", (event) => this.shown && this.press(event));
            field.addEventListener("blur", () => this.close());
        });
    }

    type(field) {
        const at = field.selectionStart;
        const { sign, isPlace, url } = this.trigger;
        if (this.shown) {
            if (at < this.shown.start || this.asked().includes("\n")) {
                this.close();
            } else {
                this.showFound();
            }
        } else if (url && field.value[at - 1] === sign && isPlace(field.value.slice(0, at - 1))) {
            this.open(field);
        }
    }

    press(event) {
        const { chosen, found } = this.shown;
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step) {
            const count = Math.max(found.length, 1);
            this.shown.chosen = (chosen + step + count) % count;
            this.showFound();
        } else if ((event.key === "Enter" || event.key === "Tab") && found.length) {
            this.use(found[chosen]);
        } else if (event.key === "Escape") {
            this.close();
            event.stopPropagation();
        } else {
            return;
        }
        event.preventDefault();
    }

    open(field) {
        this.close();
        const box = document.createElement("div");
        box.className = "picker";
        box.setAttribute("role", "listbox");
        field.parentElement.append(box);
        this.shown = { box: box, field: field, chosen: 0, found: [], start: field.selectionStart };
        this.loadTools()
            .then(() => this.showFound())
            .catch(() => {
                this.tools = null;
                this.close();
            });
    }

    close() {
        if (this.shown) {
            this.shown.box.remove();
            this.shown = null;
        }
    }

    loadTools() {
        this.tools = this.tools || fetch(this.trigger.url).then((response) => response.json());
        return this.tools;
    }

    asked() {
        const { field, start } = this.shown;
        return field.value.slice(start, field.selectionStart).toLowerCase();
    }

    showFound() {
        if (!this.shown) {
            return;
        }
        Promise.resolve(this.tools).then((answer) => {
            const shown = this.shown;
            if (!shown) {
                return;
            }
            const words = this.asked();
            shown.found = answer.tools
                .filter(({ name, shortcut }) =>
                    `${name} ${shortcut || ""}`.toLowerCase().includes(words)
                )
                .slice(0, MOST);
            shown.chosen = Math.min(shown.chosen, Math.max(shown.found.length - 1, 0));
            shown.box.replaceChildren(...shown.found.map((tool, at) => this.option(tool, at)));
            if (!shown.found.length) {
                shown.box.textContent = this.page.dataset.saysNothing;
            }
            if (!shown.found.length && words.includes(" ")) {
                this.close(); // the name has ended, the sentence goes on
            }
        });
    }

    option(tool, at) {
        const row = document.createElement("button");
        row.type = "button";
        row.setAttribute("role", "option");
        row.setAttribute("aria-selected", String(at === this.shown.chosen));
        const name = document.createElement("b");
        name.textContent = tool.name;
        const hint = document.createElement("span");
        hint.textContent = tool.kind === "macro" ? this.page.dataset.saysMacro : tool.hint || tool.text;
        row.append(name, hint);
        row.addEventListener("mousedown", (event) => {
            event.preventDefault();
            this.use(tool);
        });
        return row;
    }

    use(tool) {
        const { field, start } = this.shown;
        const before = field.value.slice(0, start - 1);
        const after = field.value.slice(field.selectionStart);
        this.close();
        field.value = before + (tool.text || "") + after;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        if (tool.kind === "macro") {
            this.carryOut(tool, field.form);
        } else {
            field.selectionStart = field.selectionEnd = before.length + tool.text.length;
            field.focus();
        }
    }

    carryOut(macro, form) {
        const { macro: url, once } = this.page.dataset;
        this.drafts
            .flush()
            .then(() => post(url, { tool: macro.id, once: once }))
            .then((response) => this.dialogs.follow(response))
            .catch((problem) => complain(form, this.dialogs.unsent(problem)));
    }
}

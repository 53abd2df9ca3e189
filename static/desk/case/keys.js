/* Ctrl+Enter sends, Escape leaves, "g q" shows the queue, other keys do what the page says. */

import { closeMenus } from "./menus.js";

function isTyping(target) {
    return target && target.closest && target.closest("input, textarea, select, [contenteditable]");
}

function sendFormOf(target, event) {
    const form = target.form || (target.closest && target.closest("form"));
    if (form && form.method === "post") {
        event.preventDefault();
        form.requestSubmit();
    }
}

function leaveField(target) {
    closeMenus();
    if (isTyping(target) && !target.closest("dialog")) {
        target.blur();
    }
}

export class Keys {
    constructor({ dialog, keyList, queue, list, go, actions }) {
        this.dialogs = [dialog, keyList];
        this.prefix = "";
        this.showQueue = () => go(queue + list());
        this.actions = {
            "?": () => keyList.showModal(),
            "/": () => this.search(() => go(queue)),
            ...actions,
        };
        document.addEventListener("keydown", (event) => this.press(event));
    }

    search(elsewhere) {
        const field = document.querySelector("[data-desk-search], #searchbar");
        if (field) {
            field.focus();
        } else {
            elsewhere();
        }
    }

    press(event) {
        const target = event.target;
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            sendFormOf(target, event);
            return;
        }
        if (event.key === "Escape") {
            leaveField(target);
            return;
        }
        const isCombined = event.ctrlKey || event.metaKey || event.altKey;
        if (isTyping(target) || isCombined || this.dialogs.some((dialog) => dialog.open)) {
            return;
        }
        const isQueue = this.prefix === "g" && event.key === "q";
        const action = isQueue ? this.showQueue : this.actions[event.key];
        this.prefix = event.key === "g" ? "g" : "";
        if (action) {
            event.preventDefault();
            action();
        }
    }
}

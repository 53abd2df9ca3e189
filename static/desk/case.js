/* The case page beyond plain forms: drafts, presence, undo, dialogs, the picker, keys. */
(function () {
    "use strict";

    const page = document.getElementById("case");
    if (!page) {
        return;
    }
    const DRAFT_PAUSE = 800;
    const PRESENCE_PAUSE = 10000;
    const stream = document.getElementById("stream");
    const saved = document.getElementById("saved");
    const dialog = document.getElementById("desk-dialog");
    const keys = document.getElementById("desk-keys");
    let typedAt = 0;
    let leaving = false;

    function token() {
        const field = document.querySelector("input[name=csrfmiddlewaretoken]");
        return field ? field.value : "";
    }

    function post(url, values, keepalive) {
        const body = new FormData();
        Object.entries(values).forEach(([name, value]) => body.append(name, value));
        body.append("csrfmiddlewaretoken", token());
        return fetch(url, {
            method: "POST",
            body: body,
            credentials: "same-origin",
            keepalive: Boolean(keepalive),
            headers: { "X-Desk-Part": "1" },
        });
    }

    function isTyping(target) {
        return target && target.closest && target.closest("input, textarea, select, [contenteditable]");
    }

    /* ---- answers that are not what was asked for ---- */

    function isLogin(address) {
        return address.pathname.endsWith("/login/");
    }

    function isSignIn(response) {
        return response.redirected && isLogin(new URL(response.url));
    }

    function signIn(response) {
        const address = new URL(response.url);
        address.searchParams.set("next", window.location.pathname + window.location.search);
        window.location.assign(address);
    }

    function isPage(html) {
        return html.trimStart().slice(0, 9).toLowerCase() === "<!doctype";
    }

    /* ---- tabs ---- */

    function activeTab() {
        const chosen = page.querySelector("input[name=composer-tab]:checked");
        return chosen ? chosen.value : "";
    }

    function panel(code) {
        return page.querySelector(`[data-panel="${code}"]`);
    }

    function showSaved() {
        const current = panel(activeTab());
        if (saved) {
            saved.textContent = (current && current.dataset.saved) || "";
        }
    }

    function openTab(code) {
        const radio = document.getElementById(`tab-${code}`);
        if (!radio) {
            return false;
        }
        radio.checked = true;
        showSaved();
        const field = panel(code).querySelector("textarea, input.wide, select");
        if (field) {
            field.focus();
        }
        document.getElementById("composer").scrollIntoView({ block: "nearest" });
        return true;
    }

    page.addEventListener("click", (event) => {
        const link = event.target.closest("[data-tab]");
        if (link && openTab(link.dataset.tab)) {
            event.preventDefault();
        }
    });
    page.querySelectorAll("input[name=composer-tab]").forEach((radio) =>
        radio.addEventListener("change", () => openTab(radio.value))
    );
    showSaved();

    /* ---- drafts ---- */

    const waiting = new Map();
    const underway = new Set();

    // What this page may no longer save waits in its tab until the page is loaded again.
    function placeOf(field) {
        return `desk-draft ${page.dataset.person} ${page.dataset.draft} ${field.form.dataset.draftKind}`;
    }

    function isJson(response) {
        return (response.headers.get("Content-Type") || "").includes("json");
    }

    function parse(response) {
        return response.ok && isJson(response) ? response.json() : Promise.reject(response);
    }

    // Why no attempt from this page will succeed; "" where the next one may.
    function lockedOut(problem) {
        if (problem.headers && isSignIn(problem)) {
            return page.dataset.saysSignedOut;
        }
        return problem.status === 403 && !isJson(problem) ? page.dataset.saysStale : "";
    }

    function saveDraft(field, keepalive) {
        const form = field.form;
        clearTimeout(waiting.get(field));
        waiting.delete(field);
        const saving = post(page.dataset.draft, { kind: form.dataset.draftKind, body: field.value }, keepalive)
            .then(parse)
            .then((answer) => {
                window.sessionStorage.removeItem(placeOf(field));
                form.dataset.saved = answer.saved;
                form.removeAttribute("data-unsaved");
                showSaved();
            })
            .catch((problem) => {
                const words = lockedOut(problem);
                if (words) {
                    window.sessionStorage.setItem(placeOf(field), field.value);
                }
                form.dataset.saved = words || page.dataset.saysLost;
                showSaved();
            })
            .finally(() => underway.delete(saving));
        underway.add(saving);
        return saving;
    }

    function flush(keepalive) {
        return Promise.all([...waiting.keys()].map((field) => saveDraft(field, keepalive)));
    }

    if (page.dataset.draft) {
        page.querySelectorAll("textarea[data-draft]").forEach((field) => {
            field.addEventListener("input", () => {
                typedAt = Date.now();
                grow(field);
                clearTimeout(waiting.get(field));
                waiting.set(field, setTimeout(() => saveDraft(field), DRAFT_PAUSE));
            });
            field.addEventListener("blur", () => waiting.has(field) && saveDraft(field));
            const kept = window.sessionStorage.getItem(placeOf(field));
            if (kept !== null) {
                field.value = kept;
                saveDraft(field);
            }
        });
        window.addEventListener("pagehide", () => leaving || flush(true));
    }

    function grow(field) {
        field.style.height = "auto";
        field.style.height = `${Math.min(field.scrollHeight + 2, window.innerHeight * 0.35)}px`;
    }

    page.querySelectorAll("textarea[data-draft]").forEach((field) => field.value && grow(field));

    /* ---- sending once ---- */

    document.addEventListener("submit", (event) => {
        const form = event.target;
        if (form.method !== "post" || event.defaultPrevented) {
            return;
        }
        if (form.dataset.sent) {
            event.preventDefault();
            return;
        }
        form.dataset.sent = "1";
        if (form.dataset.draftKind) {
            leaving = true;
            if (waiting.size || underway.size) {
                // A draft that arrives after its answer was sent would come back to life, and what
                // was typed in the last moment would be lost with somebody who is signed out.
                event.preventDefault();
                Promise.all([flush(), ...underway]).then(() => (isKept(form) ? stay(form) : form.submit()));
            }
        }
    });

    // Its words wait in this tab because no attempt from this page will succeed.
    function isKept(form) {
        const field = form.querySelector("textarea[data-draft]");
        return field && window.sessionStorage.getItem(placeOf(field)) !== null;
    }

    function stay(form) {
        delete form.dataset.sent;
        leaving = false;
    }

    window.addEventListener("pageshow", (event) => {
        if (event.persisted) {
            document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
            leaving = false;
        }
    });

    page.addEventListener("change", (event) => {
        if (event.target.type === "file") {
            const names = [...event.target.files].map((file) => file.name).join(", ");
            const label = event.target.parentElement.querySelector("[data-file-names]");
            label.textContent = names || label.textContent;
        }
    });

    // The theme listens to every file field and stumbles over those without its own text beside them.
    function spareFileFields(part) {
        part.querySelectorAll("input[type=file]").forEach((field) => {
            field.hasChangeListener = true;
        });
    }

    spareFileFields(document);

    /* ---- undo ---- */

    const undo = page.querySelector("[data-undo]");
    if (undo) {
        const until = Date.now() + Number(undo.dataset.undo) * 1000;
        const timer = setInterval(() => {
            const rest = Math.ceil((until - Date.now()) / 1000);
            undo.querySelector("[data-count]").textContent = Math.max(rest, 0);
            if (rest <= 0) {
                clearInterval(timer);
                undo.remove();
            }
        }, 250);
    }

    /* ---- who else is here ---- */

    const notice = document.getElementById("presence");

    function tell(answer) {
        const lines = answer.others.map(
            (person) =>
                `${person.name} ${person.writing ? page.dataset.saysWriting : page.dataset.saysHere}`
        );
        notice.replaceChildren();
        notice.classList.toggle("writing", answer.others.some((person) => person.writing));
        if (lines.length) {
            notice.append(lines.join(" · "));
        }
        if (answer.newest > Number(page.dataset.newest)) {
            const link = document.createElement("a");
            link.href = window.location.pathname.replace(/do\/[^/]+\/$/, "change/");
            link.textContent = page.dataset.saysNew;
            notice.append(lines.length ? " · " : "", link);
        }
        const rest = stream ? stream.scrollHeight - stream.scrollTop - stream.clientHeight : 0;
        notice.hidden = !notice.childNodes.length;
        if (stream && rest < 8) {
            stream.scrollTop = stream.scrollHeight;
        }
    }

    function poll() {
        if (document.hidden) {
            return;
        }
        const writing = Date.now() - typedAt < PRESENCE_PAUSE * 1.5 ? "1" : "0";
        post(page.dataset.presence, { writing: writing })
            .then((response) => (response.ok ? response.json().then(tell) : null))
            .catch(() => null);
    }

    if (page.dataset.presence && notice) {
        poll();
        setInterval(poll, PRESENCE_PAUSE);
        document.addEventListener("visibilitychange", poll);
    }

    /* ---- dialogs ---- */

    let typedInDialog = false;
    let pressedOutside = null;

    dialog.addEventListener("input", () => {
        typedInDialog = true;
    });
    dialog.addEventListener("close", () => {
        typedInDialog = false;
    });

    function mayDiscard() {
        return !typedInDialog || window.confirm(dialog.dataset.saysDiscard);
    }

    // Chromium asks a page only once before Escape closes; the key itself can always be stopped.
    dialog.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && !event.isComposing) {
            event.preventDefault();
            if (mayDiscard()) {
                dialog.close();
            }
        }
    });
    dialog.addEventListener("cancel", (event) => {
        if (event.target === dialog && !mayDiscard()) {
            event.preventDefault();
        }
    });

    // The dialog in whose dimmed surroundings something happened; its padding is not around it.
    function outsideOf(event) {
        const box = event.target.getBoundingClientRect();
        const isInside =
            event.clientX >= box.left &&
            event.clientX <= box.right &&
            event.clientY >= box.top &&
            event.clientY <= box.bottom;
        return (event.target === dialog || event.target === keys) && !isInside ? event.target : null;
    }

    document.addEventListener("pointerdown", (event) => {
        pressedOutside = outsideOf(event);
    });

    function complain(form, words) {
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

    // What this page can no longer send waits in its tab for the same dialog.
    function placeOfDialog(form) {
        const row = form.querySelector("input[name=row]");
        return `desk-dialog ${page.dataset.person} ${form.action} ${row ? row.value : ""}`;
    }

    function typedFields(form) {
        const machine = ["hidden", "file", "submit", "button", "password"];
        return [...form.elements].filter((field) => field.name && !machine.includes(field.type));
    }

    function keepTyped(form) {
        const typed = typedFields(form).map((field) => [field.name, field.value, field.checked]);
        window.sessionStorage.setItem(placeOfDialog(form), JSON.stringify(typed));
    }

    function restoreTyped(form) {
        const kept = JSON.parse(window.sessionStorage.getItem(placeOfDialog(form)) || "[]");
        const fields = typedFields(form);
        window.sessionStorage.removeItem(placeOfDialog(form));
        kept.forEach(([name, value, checked], at) => {
            const field = fields[at];
            if (field && field.name === name) {
                typedInDialog = true;
                if (typeof checked === "boolean") {
                    field.checked = checked;
                }
                if (!["checkbox", "radio"].includes(field.type)) {
                    field.value = value;
                }
            }
        });
    }

    function fill(html) {
        dialog.innerHTML = html;
        spareFileFields(dialog);
        const form = dialog.querySelector("form[data-part]");
        if (form) {
            restoreTyped(form);
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

    function follow(response) {
        const location = response.headers.get("X-Desk-Location");
        if (location) {
            leaving = true;
            window.location.assign(location);
            return null;
        }
        if (isSignIn(response)) {
            signIn(response);
            return null;
        }
        return response.text().then((html) => (isPage(html) ? Promise.reject(response) : fill(html)));
    }

    function unsent(problem) {
        if (!problem.headers) {
            return dialog.dataset.saysOffline;
        }
        return problem.status === 403 ? dialog.dataset.saysStale : dialog.dataset.saysBroken;
    }

    document.addEventListener("click", (event) => {
        const link = event.target.closest("a[data-dialog]");
        const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
        if (link && plain) {
            event.preventDefault();
            if (dialog.contains(link)) {
                if (!mayDiscard()) {
                    return;
                }
                typedInDialog = false;
            }
            closeMenus();
            flush()
                .then(() => fetch(link.href, { headers: { "X-Desk-Part": "1" } }))
                .then(follow)
                .catch(() => window.location.assign(link.href));
        } else if (event.target.closest("[data-close]") && dialog.open) {
            event.preventDefault();
            dialog.close();
        } else if (pressedOutside && outsideOf(event) === pressedOutside) {
            if (pressedOutside === keys || mayDiscard()) {
                pressedOutside.close();
            }
        }
    });

    // A promise explains itself where it stands; without this its page does.
    document.addEventListener("toggle", (event) => {
        const told = event.target;
        if (!told.open || !told.dataset || !told.dataset.story || told.dataset.loaded) {
            return;
        }
        told.dataset.loaded = "1";
        fetch(told.dataset.story, { credentials: "same-origin" })
            .then((response) => (response.ok ? response.text() : Promise.reject(response)))
            .then((html) => told.lastElementChild.insertAdjacentHTML("afterbegin", html))
            .catch(() => delete told.dataset.loaded);
    }, true);

    dialog.addEventListener("submit", (event) => {
        const form = event.target.closest("form[data-part]");
        if (!form) {
            return;
        }
        event.preventDefault();
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
                    keepTyped(form);
                }
                return follow(response);
            })
            .catch((problem) => {
                delete form.dataset.busy;
                complain(form, unsent(problem));
            });
    });

    /* ---- menus ---- */

    function closeMenus(except) {
        document.querySelectorAll("details.menu[open]").forEach((menu) => {
            if (menu !== except) {
                menu.open = false;
            }
        });
    }

    document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));

    /* ---- copy ---- */

    page.querySelectorAll("[data-copy]").forEach((button) => {
        button.hidden = false;
        button.addEventListener("click", () => {
            const field = button.parentElement.querySelector("input");
            field.select();
            const done = () => {
                button.textContent = page.dataset.saysCopied;
            };
            if (navigator.clipboard) {
                navigator.clipboard.writeText(field.value).then(done, () => null);
            } else if (document.execCommand("copy")) {
                done();
            }
        });
    });

    /* ---- the picker: "/" at the start of a line ---- */

    let tools = null;
    let picker = null;

    function loadTools() {
        tools = tools || fetch(page.dataset.tools).then((response) => response.json());
        return tools;
    }

    function closePicker() {
        if (picker) {
            picker.box.remove();
            picker = null;
        }
    }

    function openPicker(field) {
        closePicker();
        const box = document.createElement("div");
        box.className = "picker";
        box.setAttribute("role", "listbox");
        field.parentElement.append(box);
        picker = { box: box, field: field, chosen: 0, found: [], start: field.selectionStart };
        loadTools().then(showFound).catch(closePicker);
    }

    function asked() {
        return picker.field.value.slice(picker.start, picker.field.selectionStart).toLowerCase();
    }

    function showFound() {
        if (!picker) {
            return;
        }
        Promise.resolve(tools).then((answer) => {
            if (!picker) {
                return;
            }
            const words = asked();
            picker.found = answer.tools
                .filter((tool) => `${tool.name} ${tool.shortcut || ""}`.toLowerCase().includes(words))
                .slice(0, 8);
            picker.chosen = Math.min(picker.chosen, Math.max(picker.found.length - 1, 0));
            picker.box.replaceChildren(...picker.found.map(option));
            if (!picker.found.length) {
                picker.box.textContent = page.dataset.saysNothing;
            }
        });
    }

    function option(tool, index) {
        const row = document.createElement("button");
        row.type = "button";
        row.setAttribute("role", "option");
        row.setAttribute("aria-selected", String(index === picker.chosen));
        const name = document.createElement("b");
        name.textContent = tool.name;
        const hint = document.createElement("span");
        hint.textContent = tool.kind === "macro" ? page.dataset.saysMacro : tool.text;
        row.append(name, hint);
        row.addEventListener("mousedown", (event) => {
            event.preventDefault();
            use(tool);
        });
        return row;
    }

    function use(tool) {
        const field = picker.field;
        const before = field.value.slice(0, picker.start - 1);
        const after = field.value.slice(field.selectionStart);
        closePicker();
        field.value = before + (tool.text || "") + after;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        if (tool.kind !== "macro") {
            field.selectionStart = field.selectionEnd = before.length + tool.text.length;
            return;
        }
        flush()
            .then(() => post(page.dataset.macro, { tool: tool.id, once: page.dataset.once }))
            .then(follow)
            .catch((problem) => complain(field.form, unsent(problem)));
    }

    page.querySelectorAll("textarea[data-slash]").forEach((field) => {
        field.addEventListener("input", () => {
            const at = field.selectionStart;
            if (picker) {
                if (at < picker.start || asked().includes("\n")) {
                    closePicker();
                } else {
                    showFound();
                }
            } else if (
                page.dataset.tools &&
                field.value[at - 1] === "/" &&
                (at === 1 || field.value[at - 2] === "\n")
            ) {
                openPicker(field);
            }
        });
        field.addEventListener("keydown", (event) => {
            if (!picker) {
                return;
            }
            const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
            if (step) {
                const count = Math.max(picker.found.length, 1);
                picker.chosen = (picker.chosen + step + count) % count;
                showFound();
            } else if ((event.key === "Enter" || event.key === "Tab") && picker.found.length) {
                use(picker.found[picker.chosen]);
            } else if (event.key === "Escape") {
                closePicker();
                event.stopPropagation();
            } else {
                return;
            }
            event.preventDefault();
        });
        field.addEventListener("blur", closePicker);
    });

    /* ---- the list somebody works through, and where in it they are ---- */

    const LIST = "desk-list";
    const PLACE = "desk-place";
    // Going to a leg of the case and back is still work on the case.
    const WORK = /\/(tickets\/ticket|handoffs\/handoff)\//;
    const isCase = Boolean(page.dataset.next);

    function isQueue(address) {
        return address.pathname === page.dataset.queue;
    }

    // Kept over what is done on the case; forgotten by who comes from anywhere else.
    function rememberList() {
        const came = document.referrer ? new URL(document.referrer) : null;
        const kept = window.sessionStorage.getItem(PLACE) || "";
        if (came && isQueue(came)) {
            window.sessionStorage.setItem(LIST, came.search || "?view=");
        } else if (came && !WORK.test(came.pathname) && !isLogin(came)) {
            window.sessionStorage.removeItem(LIST);
        }
        if ((came && isQueue(came)) || !kept.startsWith(`${page.dataset.number} `)) {
            window.sessionStorage.setItem(PLACE, `${page.dataset.number} ${page.dataset.place}`);
        }
    }

    function beside(url) {
        const values = new URLSearchParams(window.sessionStorage.getItem(LIST) || "");
        values.set("from", window.sessionStorage.getItem(PLACE).split(" ")[1]);
        return `${url}?${values}`;
    }

    if (isCase) {
        rememberList();
    }

    /* ---- keys ---- */

    let prefix = "";

    const actions = {
        r: () => openTab("reply"),
        n: () => openTab("note"),
        p: () => openTab("propose"),
        a: () => press("take"),
        j: () => isCase && go(beside(page.dataset.next)),
        k: () => isCase && go(beside(page.dataset.previous)),
        "?": () => keys.showModal(),
        "/": () => search(),
    };

    function press(verb) {
        const button = page.querySelector(`button[data-verb="${verb}"]`);
        if (button) {
            button.click();
        }
    }

    function go(url) {
        flush(true).then(() => window.location.assign(url));
    }

    function search() {
        const field = document.querySelector("[data-desk-search], #searchbar");
        if (field) {
            field.focus();
        } else {
            go(page.dataset.queue);
        }
    }

    document.addEventListener("keydown", (event) => {
        const target = event.target;
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            const form = target.form || (target.closest && target.closest("form"));
            if (form && form.method === "post") {
                event.preventDefault();
                form.requestSubmit();
            }
            return;
        }
        if (event.key === "Escape") {
            closeMenus();
            if (isTyping(target) && !target.closest("dialog")) {
                target.blur();
            }
            return;
        }
        if (isTyping(target) || event.ctrlKey || event.metaKey || event.altKey || dialog.open || keys.open) {
            return;
        }
        if (prefix === "g" && event.key === "q") {
            prefix = "";
            event.preventDefault();
            go(page.dataset.queue + ((isCase && window.sessionStorage.getItem(LIST)) || ""));
            return;
        }
        prefix = event.key === "g" ? "g" : "";
        const action = actions[event.key];
        if (action) {
            event.preventDefault();
            action();
        }
    });

    if (stream) {
        stream.scrollTop = stream.scrollHeight;
    }
})();

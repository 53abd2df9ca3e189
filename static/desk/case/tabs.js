/* The tabs of the composer, and what the open one says about its draft. */

export class Tabs {
    constructor(page) {
        this.page = page;
        this.saved = document.getElementById("saved");
        this.problem = document.getElementById("unsaved");
        page.addEventListener("click", (event) => {
            const link = event.target.closest("[data-tab]");
            if (link && this.open(link.dataset.tab)) {
                event.preventDefault();
            }
        });
        page.querySelectorAll("input[name=composer-tab]").forEach((radio) =>
            radio.addEventListener("change", () => this.open(radio.value))
        );
        this.showSaved();
    }

    panel(code) {
        return this.page.querySelector(`[data-panel="${code}"]`);
    }

    showSaved() {
        const chosen = this.page.querySelector("input[name=composer-tab]:checked");
        const current = this.panel(chosen ? chosen.value : "");
        if (this.saved) {
            this.saved.textContent = (current && current.dataset.saved) || "";
            this.problem.textContent = (current && current.dataset.problem) || "";
        }
    }

    open(code) {
        const radio = document.getElementById(`tab-${code}`);
        if (!radio) {
            return false;
        }
        radio.checked = true;
        this.showSaved();
        const field = this.panel(code).querySelector("textarea, input.wide, select");
        if (field) {
            field.focus();
        }
        document.getElementById("composer").scrollIntoView({ block: "nearest" });
        return true;
    }
}

/* A form is sent once, however often its button is pressed. */

export function sendOnce(drafts) {
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
            drafts.leaveWith(form, event);
        }
    });

    window.addEventListener("pageshow", (event) => {
        if (event.persisted) {
            document.querySelectorAll("form[data-sent]").forEach((form) => {
                delete form.dataset.sent;
            });
            drafts.stay();
        }
    });
}

/* An address is copied with one press. */

export function offerCopy(page) {
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
}

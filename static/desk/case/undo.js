/* The seconds in which an answer can be taken back. */

export function countDown(page) {
    const undo = page.querySelector("[data-undo]");
    if (!undo) {
        return;
    }
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

/* Says that a variable in what is typed becomes the customer's name when it is sent. */

const VARIABLE = /\{\{\s*customer\s*\}\}/;

export function tellOfNames(page) {
    page.querySelectorAll("[data-names]").forEach((note) => {
        const field = note.closest("form").querySelector("textarea");
        const tell = () => (note.hidden = !VARIABLE.test(field.value));
        field.addEventListener("input", tell);
        tell();
    });
}

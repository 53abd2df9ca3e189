/* File fields: the names of what was chosen, and peace from the theme. */

export function nameFiles(page) {
    page.addEventListener("change", (event) => {
        if (event.target.type === "file") {
            const names = [...event.target.files].map((file) => file.name).join(", ");
            const label = event.target.parentElement.querySelector("[data-file-names]");
            label.textContent = names || label.textContent;
        }
    });
}

// The theme listens to every file field and stumbles over those without its own text beside them.
export function spareFileFields(part) {
    part.querySelectorAll("input[type=file]").forEach((field) => {
        field.hasChangeListener = true;
    });
}

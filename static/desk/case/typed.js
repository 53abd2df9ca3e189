/* What a dialog can no longer send waits in its tab for the same dialog. */

function placeOf(form, person) {
    const row = form.querySelector("input[name=row]");
    return `desk-dialog ${person} ${form.action} ${row ? row.value : ""}`;
}

function typedFields(form) {
    const machine = ["hidden", "file", "submit", "button", "password"];
    return [...form.elements].filter((field) => field.name && !machine.includes(field.type));
}

export function keepTyped(form, person) {
    const typed = typedFields(form).map((field) => [field.name, field.value, field.checked]);
    window.sessionStorage.setItem(placeOf(form, person), JSON.stringify(typed));
}

// True where something came back.
export function restoreTyped(form, person) {
    const kept = JSON.parse(window.sessionStorage.getItem(placeOf(form, person)) || "[]");
    const fields = typedFields(form);
    let isTyped = false;
    window.sessionStorage.removeItem(placeOf(form, person));
    kept.forEach(([name, value, checked], at) => {
        const field = fields[at];
        if (field && field.name === name) {
            isTyped = true;
            if (typeof checked === "boolean") {
                field.checked = checked;
            }
            if (!["checkbox", "radio"].includes(field.type)) {
                field.value = value;
            }
        }
    });
    return isTyped;
}

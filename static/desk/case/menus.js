/* At most one menu is open, and none after a click elsewhere. */

export function closeMenus(except) {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
        if (menu !== except) {
            menu.open = false;
        }
    });
}

export function watchMenus() {
    document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
}

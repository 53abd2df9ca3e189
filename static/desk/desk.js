/* What every page of the desk has: the first field focused, demo sign-in buttons, keys that go
   somewhere, the list of keys. */
(() => {
  "use strict";
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

  // The browser's own autofocus waits for the page to be drawn; a scanner does not, and what it
  // reads must replace what the field holds.
  const focusFirst = () => {
    const first = document.querySelector("[autofocus]");
    if (!first) return;
    first.focus();
    first.select?.();
  };
  document.addEventListener("DOMContentLoaded", focusFirst);
  addEventListener("pageshow", (event) => { if (event.persisted) focusFirst(); });

  document.addEventListener("click", (event) => {
    const login = event.target.closest("[data-login]");
    if (!login) return;
    document.getElementById("id_username").value = login.dataset.login;
    document.getElementById("id_password").value = login.dataset.password;
    document.getElementById("login-form").requestSubmit();
  });

  document.addEventListener("keydown", (event) => {
    const next = event.key === "Enter" && event.target.dataset?.next;
    if (next) { event.preventDefault(); document.getElementById(next).focus(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "?") {
      const help = document.querySelector("dialog.d-keys");
      if (help) { event.preventDefault(); help.showModal(); }
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    const goal = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!goal) return;
    event.preventDefault();
    if (goal.matches("input, textarea, select")) { goal.focus(); goal.select?.(); } else goal.click();
  });
})();

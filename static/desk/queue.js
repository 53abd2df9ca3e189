/* Walking through the list without a mouse, and counting what is selected. */
(() => {
  "use strict";
  const rows = [...document.querySelectorAll("[data-row]")];
  const boxes = [...document.querySelectorAll("[data-row] input[name=case]")];
  const all = document.querySelector("[data-all]");
  const count = document.querySelector("[data-count]");
  let at = -1;

  const show = () => {
    const picked = boxes.filter((box) => box.checked).length;
    if (count) count.textContent = count.dataset.count.replace("{count}", picked);
    if (all) { all.checked = picked > 0 && picked === boxes.length; all.indeterminate = picked > 0 && !all.checked; }
  };
  const go = (step) => {
    if (!rows.length) return;
    at = Math.max(0, Math.min(rows.length - 1, at + step));
    rows.forEach((row, index) => row.classList.toggle("q-at", index === at));
    rows[at].querySelector("a").focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: "nearest" });
  };

  all?.addEventListener("change", () => { boxes.forEach((box) => { box.checked = all.checked; }); show(); });
  document.addEventListener("change", show);
  document.addEventListener("click", (event) => {
    document.querySelectorAll(".q-filters[open]").forEach((panel) => {
      if (!panel.contains(event.target)) panel.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") document.querySelectorAll(".q-filters[open]").forEach((panel) => { panel.open = false; });
    if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog[open]")) return;
    if (event.key === "j") go(1);
    if (event.key === "k") go(-1);
    if (event.key === "o" && at >= 0) rows[at].querySelector("a").click();
    if (event.key === "x" && at >= 0 && boxes[at]) { boxes[at].checked = !boxes[at].checked; show(); }
  });
  show();
})();

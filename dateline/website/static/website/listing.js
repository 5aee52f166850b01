// The listing without reloads. Everything here only saves the reader a step: without it, the same
// form has a button and the same links load pages.

const form = () => document.getElementById("query");
const filters = () => document.getElementById("filters");

// A filter acts when it is changed; a date box when it is left, a word when it is entered.
document.addEventListener("change", ({ target }) => {
  if (target.form?.id === "query" && target.id !== "keywords") form().requestSubmit();
});

// What is empty is not asked, so the address is canonical at once and needs no redirect.
document.addEventListener("formdata", ({ target, formData }) => {
  if (!target.closest("#listing")) return;
  for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
});

// --- what a new list takes over from the old one: open folds, scrolled panels, the open sheet ----
let kept = null;

document.addEventListener("htmx:beforeSwap", () => {
  const sheet = filters();
  kept = {
    open: [...document.querySelectorAll("#listing details[id]")].map(({ id, open }) => [id, open]),
    sheet: sheet.matches(":popover-open"),
    scrolled: sheet.scrollTop,
    focused: document.activeElement?.id,
  };
});

document.addEventListener("htmx:afterSwap", () => {
  if (!kept) return;
  for (const [id, open] of kept.open) {
    const fold = document.getElementById(id);
    if (fold) fold.open = open;
  }
  if (kept.sheet) filters().showPopover();
  filters().scrollTop = kept.scrolled;
});

document.addEventListener("htmx:afterSettle", () => {
  keepFocus();
  const told = ["count", "heading", "respelled"].map((id) => document.getElementById(id)?.innerText);
  say(told.filter(Boolean).join(". "));
  kept = null;
});

// Where the focused control is gone (a filter's chip, the last page's link, a sheet that closed),
// reading goes on from the heading of what replaced it.
function keepFocus() {
  if (!kept) return;
  const same = kept.focused ? document.getElementById(kept.focused) : null;
  const heading = kept.focused?.startsWith("page") ? "results-name" : "heading";
  const target = same?.checkVisibility() ? same : document.getElementById(heading);
  if (document.activeElement !== target) target.focus({ preventScroll: true });
}

// Count, filters and what else may have been meant, never the results.
function say(text) {
  document.getElementById("said").textContent = text;
}

// On a phone the list is already up to date behind the sheet: its button only has to close it.
document.addEventListener("click", (event) => {
  if (event.target.closest(".apply button") && filters().matches(":popover-open")) {
    event.preventDefault();
    filters().hidePopover();
  }
});

// A finding leads to its field: the tab that holds it comes to the front.
document.addEventListener("click", (event) => {
  const name = event.target.closest?.("[data-desk-field]")?.dataset.deskField;
  if (!name) return;
  event.preventDefault();
  const place = document.querySelector(`form section[id$="-${name}-section"]`);
  document.querySelector(`.w-tabs__list [href="#${place?.closest("[role=tabpanel]")?.id}"]`)?.click();
  place?.scrollIntoView({ block: "center" });
  const fields = "input:not([type=hidden]), textarea, select, [contenteditable=true], button";
  place?.querySelector(".w-panel__content")?.querySelector(fields)?.focus({ preventScroll: true });
});

// How long a headline is while it is typed. Not read out at every letter: the help above says the
// limit, and the check before publishing says what is too long.

for (const field of document.querySelectorAll("[data-most]")) {
  const said = document.createElement("span");
  said.className = "desk-count";
  said.dir = "auto";
  said.setAttribute("aria-hidden", "true");
  field.after(said);
  const count = () => {
    const length = [...field.value.trim()].length;
    said.textContent = field.dataset.said.replace("{count}", length).replace("{most}", field.dataset.most);
    said.classList.toggle("over", length > Number(field.dataset.most));
  };
  field.addEventListener("input", count);
  count();
}

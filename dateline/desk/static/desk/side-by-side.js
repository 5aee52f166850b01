// An empty box can begin with the source's passage, its links and emphasis in place.
for (const button of document.querySelectorAll("[data-desk-start]")) {
  const box = document.getElementById(button.dataset.deskStart);
  const markup = document.getElementById(button.dataset.deskMarkup).textContent;
  const show = () => {
    button.hidden = box.value.trim() !== "";
  };
  button.addEventListener("click", () => {
    box.value = markup;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  });
  box.addEventListener("input", show);
  show();
}

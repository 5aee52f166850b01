// A story's tools. Their buttons are hidden until this runs, so none is shown that does nothing.

const said = document.querySelector(".tools .said");
const element = (id) => document.getElementById(id);

const texts = {
  text: () => ["headline", "published", "text"].map((id) => element(id)?.innerText).filter(Boolean).join("\n\n"),
  short: () => element("short").href,
};

async function copy(button) {
  const name = button.dataset.copy;
  await navigator.clipboard.writeText(texts[name]?.() ?? element(name).textContent);
  said.textContent = document.querySelector(".tools").dataset.copied;
}

function share() {
  navigator.share({ title: element("headline").innerText, url: element("short").href }).catch(() => {
    // Closing the sheet without choosing anything is not an error.
  });
}

if (navigator.clipboard) reveal("[data-copy]", copy);
if (navigator.share) reveal("[data-share]", share);
reveal("[data-print]", () => window.print());

for (const button of document.querySelectorAll("[data-play]")) {
  button.closest(".offer").hidden = false;
  button.addEventListener("click", () => {
    const frame = document.createElement("iframe");
    Object.assign(frame, { src: button.dataset.play, title: button.dataset.title, allow: "autoplay; fullscreen" });
    button.closest(".offer").replaceWith(frame);
    frame.focus();
  });
}

function reveal(selector, act) {
  for (const button of document.querySelectorAll(selector)) {
    button.hidden = false;
    button.addEventListener("click", () => act(button));
  }
}

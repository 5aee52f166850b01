// What a story's text may hold besides words: places of its own pictures, links to its own
// documents, and tables. Pictures and documents are those of the form's other tab, so that a text
// never shows what the story does not have.

const { React, DraftJS, draftail } = window;
const { AtomicBlockUtils, EditorState, Modifier, SelectionState } = DraftJS;
const h = React.createElement;

/** The form's rows of "picture" or "document" that stay: [{id, title, image}]. */
function chosen(part) {
  return [...document.querySelectorAll(`input[name^="${part}s-"][name$="-${part}"]`)]
    .filter((input) => input.value && field(input, part, "DELETE")?.value !== "1")
    .map((input) => {
      const chooser = document.getElementById(`${input.id}-chooser`);
      return {
        id: input.value,
        title: field(input, part, "title")?.value || chooser?.querySelector("[data-chooser-title]")?.textContent.trim() || "",
        image: chooser?.querySelector("[data-chooser-image]")?.src || "",
      };
    });
}

function field(input, part, name) {
  return document.getElementsByName(input.name.slice(0, -part.length) + name)[0];
}

/** A modal dialog; resolves to what `read` says when it is confirmed, else to null. */
function ask(title, content, texts, read) {
  const dialog = document.createElement("dialog");
  dialog.className = "desk-dialog";
  dialog.setAttribute("aria-label", title);
  dialog.innerHTML = '<form method="dialog"><h2></h2><div class="content"></div><p class="desk-actions confirm"><button value="yes" class="button"></button><button value="" class="button button-secondary" formnovalidate></button></p></form>';
  dialog.querySelector("h2").textContent = title;
  dialog.querySelector(".content").append(content);
  const [yes, no] = dialog.querySelectorAll(".confirm button");
  yes.textContent = texts.insert;
  no.textContent = texts.cancel;
  yes.hidden = !read;
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue ? read() : null);
      dialog.remove();
    });
  });
}

function askForOne(part, entityType, current) {
  const { texts, description } = entityType;
  const rows = chosen(part);
  const list = document.createElement("div");
  list.className = "desk-choices";
  if (!rows.length) list.textContent = texts.none;
  rows.forEach((row, at) => {
    const label = document.createElement("label");
    const radio = Object.assign(document.createElement("input"), { type: "radio", name: "desk-choice", value: row.id, required: true });
    radio.checked = current ? current === row.id : at === 0;
    label.append(radio);
    if (row.image) label.append(Object.assign(document.createElement("img"), { src: row.image, alt: "" }));
    label.append(row.title);
    list.append(label);
  });
  return ask(description, list, texts, rows.length && (() => {
    const picked = list.querySelector(":checked")?.value;
    return picked ? rows.find((row) => row.id === picked) : null;
  }));
}

// --- tables ---------------------------------------------------------------------------------
const EVERY = ["lang", "dir", "title"];
const CELL = ["colspan", "rowspan"];
const TABLE_PARTS = {
  table: [], caption: [], thead: [], tbody: [], tfoot: [], tr: [], td: CELL, th: [...CELL, "scope"],
  a: ["href", "hreflang", "data-document"], b: [], strong: [], i: [], em: [], sub: [], sup: [], br: [],
  ...Object.fromEntries(["p", "ul", "ol", "li", "s", "u", "small", "abbr", "q", "cite", "code", "del", "ins"].map((name) => [name, []])),
};
const SILENT = ["script", "style", "template", "noscript", "iframe", "object", "svg", "math"];

/** Whether an address runs nothing: of this site, or with a scheme that texts may link to. */
function isSafe(address) {
  const [, scheme] = address.replace(/[\s\0-\x1f]/g, "").match(/^([a-z][a-z0-9+.-]*):/i) || [];
  return !scheme || ["http", "https", "mailto", "tel"].includes(scheme.toLowerCase());
}

/** A table made anew from what a table may hold: HTML that was pasted has been through no server. */
function safeTable(html) {
  const found = new DOMParser().parseFromString(html || "", "text/html").querySelector("table");
  return found && copied(found);
}

function copied(node) {
  if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.data);
  if (node.nodeType !== Node.ELEMENT_NODE || SILENT.includes(node.localName)) return "";
  const kept = TABLE_PARTS[node.localName];
  const made = kept ? document.createElement(node.localName) : document.createDocumentFragment();
  for (const name of kept ? [...EVERY, ...kept] : []) {
    const value = node.getAttribute(name);
    if (value !== null && (name !== "href" || isSafe(value))) made.setAttribute(name, value);
  }
  made.append(...[...node.childNodes].map(copied));
  return made;
}

function grid(cells) {
  const table = document.createElement("table");
  cells.forEach((words, at) => {
    const row = table.insertRow();
    for (const word of words) {
      const cell = document.createElement(at ? "td" : "th");
      if (!at) cell.scope = "col";
      cell.textContent = word;
      row.append(cell);
    }
  });
  return table;
}

/** What was copied in a spreadsheet or a document, as rows of words; null if it is no table. */
function pastedGrid(data) {
  const table = new DOMParser().parseFromString(data.getData("text/html"), "text/html").querySelector("table");
  if (table) return [...table.rows].map((row) => [...row.cells].map((cell) => cell.innerText.trim()));
  const plain = data.getData("text/plain").trimEnd();
  return plain.includes("\t") ? plain.split(/\r?\n/).map((line) => line.split("\t")) : null;
}

function askForTable(entityType, html) {
  const { texts, description } = entityType;
  const content = document.createElement("div");
  content.innerHTML = '<p class="hint"></p><label class="caption"><span></span> <input type="text" dir="auto"></label><div class="area" contenteditable="true" role="textbox" aria-multiline="true" dir="auto"></div><p class="desk-actions edits"></p><label class="heading"><input type="checkbox"> <span></span></label>';
  const area = content.querySelector(".area");
  const caption = content.querySelector(".caption input");
  const heading = content.querySelector(".heading input");
  content.querySelector(".hint").textContent = texts.hint;
  content.querySelector(".caption span").textContent = texts.caption;
  content.querySelector(".heading span").textContent = texts.heading;
  area.setAttribute("aria-label", description);
  const table = () => area.querySelector("table");
  const show = (made) => {
    area.replaceChildren(made);
    heading.checked = made.rows[0]?.cells[0]?.tagName === "TH";
  };
  show(safeTable(html) || grid([["", ""], ["", ""], ["", ""]]));
  caption.value = table().caption?.innerText || "";
  table().deleteCaption();

  const here = () => {
    const node = getSelection().anchorNode;
    const cell = (node?.nodeType === 1 ? node : node?.parentElement)?.closest("td, th");
    return area.contains(cell) ? cell : [...table().rows].at(-1).cells[0];
  };
  const acts = {
    rowAfter: () => {
      const { parentElement: row } = here();
      const made = row.cloneNode();
      for (const _cell of row.cells) made.insertCell();
      row.after(made);
    },
    rowAway: () => table().rows.length > 1 && here().parentElement.remove(),
    columnAfter: () => {
      const at = here().cellIndex;
      for (const row of table().rows) {
        const like = row.cells[Math.min(at, row.cells.length - 1)];
        const made = document.createElement(like.tagName);
        if (like.scope) made.scope = like.scope;
        like.after(made);
      }
    },
    columnAway: () => {
      const at = here().cellIndex;
      if (table().rows[0].cells.length > 1) for (const row of table().rows) row.cells[at]?.remove();
    },
  };
  const cells = () => [...area.querySelectorAll("td, th")];
  area.addEventListener("focus", () => {
    if (!cells().some((cell) => cell.contains(getSelection().anchorNode))) getSelection().collapse(cells()[0] || area);
  });
  // As in word processors. Escape leads on to the buttons, so that the keyboard is not held in the
  // table; there it closes the dialog, as everywhere.
  area.addEventListener("keydown", (event) => {
    if (!table()) return;
    const { key, shiftKey } = event;
    const step = key === "Tab" && (shiftKey ? -1 : 1);
    const to = cells().indexOf(here()) + step;
    if (key === "Escape") content.querySelector(".edits button").focus();
    else if (!step || to < 0) return;
    else {
      if (to === cells().length) acts.rowAfter();
      getSelection().selectAllChildren(cells()[to]);
    }
    event.preventDefault();
  });
  for (const [name, act] of Object.entries(acts)) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: texts[name], className: "button button-small button-secondary" });
    button.addEventListener("mousedown", (event) => event.preventDefault()); // the cursor stays in its cell
    button.addEventListener("click", act);
    content.querySelector(".edits").append(button);
  }
  heading.addEventListener("change", () => {
    for (const cell of [...table().rows[0].cells]) {
      const made = document.createElement(heading.checked ? "th" : "td");
      if (heading.checked) made.scope = "col";
      made.append(...cell.childNodes);
      cell.replaceWith(made);
    }
  });
  area.addEventListener("paste", (event) => {
    event.preventDefault();
    const cells = pastedGrid(event.clipboardData);
    if (cells) show(grid(cells));
    else document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
  });
  return ask(description, content, texts, () => {
    if (!table()?.innerText.trim()) return null;
    if (caption.value.trim()) table().createCaption().textContent = caption.value.trim();
    return { html: table().outerHTML };
  });
}

// --- the editor's side ------------------------------------------------------------------------
/** A new entity in the text: in a block of its own, or in the place of the one that is edited. */
function withBlock(editorState, entityKey, type, data) {
  const content = editorState.getCurrentContent().createEntity(type, "IMMUTABLE", data);
  const key = content.getLastCreatedEntityKey();
  if (!entityKey) return AtomicBlockUtils.insertAtomicBlock(editorState, key, " ");
  const block = content.getBlocksAsArray().find((each) => each.getEntityAt(0) === entityKey);
  const whole = SelectionState.createEmpty(block.getKey()).merge({ focusOffset: block.getLength() });
  return EditorState.push(editorState, Modifier.applyEntity(content, whole, key), "apply-entity");
}

/** The words that are marked become a link, or its title where none are. */
function withLink(editorState, type, row) {
  const content = editorState.getCurrentContent().createEntity(type, "MUTABLE", { id: row.id });
  const key = content.getLastCreatedEntityKey();
  const selection = editorState.getSelection();
  const changed = selection.isCollapsed()
    ? Modifier.insertText(content, selection, row.title, editorState.getCurrentInlineStyle(), key)
    : Modifier.applyEntity(content, selection, key);
  return EditorState.push(editorState, changed, "apply-entity");
}

function source(answer, put) {
  return class extends React.Component {
    async componentDidMount() {
      const { editorState, entity, entityKey, entityType, onComplete, onClose } = this.props;
      const data = await answer(entityType, entity?.getData() || {});
      if (data) onComplete(put(editorState, entityKey, entityType.type, data));
      else onClose();
    }

    render() {
      return null;
    }
  };
}

function framed(blockProps, ...content) {
  const { entityType, onEditEntity, onRemoveEntity } = blockProps;
  const button = (text, act) => h("button", { type: "button", className: "button button-small button-secondary", onClick: act }, text);
  return h("div", { className: "desk-place" }, ...content, h("p", { className: "desk-actions" }, button(entityType.texts.change, onEditEntity), button(entityType.texts.remove, onRemoveEntity)));
}

function PictureBlock({ blockProps }) {
  const row = chosen("picture").find((each) => each.id === String(blockProps.entity.getData().id));
  if (!row) return framed(blockProps, h("p", { className: "error" }, blockProps.entityType.texts.gone));
  return framed(blockProps, h("img", { src: row.image, alt: "" }), h("p", null, row.title));
}

function TableBlock({ blockProps }) {
  const put = (place) => place?.replaceChildren(safeTable(blockProps.entity.getData().html) || "");
  return framed(blockProps, h("div", { dir: "auto", ref: put }));
}

function DocumentLink(props) {
  const id = String(props.contentState.getEntity(props.entityKey).getData().id);
  const title = chosen("document").find((row) => row.id === id)?.title ?? "?";
  const icon = h("svg", { className: "icon icon-doc-full", "aria-hidden": true }, h("use", { href: "#icon-doc-full" }));
  return h(draftail.TooltipEntity, { ...props, icon, label: title });
}

draftail.registerPlugin({
  type: "PICTURE_PLACE",
  source: source((entityType, { id }) => askForOne("picture", entityType, id && String(id)), (state, key, type, row) => withBlock(state, key, type, { id: row.id })),
  block: PictureBlock,
}, "entityTypes");
draftail.registerPlugin({
  type: "TABLE",
  source: source((entityType, { html }) => askForTable(entityType, html), withBlock),
  block: TableBlock,
}, "entityTypes");
draftail.registerPlugin({
  type: "DOCUMENT_LINK",
  source: source((entityType, { id }) => askForOne("document", entityType, id && String(id)), (state, _key, type, row) => withLink(state, type, row)),
  decorator: DocumentLink,
}, "entityTypes");

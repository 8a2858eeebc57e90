// States that every view has: loading, empty, error, busy buttons, questions.

import { Problem, Unreachable } from "./api.js";
import { h, text, uniqueId } from "./dom.js";

/** Have a screen reader say a sentence. */
export function announce(sentence) {
  const place = document.getElementById("announcer");
  place.textContent = "";
  // Two equal sentences in a row are two announcements.
  requestAnimationFrame(() => { place.textContent = sentence; });
}

/** Return the sentence of an error. Errors of the console itself are logged and named as such. */
export function sentenceOf(error) {
  if (error instanceof Problem || error instanceof Unreachable) return error.message;
  console.error(error);
  return "Something went wrong in this page. Reload it, and try again.";
}

/** Return a box with an error and, if `retry` is given, a button. */
export function errorPanel(error, retry) {
  const again = retry && h("button", { type: "button", class: "button", onclick: retry }, "Try again");
  return h("div", { class: "panel error", role: "alert" }, text("p", sentenceOf(error)), again);
}

export function emptyPanel(title, sentence, ...actions) {
  return h("div", { class: "panel empty" }, h("h2", {}, title), h("p", {}, sentence), ...actions);
}

export function loadingPanel(what) {
  const lines = [1, 2, 3].map(() => h("span", { class: "skeleton" }));
  return h("div", { class: "panel loading" }, h("p", { class: "visually-hidden" }, `Loading ${what}`), ...lines);
}

/**
 * Show what `load` returns in `place`: first a skeleton, then the content, or the error with a button to try
 * again. Does nothing more once `signal` is aborted.
 */
export async function show(place, what, load, signal) {
  place.setAttribute("aria-busy", "true");
  place.replaceChildren(loadingPanel(what));
  try {
    const content = await load();
    if (!signal.aborted) place.replaceChildren(...[content].flat());
  } catch (error) {
    if (!signal.aborted) place.replaceChildren(errorPanel(error, () => show(place, what, load, signal)));
  } finally {
    place.removeAttribute("aria-busy");
  }
}

/** Run an action of a button, which cannot be pressed again meanwhile. Errors are shown in `place`. */
export async function withBusy(button, place, action) {
  if (button.getAttribute("aria-disabled") === "true") return;
  // Not `disabled`, which would take the focus away.
  button.setAttribute("aria-disabled", "true");
  button.classList.add("busy");
  place.replaceChildren();
  try {
    await action();
  } catch (error) {
    place.replaceChildren(errorPanel(error));
  } finally {
    button.removeAttribute("aria-disabled");
    button.classList.remove("busy");
  }
}

/**
 * Open a dialog with a form. `action` runs when it is submitted; the dialog closes when that succeeds.
 * Return the action's result, or null if the dialog was dismissed.
 */
export function formDialog({ title, body, submit, isDangerous = false, action }) {
  return new Promise((resolve) => {
    const heading = uniqueId("dialog");
    const opener = document.activeElement;
    const errors = h("div");
    const confirm = h("button", { class: `button ${isDangerous ? "danger" : "primary"}` }, submit);
    const cancel = h("button", { type: "button", class: "button", onclick: () => dialog.close() }, "Keep as it is");
    if (!isDangerous) cancel.textContent = "Cancel";
    const form = h("form", { novalidate: true }, h("h2", { id: heading }, title), body, errors, h("div", { class: "actions" }, cancel, confirm));
    const dialog = h("dialog", { "aria-labelledby": heading }, form);
    let result = null;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      withBusy(confirm, errors, async () => {
        result = (await action(new FormData(form))) ?? true;
        dialog.close();
      });
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (opener?.isConnected) opener.focus();
      resolve(result);
    });
    document.body.append(dialog);
    dialog.showModal();
    // The safe answer comes first for a question that cannot be undone.
    (isDangerous ? cancel : form.querySelector("input, select, textarea") ?? confirm).focus();
  });
}

/** Return a labelled field. */
export function field(label, control, hint) {
  const id = uniqueId("field");
  control.id = id;
  const note = hint && h("span", { class: "hint", id: `${id}-hint` }, hint);
  if (note) control.setAttribute("aria-describedby", note.id);
  return h("div", { class: "field" }, h("label", { for: id }, label), control, note);
}

/** Return links to the previous and next page of a list; `link(page)` is the address of a page. */
export function pager({ page, pageSize, total, link }) {
  const last = Math.max(1, Math.ceil(total / pageSize));
  if (last === 1) return null;
  const step = (label, to, enabled) =>
    enabled ? h("a", { class: "button", href: link(to) }, label) : h("span", { class: "button disabled", "aria-hidden": "true" }, label);
  return h(
    "nav",
    { class: "pager", "aria-label": "Pages" },
    step("Previous", page - 1, page > 1),
    h("span", {}, `Page ${page} of ${last}`),
    step("Next", page + 1, page < last),
  );
}

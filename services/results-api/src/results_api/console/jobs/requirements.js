// The requirements of a job, as a form. Saving it writes a new version of the job.

import { put } from "../api.js";
import { h, text } from "../dom.js";
import { errorPanel, field, withBusy } from "../feedback.js";
import { inWords } from "../format.js";
import { IMPORTANCES, KINDS, kindName, minimumOf } from "./words.js";

const LEVELS = {
  education: ["high_school", "vocational", "bachelor", "master", "doctorate"],
  language: ["basic", "conversational", "business", "fluent", "native"],
};

/**
 * Return the form. `onSaved` is given the new version of the job; `onReload` is called when the newest version is
 * to be shown in place of one that somebody else has changed.
 */
export function requirementsForm(job, { onSaved, onReload }) {
  const errors = h("div");
  const list = h("div", { class: "requirements" });
  const removed = h("div", { class: "requirements" });
  const removedBox = h("details", {}, h("summary", {}), removed);
  const none = h("p", { class: "hint" }, "There are no requirements, so nobody can be scored. Add one.");
  const save = h("button", { class: "button primary" }, "Save the requirements");
  const add = h("button", { type: "button", class: "button", onclick: addRow }, "Add a requirement");
  const rows = [];
  for (const one of job.requirements) rows.push(requirementRow(one, { isRemoved: false, onMoved: move }));
  for (const one of job.removed) rows.push(requirementRow(one, { isRemoved: true, onMoved: move }));
  const element = h(
    "form",
    { class: "panel", novalidate: true },
    h("h2", {}, "Requirements"),
    h("p", { class: "hint" }, "Write one term a line. A resume that shows one of the terms meets the requirement."),
    none,
    list,
    removedBox,
    errors,
    h("div", { class: "actions" }, save, add),
  );
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    withBusy(save, errors, submit);
  });
  place();
  const before = JSON.stringify(body());

  /** Put each row into the list that it belongs to. */
  function place() {
    for (const one of rows) {
      const home = one.isRemoved ? removed : list;
      if (one.element.parentNode !== home) home.append(one.element);
    }
    const count = rows.filter(({ isRemoved }) => isRemoved).length;
    none.hidden = rows.length > count;
    removedBox.hidden = count === 0;
    removedBox.firstChild.textContent = `Removed (${count})`;
  }

  /** Take a row to the other list, and the focus to where a keyboard goes on. A new row is forgotten. */
  function move(one) {
    if (one.isNew) {
      rows.splice(rows.indexOf(one), 1);
      one.element.remove();
      add.focus();
    }
    place();
    if (!one.isNew) (one.isRemoved ? removedBox.firstChild : one.element.querySelector("button")).focus();
  }

  function addRow() {
    const one = requirementRow({ kind: "skill", importance: "must", weight: 1, terms: [], quote: "" }, { isRemoved: false, onMoved: move });
    rows.push(one);
    place();
    one.element.querySelector("select").focus();
  }

  function body() {
    return rows.filter(({ isRemoved }) => !isRemoved).map(({ read }) => read());
  }

  async function submit() {
    try {
      onSaved(await put(`/api/v1/jobs/${job.id}/requirements`, { version: job.version, requirements: body() }));
    } catch (error) {
      if (error.code !== "job_changed") throw error;
      const panel = errorPanel(error);
      panel.append(
        h("p", {}, "Your changes are still on this page, and are not saved."),
        h("button", { type: "button", class: "button", onclick: onReload }, "Drop them and show the newest version"),
      );
      errors.replaceChildren(panel);
    }
  }

  return { element, isChanged: () => JSON.stringify(body()) !== before };
}

/** Return the fields of one requirement, and `read` for its values. A requirement without an id is a new one. */
function requirementRow(requirement, { isRemoved, onMoved }) {
  const isNew = requirement.id === undefined;
  const kind = h("select", {}, ...KINDS.map((one) => h("option", { value: one }, kindName(one))));
  kind.value = requirement.kind;
  const importance = h("select", {}, ...Object.entries(IMPORTANCES).map(([value, name]) => h("option", { value }, name)));
  importance.value = requirement.importance;
  const weight = h("input", { type: "number", min: "0", max: "10", step: "any", value: requirement.weight });
  const terms = h("textarea", { rows: String(Math.min(Math.max(requirement.terms.length, 2), 5)), dir: "auto" });
  terms.value = requirement.terms.join("\n");
  const minimum = h("div", { class: "field" });
  let readMinimum = () => requirement.minimum ?? null;
  const move = h("button", { type: "button", class: "button quiet" });
  const least = minimumOf(requirement);
  const title = requirement.quote || requirement.terms.join(" / ") || "New requirement";
  const element = h(
    "article",
    { class: "criterion requirement" },
    h(
      "div",
      { class: "criterion-head" },
      text("h3", title),
      !isNew && h("span", { class: "badge" }, kindName(requirement.kind)),
      least && h("span", { class: "hint" }, least),
      move,
    ),
    h(
      "div",
      { class: "fields" },
      isNew && field("Kind", kind),
      isNew && minimum,
      field("Importance", importance),
      field("Weight (0 to 10)", weight),
      field("Terms", terms),
    ),
  );
  const fields = element.lastChild;
  const row = {
    element,
    isNew,
    isRemoved,
    read: () => ({
      ...(!isNew && { id: requirement.id }),
      kind: isNew ? kind.value : requirement.kind,
      importance: importance.value,
      // What is no number is refused by the service, whose sentence says so.
      weight: weight.value === "" ? null : Number(weight.value),
      terms: terms.value.split("\n").map((one) => one.trim()).filter(Boolean),
      minimum: readMinimum(),
      esco: requirement.esco ?? null,
    }),
  };

  function drawMinimum() {
    const control = minimumControl(kind.value);
    minimum.replaceChildren(...(control === null ? [] : [field(control.name, control.element)]));
    minimum.hidden = control === null;
    readMinimum = control?.read ?? (() => null);
  }

  function drawMove() {
    fields.hidden = row.isRemoved;
    move.textContent = row.isRemoved ? "Restore" : "Remove";
    move.setAttribute("aria-label", `${move.textContent}: ${title}`);
  }

  move.addEventListener("click", () => {
    row.isRemoved = !row.isRemoved;
    drawMove();
    onMoved(row);
  });
  kind.addEventListener("change", drawMinimum);
  if (isNew) drawMinimum();
  drawMove();
  return row;
}

/** Return the field for the least that a kind of requirement can ask for, or null. */
function minimumControl(kind) {
  if (kind === "experience_years") {
    const element = h("input", { type: "number", min: "0", max: "50", step: "any" });
    return { name: "Years at least", element, read: () => (element.value === "" ? null : { years: Number(element.value), level: null }) };
  }
  if (!(kind in LEVELS)) return null;
  const element = h("select", {}, h("option", { value: "" }, "Any"), ...LEVELS[kind].map((one) => h("option", { value: one }, inWords(one))));
  return { name: "Level at least", element, read: () => (element.value === "" ? null : { years: null, level: element.value }) };
}

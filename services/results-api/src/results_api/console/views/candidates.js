// The list of candidates.

import { get, post } from "../api.js";
import { h, text } from "../dom.js";
import { announce, emptyPanel, field, formDialog, pager, show } from "../feedback.js";
import { dateTime, number } from "../format.js";

const PAGE_SIZE = 20;

export function showCandidates(view) {
  view.setTitle("Candidates");
  const page = Math.max(1, Number.parseInt(view.query.get("page") ?? "1", 10) || 1);
  const list = h("div");
  const add = () => h("button", { type: "button", class: "button primary", onclick: addCandidate }, "Add a candidate");
  view.main.prepend(h("div", { class: "heading" }, view.main.firstChild, add()));
  view.main.append(list);
  show(list, "candidates", load, view.signal);

  async function load() {
    const address = `/api/v1/candidates?limit=${PAGE_SIZE}&offset=${(page - 1) * PAGE_SIZE}`;
    const { candidates, total_count: total } = await get(address, { signal: view.signal });
    if (candidates.length === 0) {
      if (page > 1) return emptyPanel("Nothing on this page", "The list has become shorter.", h("a", { class: "button", href: "#/candidates" }, "First page"));
      return emptyPanel("No candidates yet", "Add a candidate, then drop their resume to have it scored.", add());
    }
    return [table(candidates), pager({ page, pageSize: PAGE_SIZE, total, link: (to) => `#/candidates?page=${to}` })].filter(Boolean);
  }
}

function table(candidates) {
  const columns = ["Name", "Position", "Resumes", "Added"];
  return h(
    "table",
    { class: "list" },
    h("caption", { class: "visually-hidden" }, "Candidates"),
    h("thead", {}, h("tr", {}, ...columns.map((name) => h("th", { scope: "col" }, name)))),
    h(
      "tbody",
      {},
      ...candidates.map((one) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, text("a", nameOf(one), { href: `#/candidates/${one.id}` })),
          h("td", { "data-label": "Position" }, text("span", positionOf(one) || "–")),
          h("td", { "data-label": "Resumes" }, number(one.total_resumes)),
          h("td", { "data-label": "Added" }, h("time", { datetime: one.created_at }, dateTime(one.created_at))),
        ),
      ),
    ),
  );
}

/** Return the whole name; Japanese names start with the family's. */
export function nameOf({ first_name: first, last_name: last }) {
  return /[\u3040-\u30ff\u4e00-\u9fff]/.test(first + last) ? `${last} ${first}` : `${first} ${last}`;
}

export function positionOf({ current_position: position, current_company: company }) {
  return [position, company].filter(Boolean).join(", ");
}

async function addCandidate() {
  const input = (name, options = {}) => h("input", { name, autocomplete: "off", ...options });
  const created = await formDialog({
    title: "Add a candidate",
    submit: "Add",
    body: h(
      "div",
      { class: "fields" },
      field("First name", input("first_name", { maxlength: "100", required: true })),
      field("Last name", input("last_name", { maxlength: "100", required: true })),
      field("Position (optional)", input("current_position", { maxlength: "255" })),
      field("Company (optional)", input("current_company", { maxlength: "255" })),
      field("E-mail (optional)", input("email", { maxlength: "255", inputmode: "email" })),
      field("Years of experience (optional)", input("years_experience", { type: "number", min: "0", max: "80", step: "1" })),
    ),
    action: async (form) => {
      const body = Object.fromEntries([...form].filter(([, value]) => value.trim() !== ""));
      body.first_name ??= "";
      body.last_name ??= "";
      if (body.years_experience) body.years_experience = Number(body.years_experience);
      return (await post("/api/v1/candidates", body)).candidate;
    },
  });
  if (created === null) return;
  announce(`${nameOf(created)} was added.`);
  location.hash = `#/candidates/${created.id}`;
}

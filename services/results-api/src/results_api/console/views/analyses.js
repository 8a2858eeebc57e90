// The history of all analyses.

import { get } from "../api.js";
import { h, text } from "../dom.js";
import { emptyPanel, field, pager, show } from "../feedback.js";
import { STATUSES, dateTime, grade, industryName } from "../format.js";

const PAGE_SIZE = 20;
const FILTERS = ["pending", "processing", "completed", "failed", "cancelled"];

export function showAnalyses(view) {
  view.setTitle("Analyses");
  const page = Math.max(1, Number.parseInt(view.query.get("page") ?? "1", 10) || 1);
  const status = FILTERS.includes(view.query.get("status")) ? view.query.get("status") : "";
  const list = h("div");
  const choice = h(
    "select",
    { onchange: () => { location.hash = address(1, choice.value); } },
    h("option", { value: "" }, "All"),
    ...FILTERS.map((one) => h("option", { value: one, selected: one === status }, STATUSES[one])),
  );
  view.main.append(h("div", { class: "filters" }, field("Status", choice)), list);
  show(list, "analyses", load, view.signal);

  async function load() {
    const query = new URLSearchParams({ page, page_size: PAGE_SIZE, ...(status && { status }) });
    const { analyses, total_count: total } = await get(`/api/v1/analysis/?${query}`, { signal: view.signal });
    if (analyses.length === 0) {
      const back = h("a", { class: "button", href: page > 1 || status ? "#/analyses" : "#/candidates" }, page > 1 || status ? "Show all" : "Go to candidates");
      return page > 1 || status
        ? emptyPanel("Nothing here", "No analysis matches.", back)
        : emptyPanel("No analyses yet", "Open a candidate and drop a resume to have it scored.", back);
    }
    return [
      analysesTable(analyses, { hasCandidate: true }),
      pager({ page, pageSize: PAGE_SIZE, total, link: (to) => address(to, status) }),
    ].filter(Boolean);
  }
}

function address(page, status) {
  const query = new URLSearchParams({ ...(page > 1 && { page }), ...(status && { status }) });
  return `#/analyses${query.size ? `?${query}` : ""}`;
}

/** Return a table of analyses. `box` returns the content of a first column to choose rows. */
export function analysesTable(analyses, { hasCandidate, box }) {
  const columns = ["Resume", hasCandidate && "Candidate", "Industry", "Score", "Status", "Requested"].filter(Boolean);
  const cell = (label, ...content) => h("td", { "data-label": label }, ...content);
  return h(
    "table",
    { class: "list" },
    h("caption", { class: "visually-hidden" }, "Analyses, newest first"),
    h(
      "thead",
      {},
      h("tr", {}, box && h("th", { scope: "col" }, h("span", { class: "visually-hidden" }, "Compare")), ...columns.map((name) => h("th", { scope: "col" }, name))),
    ),
    h(
      "tbody",
      {},
      ...analyses.map((one) =>
        h(
          "tr",
          {},
          box && h("td", { class: "box" }, box(one)),
          h("th", { scope: "row" }, text("a", one.file_name, { href: `#/analyses/${one.id}` })),
          hasCandidate && cell("Candidate", text("a", one.candidate_name, { href: `#/candidates/${one.candidate_id}` })),
          cell("Industry", industryName(one.industry)),
          cell("Score", scoreOf(one)),
          cell("Status", statusBadge(one.status)),
          cell("Requested", h("time", { datetime: one.created_at }, dateTime(one.created_at))),
        ),
      ),
    ),
  );
}

function scoreOf({ overall_score: score }) {
  if (score === null) return "–";
  return h("span", { class: `score ${grade(score / 100)}` }, String(score));
}

export function statusBadge(status) {
  return h("span", { class: `badge ${status}` }, STATUSES[status] ?? status);
}

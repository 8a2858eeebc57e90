// One candidate: a new resume, and the analyses so far.

import { get } from "../api.js";
import { h, text } from "../dom.js";
import { emptyPanel, pager, show } from "../feedback.js";
import { analysesTable } from "./analyses.js";
import { nameOf, positionOf } from "./candidates.js";
import { newResume } from "./new-resume.js";

const PAGE_SIZE = 10;

export function showCandidate(view, candidateId) {
  view.setTitle("Candidate");
  const page = Math.max(1, Number.parseInt(view.query.get("page") ?? "1", 10) || 1);
  const about = h("div");
  view.main.append(about);
  show(about, "the candidate", load, view.signal);

  async function load() {
    const [candidate, limits] = await Promise.all([
      get(`/api/v1/candidates/${candidateId}`, { signal: view.signal }),
      get("/api/v1/analysis/config/limits", { signal: view.signal }),
    ]);
    view.setTitle(nameOf(candidate));
    const facts = [positionOf(candidate), candidate.email, candidate.phone].filter(Boolean);
    const history = h("div");
    show(history, "analyses", loadHistory, view.signal);
    return [
      facts.length > 0 && h("p", { class: "facts" }, ...facts.map((fact) => text("span", fact))),
      newResume(candidateId, limits),
      h("section", {}, h("h2", {}, "Analyses"), history),
    ].filter(Boolean);
  }

  async function loadHistory() {
    const address = `/api/v1/analysis/?candidate_id=${candidateId}&page=${page}&page_size=${PAGE_SIZE}`;
    const { analyses, total_count: total } = await get(address, { signal: view.signal });
    if (analyses.length === 0) {
      return emptyPanel("No analyses yet", "Choose a resume above. Its scores appear here, and you can compare versions.");
    }
    return [
      comparable(analyses),
      pager({ page, pageSize: PAGE_SIZE, total, link: (to) => `#/candidates/${candidateId}?page=${to}` }),
    ].filter(Boolean);
  }
}

/** Return the table with a box beside each completed analysis; two of them can be compared. */
function comparable(analyses) {
  const chosen = new Set();
  const byTime = analyses.map(({ id }) => id).reverse();
  const compare = h("button", { type: "button", class: "button", "aria-disabled": "true" }, "Compare");
  const hint = h("span", { class: "hint" });
  compare.addEventListener("click", () => {
    if (chosen.size !== 2) return;
    const [before, after] = byTime.filter((id) => chosen.has(id));
    location.hash = `#/compare/${before}/${after}`;
  });
  draw();

  function draw() {
    compare.setAttribute("aria-disabled", String(chosen.size !== 2));
    hint.textContent = chosen.size === 2 ? "" : `Choose two completed analyses to compare (${chosen.size} of 2).`;
  }

  function box(analysis) {
    if (analysis.status !== "completed") return null;
    const input = h("input", { type: "checkbox", "aria-label": `Compare ${analysis.file_name}, score ${analysis.overall_score}` });
    input.addEventListener("change", () => {
      if (input.checked) chosen.add(analysis.id);
      else chosen.delete(analysis.id);
      draw();
    });
    return input;
  }

  const completed = analyses.filter(({ status }) => status === "completed").length;
  if (completed < 2) return analysesTable(analyses, { hasCandidate: false });
  return h("div", {}, analysesTable(analyses, { hasCandidate: false, box }), h("div", { class: "actions" }, compare, hint));
}

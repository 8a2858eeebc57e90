// Two to five candidates of a job side by side.

import { get } from "../api.js";
import { h, text } from "../dom.js";
import { show, withBusy } from "../feedback.js";
import { STATUSES, number, percent } from "../format.js";
import { saveFile } from "../save-file.js";
import { CAUTION, INCOMPARABLE, outcomeBadge, weightOf } from "./words.js";

export function showJobComparison(view, jobId) {
  view.setTitle("Compare candidates");
  const body = h("div");
  view.main.append(body);
  const chosen = new URLSearchParams(view.query.getAll("match_id").map((id) => ["match_id", id]));
  show(body, "the comparison", load, view.signal);

  async function load() {
    const found = await get(`/api/v1/jobs/${jobId}/comparison?${chosen}`, { signal: view.signal });
    const errors = h("div");
    const print = h("button", { type: "button", class: "button" }, "Save a page to print");
    print.addEventListener("click", () => withBusy(print, errors, () => saveFile(`/api/v1/jobs/${jobId}/comparison?${chosen}&format=html`, "comparison.html")));
    return [
      h("p", { class: "facts" }, text("a", found.job_title, { href: `#/jobs/${jobId}/ranking` }), h("span", {}, `Version ${found.job_version} of the job`)),
      h("div", {}, h("div", { class: "actions" }, print), errors),
      !found.is_comparable && h("p", { class: "notice" }, INCOMPARABLE),
      h("div", { class: "across" }, ...found.candidates.map((one) => candidate(one, jobId))),
      h("section", { class: "panel" }, h("h2", {}, "Requirements"), h("p", { class: "hint" }, CAUTION), ...found.requirements.map((one) => requirement(one, found.candidates))),
    ].filter(Boolean);
  }
}

const nameOf = ({ candidate_name: name }) => name || "No name";

function candidate(one, jobId) {
  return h(
    "section",
    { class: "panel" },
    h("h2", {}, text("a", nameOf(one), { href: `#/jobs/${jobId}/matches/${one.match_id}` })),
    h("p", { class: "match-score" }, one.score === null ? STATUSES[one.status] : `Score ${number(one.score)}`),
    one.assessed !== null && h("p", {}, `${percent(one.assessed)} assessed`),
    one.reason && text("p", one.reason),
    text("p", one.file_name, { class: "hint" }),
  );
}

function requirement(one, candidates) {
  return h(
    "article",
    { class: "criterion" },
    h("div", { class: "criterion-head" }, text("h3", one.text), h("span", { class: "hint" }, weightOf(one))),
    h(
      "div",
      { class: "across" },
      ...one.outcomes.map((outcome, index) =>
        h("div", { class: "outcome" }, text("h4", nameOf(candidates[index])), outcome === null ? h("p", { class: "hint" }, "No result") : result(outcome)),
      ),
    ),
  );
}

function result({ outcome, reason, evidence }) {
  return h("div", {}, outcomeBadge(outcome), reason && text("p", reason, { class: "hint" }), ...evidence.map((one) => text("blockquote", one.quote)));
}

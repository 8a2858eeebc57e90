// Two analyses side by side: what changed, and why.

import { Problem, get } from "../api.js";
import { h, text } from "../dom.js";
import { show } from "../feedback.js";
import { AREAS, criterionName, dateTime, difference, industryName, number, plural } from "../format.js";

const SCORES = [
  ["Overall", "overall_score"],
  [AREAS.ats.name, "ats_score"],
  [AREAS.content.name, "content_score"],
  [AREAS.formatting.name, "formatting_score"],
];

export function showComparison(view, beforeId, afterId) {
  view.setTitle("Compare two analyses");
  const body = h("div");
  view.main.append(body);
  show(body, "both analyses", load, view.signal);

  async function load() {
    const [before, after] = await Promise.all([beforeId, afterId].map(read));
    const changed = changedCriteria(before.result, after.result);
    return [
      h("div", { class: "versions" }, version("Before", before), version("After", after)),
      caveat(before.result, after.result),
      scores(before.result, after.result),
      criteria(changed),
      findings(before.result, after.result),
    ].filter(Boolean);
  }

  async function read(id) {
    const [status, request] = await Promise.all([
      get(`/api/v1/analysis/analysis/${id}/status`, { signal: view.signal }),
      get(`/api/v1/analysis/requests/${id}`, { signal: view.signal }).catch(() => null),
    ]);
    if (status.result === null) {
      throw new Problem({ status: 404, title: "No result", detail: status.detail || "One of the two analyses has no result yet." });
    }
    return { id, result: status.result, request };
  }
}

function version(label, { id, result, request }) {
  return h(
    "section",
    { class: "panel" },
    h("h2", {}, label),
    h("p", {}, text("a", request?.file_name ?? "Analysis", { href: `#/analyses/${id}` })),
    h(
      "p",
      { class: "facts" },
      request && h("span", {}, `Version ${request.resume_version}`),
      h("span", {}, industryName(result.industry)),
      h("span", {}, dateTime(result.completed_at)),
    ),
  );
}

/** Return a warning if the scores do not compare, or null. */
function caveat(before, after) {
  const reasons = [];
  if (before.detailed_scores.rubric_version !== after.detailed_scores.rubric_version) reasons.push("They were not scored by the same rubric.");
  if (before.ai_model_used !== after.ai_model_used) reasons.push(`One was scored by ${before.ai_model_used}, the other by ${after.ai_model_used}.`);
  if (before.industry !== after.industry) reasons.push("They are for different industries.");
  if (reasons.length === 0) return null;
  return h("p", { class: "notice" }, `${reasons.join(" ")} A difference need not come from the resume.`);
}

function scores(before, after) {
  // The fit has no score of its own: its points explain what the others leave of a change.
  const fit = (result) => result.detailed_scores.contributions?.industry_fit ?? null;
  const rows = [...SCORES.map(([name, key]) => row(name, before[key], after[key])), row(`${AREAS.industry_fit.name} (points of the overall score)`, fit(before), fit(after))];
  return h(
    "section",
    { class: "panel" },
    h("h2", {}, "Scores"),
    h(
      "table",
      { class: "figures" },
      h("thead", {}, h("tr", {}, ...["Score", "Before", "After", "Change"].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, ...rows),
    ),
  );
}

function row(name, before, after) {
  const change = before === null || after === null ? null : after - before;
  return h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, number(before)), h("td", {}, number(after)), h("td", { class: direction(change) }, difference(change)));
}

const direction = (change) => (change > 0 ? "up" : change < 0 ? "down" : "");

function changedCriteria(before, after) {
  const old = new Map((before.detailed_scores.criteria ?? []).map((one) => [one.id, one]));
  return (after.detailed_scores.criteria ?? [])
    .filter((one) => old.has(one.id) && old.get(one.id).points !== one.points)
    .map((one) => {
      const was = old.get(one.id);
      return { now: one, was, change: one.points === null || was.points === null ? null : one.points - was.points };
    })
    .sort((one, other) => Math.abs(other.change ?? 0) - Math.abs(one.change ?? 0));
}

function criteria(changed) {
  if (changed.length === 0) return h("section", { class: "panel" }, h("h2", {}, "Criteria"), h("p", {}, "No criterion changed."));
  return h(
    "section",
    { class: "panel" },
    h("h2", {}, `${plural(changed.length, "criterion", "criteria")} changed`),
    ...changed.map(({ now, was, change }) =>
      h(
        "article",
        { class: "criterion" },
        h(
          "div",
          { class: "criterion-head" },
          h("h3", {}, criterionName(now.id)),
          h("span", { class: "points" }, `${number(was.points)} → ${number(now.points)} of ${number(now.max)} `, h("strong", { class: direction(change) }, difference(change))),
        ),
        h("dl", { class: "reasons" }, h("dt", {}, "Before"), text("dd", was.reason), h("dt", {}, "After"), text("dd", now.reason)),
      ),
    ),
  );
}

function findings(before, after) {
  const details = (result) => new Set((result.detailed_scores.findings ?? []).map((one) => one.detail));
  const [old, current] = [details(before), details(after)];
  const lists = [
    ["New findings", [...current].filter((one) => !old.has(one))],
    ["Findings that are gone", [...old].filter((one) => !current.has(one))],
  ].filter(([, sentences]) => sentences.length > 0);
  if (lists.length === 0) return null;
  return h("section", { class: "panel" }, ...lists.flatMap(([title, sentences]) => [h("h2", {}, title), h("ul", {}, ...sentences.map((one) => text("li", one)))]));
}

// The top of a report: scores, summary, findings, and what to do next.

import { h, svg, text } from "../dom.js";
import { AREAS, difference, grade, inWords, number } from "../format.js";

/** Return the first panel of a report. */
export function overview(result) {
  const details = result.detailed_scores;
  return h(
    "section",
    { class: "panel overview", "aria-label": "Overview" },
    h(
      "div",
      { class: "overall" },
      ring(result.overall_score),
      h(
        "div",
        {},
        result.market_tier && h("p", { class: "hint" }, `${inWords(result.market_tier)} level`),
        text("p", result.executive_summary, { class: "summary" }),
        details.cap_reason && text("p", details.cap_reason, { class: "notice" }),
      ),
    ),
    contributions(result),
    since(result.changes),
    findings(details.findings ?? []),
    nextSteps(details.next_steps ?? []),
  );
}

function ring(score) {
  const radius = 42;
  const around = 2 * Math.PI * radius;
  const share = (score ?? 0) / 100;
  const circle = (attributes) => svg("circle", { cx: 50, cy: 50, r: radius, fill: "none", "stroke-width": 9, ...attributes });
  return svg(
    "svg",
    { viewBox: "0 0 100 100", class: `ring ${grade(share)}`, role: "img", "aria-label": score === null ? "No overall score" : `Overall score ${score} of 100` },
    circle({ class: "track" }),
    circle({ class: "fill", "stroke-dasharray": `${share * around} ${around}`, "stroke-linecap": score ? "round" : "butt", transform: "rotate(-90 50 50)" }),
    svg("text", { x: 50, y: 52, class: "ring-score" }, score === null ? "–" : String(score)),
    score !== null && svg("text", { x: 50, y: 67, class: "ring-label" }, "of 100"),
  );
}

/** Return the areas with their scores, and a bar whose parts add up to the overall score. */
function contributions(result) {
  const points = result.detailed_scores.contributions ?? {};
  const scores = { ats: result.ats_score, content: result.content_score, formatting: result.formatting_score };
  let left = 0;
  const parts = Object.keys(AREAS).map((area) => {
    const width = Math.max(points[area] ?? 0, 0);
    const part = svg("rect", { x: left, y: 0, width: Math.max(width - 0.4, 0), height: 6, class: `area-${area}` });
    left += width;
    return part;
  });
  const rows = Object.entries(AREAS).map(([area, { name }]) =>
    h(
      "li",
      {},
      svg("svg", { viewBox: "0 0 10 10", class: "swatch", "aria-hidden": "true" }, svg("rect", { width: 10, height: 10, rx: 2, class: `area-${area}` })),
      h("span", { class: "area-name" }, name),
      h("span", { class: "area-score" }, scores[area] == null ? "" : `${scores[area]} of 100`),
      h("span", { class: "area-points" }, points[area] == null ? "" : `${number(points[area])} points`),
    ),
  );
  return h(
    "div",
    { class: "contributions" },
    left > 0 && svg("svg", { viewBox: "0 0 100 6", preserveAspectRatio: "none", class: "stack-bar", "aria-hidden": "true" }, svg("rect", { width: 100, height: 6, class: "track" }), ...parts),
    h("ul", { "aria-label": "Areas, with the points that each gives to the overall score" }, ...rows),
  );
}

function since(changes) {
  if (!changes) return null;
  const { before, after, change } = changes.scores.overall;
  const sentence = change === null ? "" : ` The overall score went from ${before} to ${after} (${difference(change)}).`;
  return h(
    "div",
    { class: "notice" },
    h("p", {}, `Compared with version ${changes.since.resume_version}, `, text("span", changes.since.file_name), ":", sentence, changes.note && ` ${changes.note}`),
  );
}

function findings(list) {
  if (list.length === 0) return null;
  return h(
    "div",
    { class: "findings" },
    h("h2", {}, "To know before reading the scores"),
    h("ul", {}, ...list.map((one) => h("li", {}, text("span", one.detail), one.excerpt && text("blockquote", one.excerpt)))),
  );
}

function nextSteps(steps) {
  if (steps.length === 0) return null;
  return h("div", { class: "next-steps" }, h("h2", {}, "Next steps"), h("ol", {}, ...steps.map((step) => text("li", step))));
}

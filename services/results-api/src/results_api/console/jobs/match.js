// One match: each requirement with its outcome, beside the text of the resume.

import { get } from "../api.js";
import { h, text } from "../dom.js";
import { show } from "../feedback.js";
import { STATUSES, number, percent } from "../format.js";
import { besideText } from "../report/beside-text.js";
import { quotes } from "../report/criteria.js";
import { CAUTION, kindName, outcomeBadge, weightOf } from "./words.js";

export function showMatch(view, jobId, matchId) {
  view.setTitle("Match");
  const body = h("div");
  view.main.append(body);
  show(body, "the match", load, view.signal);

  async function load() {
    const match = await get(`/api/v1/jobs/${jobId}/matches/${matchId}`, { signal: view.signal });
    view.setTitle(match.candidate_name || "No name");
    const sentence = match.failure?.detail ?? match.reason;
    const summary = h(
      "section",
      { class: "panel", "aria-label": "Result" },
      h("p", { class: "match-score" }, match.score === null ? STATUSES[match.status] : `Score ${number(match.score)} of 100`),
      match.assessed !== null && h("p", {}, `${percent(match.assessed)} of the requirements could be assessed.`),
      sentence && text("p", sentence),
      match.requirements.length > 0 && h("p", { class: "hint" }, CAUTION),
    );
    return [
      facts(match),
      besideText({
        names: { report: "Match", back: "Back to the requirement" },
        evidence: match.requirements.flatMap(({ evidence }) => evidence),
        read: () => get(`/api/v1/resume_upload/${match.resume_id}`, { signal: view.signal }),
        signal: view.signal,
        draw: (showQuote) => [summary, requirements(match.requirements, showQuote)].filter(Boolean),
      }),
    ];
  }
}

function facts(match) {
  return h(
    "p",
    { class: "facts" },
    text("a", match.job_title, { href: `#/jobs/${match.job_id}/ranking` }),
    h("span", {}, `Version ${match.job_version} of the job`),
    text("a", match.file_name, { href: `#/candidates/${match.candidate_id}` }),
    h("span", {}, `Version ${match.resume_version}`),
  );
}

function requirements(list, onQuote) {
  if (list.length === 0) return null;
  return h(
    "section",
    { class: "panel area" },
    h("h2", {}, "Requirements"),
    ...list.map((one) =>
      h(
        "article",
        { class: "criterion" },
        h("div", { class: "criterion-head" }, text("h3", one.text), outcomeBadge(one.outcome)),
        h("p", { class: "hint" }, `${kindName(one.kind)}, ${weightOf(one).toLowerCase()}`),
        one.reason && text("p", one.reason),
        quotes(one.evidence, onQuote),
      ),
    ),
  );
}

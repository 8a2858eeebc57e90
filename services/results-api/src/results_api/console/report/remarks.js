// The rest of a report: strengths, suggestions, what could not be assessed, and how it was made.

import { h, text } from "../dom.js";
import { dateTime, inWords } from "../format.js";
import { quotes } from "./criteria.js";

/** Return the sections that follow the criteria. */
export function remarks(result, onQuote) {
  const details = result.detailed_scores;
  const strengths = [details.structure_analysis, details.appeal_analysis].flatMap((one) => one?.feedback?.strengths ?? []);
  return [
    list("Strengths", [...new Set(strengths)]),
    section(
      "What a parser tears apart",
      (details.scrambled ?? []).map((one) => [quotes([one.passage], onQuote), h("p", {}, "A parser reads: ", text("q", one.read_as))]),
    ),
    section(
      "Section by section",
      (details.section_feedback ?? []).map((one) => [h("h3", {}, inWords(one.section)), text("p", one.comment), one.suggestion && text("p", one.suggestion, { class: "fix" })]),
    ),
    section(
      "How it could read",
      (details.rewrites ?? []).map((one) => [quotes([one.original], onQuote), text("p", one.rewrite, { class: "rewrite" }), text("p", one.reason, { class: "hint" })]),
    ),
    list("Not assessed", details.not_assessable ?? []),
    list("Please note", details.notices ?? []),
    origin(result),
  ].filter(Boolean);
}

function section(title, items) {
  if (items.length === 0) return null;
  return h("section", { class: "panel" }, h("h2", {}, title), ...items.map((item) => h("div", { class: "criterion" }, ...item)));
}

function list(title, sentences) {
  if (sentences.length === 0) return null;
  return h("section", { class: "panel" }, h("h2", {}, title), h("ul", {}, ...sentences.map((sentence) => text("li", sentence))));
}

function origin(result) {
  const { rubric_version: rubric } = result.detailed_scores;
  const parts = [`Scored by ${result.ai_model_used}`, rubric && `rubric ${rubric}`, dateTime(result.completed_at)];
  return h("p", { class: "hint origin" }, `${parts.filter(Boolean).join(", ")}.`);
}

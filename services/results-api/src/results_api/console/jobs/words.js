// Words for jobs and matches.

import { h } from "../dom.js";
import { inWords, number } from "../format.js";

const KIND_NAMES = {
  skill: "Skill",
  experience_years: "Years of experience",
  education: "Education",
  language: "Language",
  certificate: "Certificate",
  responsibility: "Responsibility",
  location: "Location",
  permission: "Permission to work",
};
export const KINDS = Object.keys(KIND_NAMES);
export const IMPORTANCES = { must: "Must have", nice_to_have: "Nice to have" };

// A resume shows something or not. It never says that a person lacks it.
const OUTCOMES = { met: "Shown", partly: "Partly shown", not_shown: "Not shown", unknown: "Could not be assessed" };

export const CAUTION = "“Not shown” means that the resume does not show it. The candidate may have it: ask.";
export const INCOMPARABLE =
  "Different versions of the rules gave these scores, so they do not compare. Change the requirements, and match the candidates again.";

export const kindName = (kind) => KIND_NAMES[kind] ?? inWords(kind);
export const importanceName = (importance) => IMPORTANCES[importance] ?? inWords(importance);
export const outcomeName = (outcome) => OUTCOMES[outcome] ?? inWords(outcome);

export function outcomeBadge(outcome) {
  return h("span", { class: `badge outcome-${outcome}` }, outcomeName(outcome));
}

/** Return how much a requirement counts, in words. */
export const weightOf = ({ importance, weight }) => `${importanceName(importance)}, weight ${number(weight)}`;

/** Return the least that a requirement asks for, or an empty string. */
export function minimumOf({ minimum }) {
  if (minimum?.years) return `at least ${number(minimum.years)} years`;
  return minimum?.level ? `at least ${inWords(minimum.level).toLowerCase()}` : "";
}

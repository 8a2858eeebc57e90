// The criteria of a report, by area: points, reason, evidence, and what would raise them.

import { h, svg, text } from "../dom.js";
import { AREAS, criterionName, grade, number, plural } from "../format.js";

// As in the printed report: a longer quote is shown in the resume's text.
const QUOTE_CHARACTERS = 110;

/** Return a section for each area. `onQuote(evidence, button)` shows a quote in the text. */
export function criteriaSections(result, onQuote) {
  const criteria = result.detailed_scores.criteria ?? [];
  return Object.entries(AREAS)
    .map(([area, names]) => [names, criteria.filter((one) => one.area === area)])
    .filter(([, own]) => own.length > 0)
    .map(([names, own]) => section(names, own, onQuote));
}

function section({ name, question }, criteria, onQuote) {
  const assessed = criteria.filter((one) => one.points !== null);
  const open = assessed.filter((one) => one.points < one.max).sort((one, other) => other.max - other.points - (one.max - one.points));
  const full = assessed.filter((one) => one.points >= one.max);
  const skipped = criteria.filter((one) => one.points === null);
  return h(
    "section",
    { class: "panel area" },
    h("h2", {}, name, h("span", { class: "hint" }, ` ${question}`)),
    ...open.map((one) => criterion(one, onQuote)),
    folded(`${plural(full.length, "criterion", "criteria")} with all points`, full, onQuote),
    folded(`${plural(skipped.length, "criterion", "criteria")} not assessed`, skipped, onQuote),
  );
}

function folded(title, criteria, onQuote) {
  if (criteria.length === 0) return null;
  return h("details", {}, h("summary", {}, title), ...criteria.map((one) => criterion(one, onQuote)));
}

function criterion(one, onQuote) {
  const isAssessed = one.points !== null;
  const share = isAssessed && one.max ? one.points / one.max : 0;
  return h(
    "article",
    { class: "criterion" },
    h(
      "div",
      { class: "criterion-head" },
      h("h3", {}, criterionName(one.id)),
      one.method === "model" && h("span", { class: "badge" }, "language model"),
      isAssessed && bar(share),
      h("span", { class: "points" }, isAssessed ? `${number(one.points)} of ${number(one.max)}` : "not assessed"),
    ),
    text("p", one.reason),
    one.fix && h("p", { class: "fix" }, text("span", one.fix), one.potential_gain > 0 && h("strong", {}, ` +${number(one.potential_gain)} overall`)),
    quotes(one.evidence ?? [], onQuote),
  );
}

/** Return buttons that show their quote in the resume's text. */
export function quotes(evidence, onQuote) {
  if (evidence.length === 0) return null;
  return h(
    "ul",
    { class: "quotes" },
    ...evidence.map((one) => {
      const words = one.quote.replace(/\s+/g, " ").trim();
      const shown = words.length > QUOTE_CHARACTERS ? `${words.slice(0, QUOTE_CHARACTERS).trimEnd()}…` : words;
      const page = one.page && h("bdi", { class: "hint" }, ` page ${one.page}`);
      const button = h("button", { type: "button", class: "quote" }, text("q", shown, { dir: null }), page);
      button.addEventListener("click", () => onQuote(one, button));
      return h("li", { dir: "auto" }, button);
    }),
  );
}

function bar(share) {
  return svg(
    "svg",
    { viewBox: "0 0 100 6", preserveAspectRatio: "none", class: `bar ${grade(share)}`, "aria-hidden": "true" },
    svg("rect", { width: 100, height: 6, rx: 3, class: "track" }),
    svg("rect", { width: Math.round(share * 100), height: 6, rx: 3, class: "fill" }),
  );
}

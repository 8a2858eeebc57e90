// The ranking of the candidates of a job, and the progress of their matches.

import { get } from "../api.js";
import { h, text } from "../dom.js";
import { announce, emptyPanel, errorPanel, pager, show, withBusy } from "../feedback.js";
import { difference, number, percent, plural } from "../format.js";
import { CONNECTIONS, followMatches } from "../live.js";
import { saveFile } from "../save-file.js";
import { statusBadge } from "../views/analyses.js";
import { matchAllButton } from "./matching.js";
import { INCOMPARABLE, outcomeName } from "./words.js";

const PAGE_SIZE = 20;
const MOST_COMPARED = 5;
// Requests of matches arrive within a second or two. One whose resume was deleted meanwhile never does.
const ARRIVAL_MS = 30_000;

const totalOf = ({ pending, completed, failed, cancelled }) => pending + completed + failed + cancelled;

export function showRanking(view, jobId) {
  view.setTitle("Ranking");
  const page = Math.max(1, Number.parseInt(view.query.get("page") ?? "1", 10) || 1);
  const errors = h("div");
  const progress = h("div");
  const body = h("div");
  let following = new AbortController();
  view.main.append(progress, errors, body);
  start(Number.parseInt(view.query.get("expected") ?? "0", 10) || 0);

  /** Show the ranking, and follow the matches until as many as expected have ended. */
  function start(expected) {
    following.abort();
    following = new AbortController();
    const signal = AbortSignal.any([view.signal, following.signal]);
    const since = Date.now();
    const isFinal = ({ counts }) => counts.pending === 0 && (totalOf(counts) >= expected || Date.now() - since > ARRIVAL_MS);
    progress.replaceChildren();
    return show(body, "the ranking", load, signal);

    async function load() {
      const ranking = await read();
      if (!isFinal(ranking)) followToTheEnd(ranking);
      return draw(ranking, isFinal(ranking));
    }

    async function followToTheEnd(ranking) {
      const panel = progressPanel(() => show(body, "the ranking", async () => draw(await read(), false), signal));
      progress.replaceChildren(panel.element);
      panel.show(ranking.counts, expected);
      try {
        await followMatches(jobId, {
          signal,
          isFinal,
          onConnection: panel.showConnection,
          onStatus: ({ counts }) => panel.show(counts, expected),
        });
        if (signal.aborted) return;
        // The button that was focused is gone.
        if ([progress, body].some((place) => place.contains(document.activeElement))) view.main.querySelector("h1").focus();
        progress.replaceChildren();
        await show(body, "the ranking", async () => draw(await read(), true), signal);
        announce("The candidates are matched.");
      } catch (error) {
        if (!signal.aborted) progress.replaceChildren(errorPanel(error, () => start(expected)));
      }
    }
  }

  async function read() {
    const ranking = await get(`/api/v1/jobs/${jobId}/ranking?page=${page}&page_size=${PAGE_SIZE}`, { signal: view.signal });
    view.setTitle(`Ranking: ${ranking.job_title}`);
    return ranking;
  }

  function draw(ranking, isComplete) {
    const match = matchAllButton(jobId, errors, {
      onAccepted: (count) => {
        view.main.querySelector("h1").focus();
        start(count);
      },
    });
    const job = h("a", { class: "button", href: `#/jobs/${jobId}` }, "Requirements");
    if (totalOf(ranking.counts) === 0) {
      if (!isComplete) return [];
      return emptyPanel("Nobody is matched yet", `No candidate is matched with version ${ranking.job_version} of this job.`, h("div", { class: "actions centred" }, match, job));
    }
    const csv = h("button", { type: "button", class: "button" }, "Download as CSV");
    csv.addEventListener("click", () => withBusy(csv, errors, () => saveFile(`/api/v1/jobs/${jobId}/ranking?format=csv&job_version=${ranking.job_version}`, "ranking.csv")));
    return [
      facts(ranking),
      h("div", { class: "actions" }, match, job, ranking.total_count + ranking.not_assessed_count > 0 && csv),
      !ranking.is_comparable && h("p", { class: "notice" }, INCOMPARABLE),
      ...ranked(ranking, jobId),
      pager({ page, pageSize: PAGE_SIZE, total: ranking.total_count, link: (to) => `#/jobs/${jobId}/ranking?page=${to}` }),
      notAssessed(ranking, jobId),
    ].filter(Boolean);
  }
}

function facts({ job_version: version, counts }) {
  const numbers = [
    [counts.scored, "with a score"],
    [counts.completed - counts.scored, "not assessed"],
    [counts.failed, "failed"],
    [counts.cancelled, "cancelled"],
    [counts.pending, "waiting"],
  ].filter(([count]) => count > 0);
  return h("p", { class: "facts" }, h("span", {}, `Version ${version} of the job`), ...numbers.map(([count, what]) => h("span", {}, `${count} ${what}`)));
}

function progressPanel(onRefresh) {
  const bar = h("progress", { "aria-label": "Matched candidates" });
  const sentence = h("p");
  const connection = h("p", { class: "hint" }, "Connecting…");
  const element = h(
    "section",
    { class: "panel" },
    h("h2", {}, "Matching in progress"),
    sentence,
    bar,
    connection,
    h("button", { type: "button", class: "button", onclick: onRefresh }, "Show the ranking so far"),
  );
  return {
    element,
    show(counts, expected) {
      const total = Math.max(totalOf(counts), expected);
      const ended = totalOf(counts) - counts.pending;
      bar.max = total;
      bar.value = ended;
      sentence.textContent = `${ended} of ${plural(total, "candidate")} matched. You may leave this page.`;
    },
    showConnection: (how) => { connection.textContent = CONNECTIONS[how]; },
  };
}

/** Return the table, with boxes to choose whom to compare. */
function ranked({ ranked: rows, total_count: total }, jobId) {
  if (rows.length === 0) {
    return [h("p", { class: "panel" }, total > 0 ? "The ranking has become shorter. Go back to its first page." : "No candidate has a score yet.")];
  }
  const chosen = new Set();
  const compare = h("button", { type: "button", class: "button" }, "Compare");
  const hint = h("span", { class: "hint" });
  const canCompare = () => chosen.size >= 2 && chosen.size <= MOST_COMPARED;
  const ties = new Set(rows.map(({ rank }) => rank).filter((rank, index, all) => all.indexOf(rank) !== index));
  compare.addEventListener("click", () => {
    if (canCompare()) location.hash = `#/jobs/${jobId}/comparison?${new URLSearchParams([...chosen].map((id) => ["match_id", id]))}`;
  });
  drawChoice();

  function drawChoice() {
    compare.setAttribute("aria-disabled", String(!canCompare()));
    hint.textContent = canCompare() ? "" : `Choose 2 to ${MOST_COMPARED} candidates to compare (${chosen.size} chosen).`;
  }

  function box(one) {
    const input = h("input", { type: "checkbox", "aria-label": `Compare ${one.candidate_name}` });
    input.addEventListener("change", () => {
      if (input.checked) chosen.add(one.match_id);
      else chosen.delete(one.match_id);
      drawChoice();
    });
    return input;
  }

  const columns = ["Candidate", "Rank", "Score", "Assessed", "What decides"];
  const table = h(
    "table",
    { class: "list ranking" },
    h("caption", { class: "visually-hidden" }, "Candidates by score"),
    h(
      "thead",
      {},
      h("tr", {}, h("th", { scope: "col" }, h("span", { class: "visually-hidden" }, "Compare")), ...columns.map((name) => h("th", { scope: "col" }, name))),
    ),
    h(
      "tbody",
      {},
      ...rows.map((one) =>
        h(
          "tr",
          {},
          h("td", { class: "box" }, box(one)),
          h("th", { scope: "row" }, candidateLink(one, jobId)),
          h("td", { "data-label": "Rank" }, h("span", {}, number(one.rank), ties.has(one.rank) && " (tied)")),
          h("td", { "data-label": "Score" }, h("span", { class: "score" }, number(one.score))),
          h("td", { "data-label": "Assessed" }, percent(one.assessed)),
          h("td", { "data-label": "What decides" }, decides(one.decides)),
        ),
      ),
    ),
  );
  return [
    h("p", { class: "hint" }, "The score counts what a resume shows of the requirements, from 0 to 100. “Assessed” is the share of the requirements that could be assessed."),
    table,
    rows.length > 1 && h("div", { class: "actions" }, compare, hint),
  ].filter(Boolean);
}

/** Return what decides between a candidate and the next lower one. */
function decides(found) {
  if (!found) return "–";
  return h(
    "div",
    {},
    h("p", { class: "hint" }, "Above ", text("span", found.lower_candidate_name), ` (${number(found.lower_score)}):`),
    h(
      "ul",
      { class: "decides" },
      ...found.requirements.map((one) =>
        h(
          "li",
          {},
          h("strong", { class: one.points > 0 ? "up" : "down" }, difference(one.points)),
          " ",
          text("bdi", one.text),
          h("span", { class: "hint" }, ` ${outcomeName(one.outcome)}, there: ${outcomeName(one.lower_outcome).toLowerCase()}`),
        ),
      ),
    ),
  );
}

function notAssessed({ not_assessed: rows, not_assessed_count: total }, jobId) {
  if (rows.length === 0) return null;
  return h(
    "section",
    { class: "panel" },
    h("h2", {}, "Not assessed"),
    h("p", { class: "hint" }, "These candidates have no score, so nobody compared them. That says nothing about them."),
    h(
      "ul",
      { class: "apart" },
      ...rows.map((one) => h("li", {}, candidateLink(one, jobId), " ", one.status === "failed" && statusBadge(one.status), one.reason && text("p", one.reason))),
    ),
    total > rows.length && h("p", { class: "hint" }, `and ${total - rows.length} more`),
  );
}

function candidateLink(one, jobId) {
  return h("div", {}, text("a", one.candidate_name || "No name", { href: `#/jobs/${jobId}/matches/${one.match_id}` }), text("div", one.file_name, { class: "hint" }));
}

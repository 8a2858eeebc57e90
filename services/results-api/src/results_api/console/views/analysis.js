// One analysis: its progress while it runs, then the report beside the text of the resume.

import { get, remove } from "../api.js";
import { h, text } from "../dom.js";
import { announce, errorPanel, show, withBusy } from "../feedback.js";
import { STATUSES, dateTime, industryName } from "../format.js";
import { CONNECTIONS, followAnalysis, hasEnded } from "../live.js";
import { actions } from "../report/actions.js";
import { besideText } from "../report/beside-text.js";
import { criteriaSections } from "../report/criteria.js";
import { overview } from "../report/overview.js";
import { remarks } from "../report/remarks.js";

export function showAnalysis(view, analysisId) {
  view.setTitle("Analysis");
  const body = h("div");
  view.main.append(body);
  show(body, "the analysis", load, view.signal);

  async function load() {
    // request-api knows what was requested. Without it, the result can still be shown.
    const [status, request] = await Promise.all([
      get(`/api/v1/analysis/analysis/${analysisId}/status`, { signal: view.signal }),
      get(`/api/v1/analysis/requests/${analysisId}`, { signal: view.signal }).catch(() => null),
    ]);
    if (request) view.setTitle(request.file_name);
    return hasEnded(status) ? ended(status, request) : running(status, request);
  }

  function running(status, request) {
    const progress = progressPanel(status, cancel);
    followToTheEnd();
    return [facts(request), progress.element];

    async function followToTheEnd() {
      try {
        await followAnalysis(analysisId, {
          signal: view.signal,
          onConnection: (how) => progress.showConnection(how),
          onStatus: (changed) => {
            if (!hasEnded(changed)) {
              progress.show(changed);
              return;
            }
            const hadFocus = progress.element.contains(document.activeElement);
            body.replaceChildren(...ended(changed, request));
            // The button that was focused is gone.
            if (hadFocus) view.main.querySelector("h1").focus();
            const score = changed.result?.overall_score;
            announce(`${STATUSES[changed.status]}.${score == null ? "" : ` The overall score is ${score} of 100.`}`);
          },
        });
      } catch (error) {
        if (!view.signal.aborted) body.replaceChildren(errorPanel(error, () => show(body, "the analysis", load, view.signal)));
      }
    }

    async function cancel(button, errors) {
      await withBusy(button, errors, () => remove(`/api/v1/analysis/${analysisId}/cancel`));
    }
  }

  function ended(status, request) {
    const buttons = actions({ analysisId, request, hasResult: status.result !== null, changes: status.result?.changes });
    if (status.result === null) {
      return [
        facts(request),
        h("div", { class: `panel ${status.status === "cancelled" ? "" : "error"}` }, h("h2", {}, STATUSES[status.status]), text("p", status.detail)),
        buttons,
      ];
    }
    return [facts(request), buttons, report(status.result, request)];
  }

  function report(result, request) {
    const details = result.detailed_scores;
    return besideText({
      names: { report: "Report", back: "Back to the criterion" },
      evidence: [...(details.criteria ?? []), ...(details.findings ?? [])].flatMap((one) => one.evidence ?? []),
      read: request && (() => get(`/api/v1/resume_upload/${request.resume_id}`, { signal: view.signal })),
      signal: view.signal,
      draw: (showQuote) => [overview(result), ...criteriaSections(result, showQuote), ...remarks(result, showQuote)],
    });
  }
}

function facts(request) {
  if (!request) return h("p", { class: "facts" });
  return h(
    "p",
    { class: "facts" },
    text("a", request.candidate_name, { href: `#/candidates/${request.candidate_id}` }),
    h("span", {}, `Version ${request.resume_version}`),
    h("span", {}, industryName(request.industry ?? "unspecified")),
    h("span", {}, dateTime(request.requested_at)),
  );
}

function progressPanel(status, cancel) {
  const steps = ["pending", "processing", "completed"];
  const list = h("ol", { class: "steps" }, ...steps.map((step) => h("li", {}, STATUSES[step])));
  const connection = h("p", { class: "hint" }, "Connecting…");
  const errors = h("div");
  const button = h("button", { type: "button", class: "button", onclick: () => cancel(button, errors) }, "Cancel the analysis");
  const sentence = h("p");
  const element = h("div", { class: "panel progress" }, h("h2", {}, "Analysis in progress"), list, sentence, connection, errors, button);

  function showStatus(changed) {
    sentence.textContent =
      changed.status === "processing" ? "The resume is being read and scored." : "The request is accepted. It is analysed as soon as it is its turn; you may leave this page.";
    steps.forEach((step, index) => {
      list.children[index].className = index < steps.indexOf(changed.status) ? "done" : "";
      if (step === changed.status) list.children[index].setAttribute("aria-current", "step");
      else list.children[index].removeAttribute("aria-current");
    });
    announce(`${STATUSES[changed.status]}.`);
  }

  showStatus(status);
  return { element, show: showStatus, showConnection: (how) => { connection.textContent = CONNECTIONS[how]; } };
}

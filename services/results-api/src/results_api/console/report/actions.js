// What one can do with an analysis: download, compare, analyse again, delete.

import { get, pause, remove, send } from "../api.js";
import { h, text } from "../dom.js";
import { announce, formDialog, withBusy } from "../feedback.js";
import { saveFile } from "../save-file.js";
import { analysisOptions, requestAnalysis } from "../views/new-resume.js";

const GONE_MS = 5_000;

/** Return the buttons below the heading of an analysis. */
export function actions({ analysisId, request, hasResult, changes }) {
  const errors = h("div");
  const button = (label, action, kind = "") => {
    const element = h("button", { type: "button", class: `button ${kind}` }, label);
    element.addEventListener("click", () => action(element));
    return element;
  };
  const buttons = [];
  if (hasResult) {
    buttons.push(button("Report as PDF", (element) => save(element, errors, `/api/v1/analysis/analysis/${analysisId}/report?format=pdf`, "report.pdf")));
  }
  if (request) {
    buttons.push(button("Blind CV", (element) => save(element, errors, `/api/v1/resume_upload/${request.resume_id}/blind?format=docx`, "blind-cv.docx")));
  }
  if (changes) {
    buttons.push(h("a", { class: "button", href: `#/compare/${changes.since.analysis_id}/${analysisId}` }, `Compare with version ${changes.since.resume_version}`));
  }
  if (request) {
    buttons.push(button("Analyse again", (element) => analyseAgain(element, errors, request)), button("Delete", () => deleteResume(request), "danger-quiet"));
  }
  return h("div", {}, h("div", { class: "actions" }, ...buttons), errors);
}

function save(button, errors, path, fallbackName) {
  return withBusy(button, errors, async () => {
    const headers = await saveFile(path, fallbackName);
    if (headers.get("Blind-Name-Found") === "false") {
      errors.replaceChildren(h("p", { class: "notice", role: "status" }, "No name was recognised in this resume. Check the document before you send it to anybody."));
    }
  });
}

async function analyseAgain(button, errors, request) {
  let limits = null;
  await withBusy(button, errors, async () => {
    limits = await get("/api/v1/analysis/config/limits");
  });
  if (limits === null) return;
  const options = analysisOptions(limits, { industry: request.industry });
  const accepted = await formDialog({
    title: "Analyse again",
    body: options.element,
    submit: "Analyse",
    action: () => requestAnalysis(request.resume_id, options.read()),
  });
  if (accepted !== null) location.hash = `#/analyses/${accepted.analysis_id}`;
}

/**
 * Wait until the lists do not show an erased analysis any more: results-api learns of it by an event. The resume
 * is deleted already, so after the deadline the lists come anyway.
 */
async function untilGone(analysisId) {
  const signal = AbortSignal.timeout(GONE_MS);
  while (!signal.aborted) {
    try {
      await send("GET", `/api/v1/analysis/analysis/${analysisId}/status`, { signal });
    } catch (error) {
      if (error.status === 404) return;
    }
    await pause(250, signal);
  }
}

async function deleteResume(request) {
  const isDeleted = await formDialog({
    title: "Delete this resume?",
    body: h(
      "div",
      {},
      h("p", {}, text("strong", request.file_name), `, version ${request.resume_version}, is deleted with its text, all its analyses and their results.`),
      h("p", {}, "This cannot be undone."),
    ),
    submit: "Delete for good",
    isDangerous: true,
    action: async () => {
      await remove(`/api/v1/resume_upload/${request.resume_id}`);
      await untilGone(request.analysis_id);
    },
  });
  if (isDeleted === null) return;
  announce("The resume was deleted.");
  location.hash = `#/candidates/${request.candidate_id}`;
}

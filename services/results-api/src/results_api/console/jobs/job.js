// One job: its requirements, what was left out of them, and its text.

import { get, remove } from "../api.js";
import { h, text } from "../dom.js";
import { announce, formDialog, show } from "../feedback.js";
import { dateTime, inWords, plural } from "../format.js";
import { matchAllButton } from "./matching.js";
import { requirementsForm } from "./requirements.js";

const GROUNDS = {
  age: "It asks for an age.",
  gender: "It asks for a gender.",
  nationality: "It asks for a nationality.",
  health: "It asks for a state of health.",
  family: "It asks about family.",
  instruction: "It is an instruction to a language model.",
};

export function showJob(view, jobId) {
  view.setTitle("Job");
  const body = h("div");
  view.main.append(body);
  show(body, "the job", load, view.signal);

  async function load() {
    return draw(await get(`/api/v1/jobs/${jobId}`, { signal: view.signal }));
  }

  function draw(job) {
    view.setTitle(job.title);
    const requirements = requirementsForm(job, {
      onSaved: (saved) => {
        body.replaceChildren(...draw(saved));
        // The button that was focused is gone.
        view.main.querySelector("h1").focus();
        announce(saved.version === job.version ? "Nothing had changed." : `Saved as version ${saved.version}.`);
      },
      onReload: () => {
        view.main.querySelector("h1").focus();
        show(body, "the job", load, view.signal);
      },
    });
    return [facts(job), actions(job, requirements), requirements.element, leftOut(job), words(job)].filter(Boolean);
  }

  function actions(job, requirements) {
    const errors = h("div");
    const match = matchAllButton(jobId, errors, {
      onAccepted: (count) => { location.hash = `#/jobs/${jobId}/ranking?expected=${count}`; },
      refusal: () => (requirements.isChanged() ? "Save the requirements first. Candidates are matched with the saved ones." : null),
    });
    return h(
      "div",
      {},
      h(
        "div",
        { class: "actions" },
        job.status === "open" && match,
        h("a", { class: "button", href: `#/jobs/${jobId}/ranking` }, "Ranking"),
        h("button", { type: "button", class: "button danger-quiet", onclick: () => deleteJob(job) }, "Delete"),
      ),
      errors,
    );
  }
}

function facts(job) {
  return h(
    "p",
    { class: "facts" },
    h("span", {}, `Version ${job.version}`),
    h("span", {}, plural(job.requirements.length, "requirement")),
    job.status !== "open" && h("span", {}, inWords(job.status)),
    h("span", {}, dateTime(job.written_at)),
  );
}

function leftOut({ left_out: passages, dropped }) {
  if (passages.length === 0 && dropped === 0) return null;
  return h(
    "section",
    { class: "panel left-out" },
    h("h2", {}, "Left out"),
    passages.length > 0 && h("p", { class: "hint" }, "These passages must not decide about a person. Nobody is matched with them."),
    passages.length > 0 && h("ul", {}, ...passages.map((one) => h("li", {}, text("q", one.quote), h("p", { class: "hint" }, GROUNDS[one.ground] ?? inWords(one.ground))))),
    dropped > 0 && h("p", { class: "notice" }, `The text has ${plural(dropped, "requirement")} more than a job can have.`),
  );
}

function words(job) {
  return h("details", { class: "panel" }, h("summary", {}, "Text of the job"), text("div", job.text, { class: "text-words" }));
}

async function deleteJob(job) {
  const isDeleted = await formDialog({
    title: "Delete this job?",
    body: h("div", {}, h("p", {}, text("strong", job.title), " is deleted with all its versions and matches."), h("p", {}, "This cannot be undone.")),
    submit: "Delete for good",
    isDangerous: true,
    action: () => remove(`/api/v1/jobs/${job.id}`),
  });
  if (isDeleted === null) return;
  announce("The job was deleted.");
  location.hash = "#/jobs";
}

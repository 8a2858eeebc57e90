// The list of jobs, and the form for a new one.

import { Problem, get, postOnce, upload } from "../api.js";
import { h, text } from "../dom.js";
import { announce, emptyPanel, field, formDialog, pager, show } from "../feedback.js";
import { dateTime, inWords, number } from "../format.js";
import { KINDS, refusal } from "../views/new-resume.js";

const PAGE_SIZE = 20;

export function showJobs(view) {
  view.setTitle("Jobs");
  const page = Math.max(1, Number.parseInt(view.query.get("page") ?? "1", 10) || 1);
  const list = h("div");
  const add = () => h("button", { type: "button", class: "button primary", onclick: addJob }, "Add a job");
  view.main.prepend(h("div", { class: "heading" }, view.main.firstChild, add()));
  view.main.append(list);
  show(list, "jobs", load, view.signal);

  async function load() {
    const { jobs, total_count: total } = await get(`/api/v1/jobs?page=${page}&page_size=${PAGE_SIZE}`, { signal: view.signal });
    if (jobs.length === 0) {
      if (page > 1) return emptyPanel("Nothing on this page", "The list has become shorter.", h("a", { class: "button", href: "#/jobs" }, "First page"));
      return emptyPanel("No jobs yet", "Add a job. Its requirements are read from its text, and your candidates can be matched with them.", add());
    }
    return [table(jobs), pager({ page, pageSize: PAGE_SIZE, total, link: (to) => `#/jobs?page=${to}` })].filter(Boolean);
  }
}

function table(jobs) {
  const columns = ["Title", "Requirements", "Status", "Changed"];
  return h(
    "table",
    { class: "list" },
    h("caption", { class: "visually-hidden" }, "Jobs, newest first"),
    h("thead", {}, h("tr", {}, ...columns.map((name) => h("th", { scope: "col" }, name)))),
    h(
      "tbody",
      {},
      ...jobs.map((one) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, text("a", one.title, { href: `#/jobs/${one.id}` })),
          h("td", { "data-label": "Requirements" }, number(one.requirements)),
          h("td", { "data-label": "Status" }, inWords(one.status)),
          h("td", { "data-label": "Changed" }, h("time", { datetime: one.written_at }, dateTime(one.written_at))),
        ),
      ),
    ),
  );
}

async function addJob() {
  let limits = null;
  const title = h("input", { autocomplete: "off", maxlength: "200", dir: "auto" });
  const words = h("textarea", { rows: "10", maxlength: "20000", dir: "auto" });
  const file = h("input", { type: "file", accept: Object.keys(KINDS).join(",") });
  const created = await formDialog({
    title: "Add a job",
    submit: "Add",
    body: h(
      "div",
      { class: "stack" },
      field("Title", title),
      field("Text", words, "The job description, one requirement a line. Up to 20,000 characters."),
      field("Or a file instead of the text", file, Object.values(KINDS).join(", ")),
    ),
    action: async () => {
      const chosen = file.files[0] ?? null;
      if (chosen !== null && words.value.trim() !== "") throw unusable("Give the text or a file, not both.");
      if (chosen === null) return postOnce("/api/v1/jobs", { title: title.value, text: words.value });
      limits ??= await get("/api/v1/analysis/config/limits");
      const refused = refusal(chosen, limits);
      if (refused) throw unusable(refused);
      return upload("/api/v1/jobs", chosen, { title: title.value });
    },
  });
  if (created === null) return;
  announce(`${created.title} was added.`);
  location.hash = `#/jobs/${created.id}`;
}

const unusable = (detail) => new Problem({ status: 422, title: "Unprocessable", detail });

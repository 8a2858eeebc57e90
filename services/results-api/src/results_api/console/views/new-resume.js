// Choose a resume and how it is analysed, upload it, and request the analysis.

import { postOnce, upload } from "../api.js";
import { h, uniqueId } from "../dom.js";
import { announce, field, withBusy } from "../feedback.js";
import { fileSize, industryName } from "../format.js";

export const KINDS = { ".pdf": "PDF", ".docx": "DOCX", ".txt": "TXT" };
const DEPTHS = [
  ["quick", "Quick", "rules only"],
  ["standard", "Standard", "asks a language model once, if there is one"],
  ["deep", "Deep", "asks three times, and suggests rewrites"],
];
const LANGUAGES = [
  ["", "Default of this system"],
  ["resume", "Language of the resume"],
  ["en", "English"],
  ["ja", "Japanese (日本語)"],
];

/** Return the section in which a resume is dropped, uploaded and sent to analysis. */
export function newResume(candidateId, limits) {
  const options = analysisOptions(limits);
  const errors = h("div");
  const name = h("p", { class: "chosen" });
  const input = h("input", { type: "file", class: "visually-hidden", accept: Object.keys(KINDS).join(","), id: uniqueId("file") });
  const submit = h("button", { class: "button primary" }, "Upload and analyse");
  const zone = h(
    "label",
    { class: "drop", for: input.id },
    h("strong", {}, "Drop a resume here, or choose a file"),
    h("span", { class: "hint" }, `${Object.values(KINDS).join(", ")}; up to ${limits.max_file_size_mb} MB`),
    name,
  );
  let chosen = null;
  // An upload that succeeded is not repeated if its analysis was refused.
  let sent = null;

  function choose(file) {
    chosen = file ?? null;
    sent = null;
    errors.replaceChildren();
    zone.classList.toggle("has-file", chosen !== null);
    name.textContent = chosen ? `${chosen.name} (${fileSize(chosen.size)})` : "";
    if (chosen) announce(`${chosen.name} is chosen.`);
  }

  input.addEventListener("change", () => choose(input.files[0]));
  for (const kind of ["dragenter", "dragover"]) zone.addEventListener(kind, (event) => over(event, true));
  for (const kind of ["dragleave", "drop"]) zone.addEventListener(kind, (event) => over(event, false));
  zone.addEventListener("drop", (event) => choose(event.dataTransfer.files[0]));

  function over(event, isOver) {
    event.preventDefault();
    zone.classList.toggle("over", isOver);
  }

  const form = h("form", { class: "panel new-resume" }, h("h2", {}, "New resume"), input, zone, options.element, errors, h("div", {}, submit));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const refused = refusal(chosen, limits);
    if (refused) {
      errors.replaceChildren(h("p", { class: "panel error", role: "alert" }, refused));
      input.focus();
      return;
    }
    withBusy(submit, errors, async () => {
      if (sent === null) {
        submit.textContent = "Reading the file…";
        announce("The file is being read.");
      }
      try {
        sent ??= (await upload(`/api/v1/resume_upload/candidates/${candidateId}/resumes`, chosen)).id;
        const { analysis_id: analysisId } = await requestAnalysis(sent, options.read());
        location.hash = `#/analyses/${analysisId}`;
      } finally {
        submit.textContent = "Upload and analyse";
      }
    });
  });
  return form;
}

/** Return the reason why a file cannot be sent, or null. The service checks it again, by its bytes. */
export function refusal(file, limits) {
  if (file === null) return "Choose a file first.";
  const extension = file.name.slice(file.name.lastIndexOf(".")).toLowerCase();
  if (!(extension in KINDS)) return `This file is not a ${Object.values(KINDS).join(", ")}. Save it as one of these, and try again.`;
  if (file.size > limits.max_file_size_mb * 1024 * 1024) return `The file has ${fileSize(file.size)}; up to ${limits.max_file_size_mb} MB are accepted.`;
  return null;
}

export const requestAnalysis = (resumeId, options) => postOnce(`/api/v1/analysis/resumes/${resumeId}/analyze`, options);

/** Return fields for industry, depth and language, and `read` for what was chosen. */
export function analysisOptions(limits, { industry: preset } = {}) {
  // Some industries have two names, for older clients.
  const industries = [...new Map(limits.supported_industries.toReversed().map((id) => [industryName(id), id]))].sort();
  const industry = h("select", {}, ...industries.map(([name, id]) => h("option", { value: id, selected: id === preset }, name)));
  const language = h("select", {}, ...LANGUAGES.map(([value, name]) => h("option", { value }, name)));
  const group = uniqueId("depth");
  const depths = DEPTHS.map(([value, name, hint]) =>
    h(
      "label",
      { class: "check" },
      h("input", { type: "radio", name: group, value, checked: value === "standard" }),
      h("span", {}, name, h("span", { class: "hint" }, ` – ${hint}`)),
    ),
  );
  const depth = h("fieldset", { class: "field" }, h("legend", {}, "Depth"), ...depths);
  return {
    element: h("div", { class: "fields" }, field("Target industry", industry), field("Language of the report", language), depth),
    read: () => ({
      industry: industry.value,
      analysis_depth: depth.querySelector("input:checked").value,
      ...(language.value && { report_language: language.value }),
    }),
  };
}

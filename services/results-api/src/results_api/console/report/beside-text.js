// A report beside the text of its resume. A narrow screen has room for one of them, and buttons to switch.

import { h } from "../dom.js";
import { resumeText } from "./resume-text.js";

/**
 * Return the report and the text. `draw` returns the sections of the report; it is given a function that shows a
 * quote in the text. `read` loads the resume.
 */
export function besideText({ names, evidence, read, signal, draw }) {
  const panes = ["report", "text"];
  const pane = resumeText(evidence, names.back, () => switchTo("report"));
  const sheet = h("div", { class: "report" }, ...draw(showQuote));
  const switches = panes.map((which) =>
    h(
      "button",
      { type: "button", class: "button", "aria-pressed": String(which === "report"), onclick: () => switchTo(which) },
      which === "report" ? names.report : "Resume text",
    ),
  );
  const beside = h("div", { class: "beside", "data-pane": "report" }, sheet, pane.element);

  function switchTo(which) {
    beside.dataset.pane = which;
    switches.forEach((button, index) => button.setAttribute("aria-pressed", String(panes[index] === which)));
  }

  function showQuote(quote, button) {
    switchTo("text");
    pane.reveal(quote, button);
  }

  pane.load(read, signal);
  return h("div", {}, h("div", { class: "switch", role: "group", "aria-label": "Shown" }, ...switches), beside);
}

// The text of the resume, with the evidence of the report highlighted.

import { h, text } from "../dom.js";
import { announce, errorPanel, loadingPanel } from "../feedback.js";

/** Return the pane beside a report. `onBack` is called before the focus returns to the report. */
export function resumeText(evidence, backName, onBack) {
  let opener = null;
  const back = h("button", { type: "button", class: "button", hidden: true, onclick: goBack }, backName);
  const content = h("div", { class: "text-content", tabindex: "0", role: "region", "aria-label": "Text of the resume" });
  const element = h(
    "section",
    { class: "panel text-pane", "aria-label": "Resume" },
    h("div", { class: "heading" }, h("h2", {}, "Resume text"), back),
    content,
  );

  function goBack() {
    back.hidden = true;
    onBack();
    opener?.focus();
  }

  return {
    element,

    /** Load the text. Without `read` nobody can be asked for it. */
    async load(read, signal) {
      content.replaceChildren(loadingPanel("the text"));
      try {
        if (!read) throw Object.assign(new Error(), { isMissing: true });
        const { extracted_text: words } = await read();
        content.replaceChildren(words ? marked(words, evidence) : h("p", { class: "hint" }, "No text was read from this file."));
      } catch (error) {
        if (signal.aborted) return;
        const missing = h("p", { class: "hint" }, "The text of this resume is not available, so its evidence cannot be shown in place.");
        content.replaceChildren(error.isMissing || error.status === 404 ? missing : errorPanel(error, () => this.load(read, signal)));
      }
    },

    /** Scroll to a quote and emphasize it. */
    reveal(quote, button) {
      for (const mark of content.querySelectorAll("mark.active")) mark.classList.remove("active");
      const marks = [...content.querySelectorAll("mark")].filter((mark) => Number(mark.dataset.start) >= quote.start && Number(mark.dataset.end) <= quote.end);
      opener?.classList.remove("shown");
      button.classList.add("shown");
      opener = button;
      back.hidden = false;
      if (marks.length === 0) {
        announce("This quote was not found in the text.");
        content.focus();
        return;
      }
      for (const mark of marks) mark.classList.add("active");
      marks[0].tabIndex = -1;
      marks[0].focus({ preventScroll: true });
      marks[0].scrollIntoView({ block: "center" });
    },
  };
}

/** Return the text in pieces, those that are evidence as marks. Positions count characters, not UTF-16 units. */
function marked(words, evidence) {
  const characters = Array.from(words);
  const places = evidence.filter(({ start, end }) => start >= 0 && start < end && end <= characters.length);
  const covered = new Int32Array(characters.length + 1);
  const edges = new Set([0, characters.length]);
  for (const { start, end } of places) {
    covered[start] += 1;
    covered[end] -= 1;
    edges.add(start).add(end);
  }
  const pieces = [];
  const sorted = [...edges].sort((one, other) => one - other);
  let depth = 0;
  sorted.slice(0, -1).forEach((start, index) => {
    const end = sorted[index + 1];
    depth += covered[start];
    const piece = characters.slice(start, end).join("");
    pieces.push(depth > 0 ? h("mark", { "data-start": start, "data-end": end }, piece) : piece);
  });
  const whole = text("div", words, { class: "text-words" });
  whole.replaceChildren(...pieces);
  return whole;
}

// Request the matches of a job.

import { postOnce } from "../api.js";
import { h } from "../dom.js";
import { announce, withBusy } from "../feedback.js";
import { plural } from "../format.js";

/**
 * Return a button that matches all candidates. `onAccepted` is told how many resumes are matched with the job then.
 * `refusal` returns a sentence if they cannot be matched now.
 */
export function matchAllButton(jobId, errors, { onAccepted, refusal = () => null }) {
  const button = h("button", { type: "button", class: "button primary" }, "Match all my candidates");
  button.addEventListener("click", () =>
    withBusy(button, errors, async () => {
      const refused = refusal();
      if (refused !== null) {
        errors.replaceChildren(h("p", { class: "notice", role: "alert" }, refused));
        return;
      }
      const { accepted, matches } = await postOnce(`/api/v1/jobs/${jobId}/matches`, { all_candidates: true });
      if (matches.length === 0) {
        errors.replaceChildren(
          h("p", { class: "notice", role: "status" }, "None of your candidates has a resume. ", h("a", { href: "#/candidates" }, "Open a candidate"), " and upload one."),
        );
        return;
      }
      announce(accepted === 0 ? "All of your candidates are matched already." : `${plural(accepted, "candidate")} will be matched.`);
      onAccepted(matches.length);
    }),
  );
  return button;
}

// Sign in: with one click on a machine that runs the local stack, otherwise with a token.

import { Problem, get } from "../api.js";
import { h } from "../dom.js";
import { field, withBusy } from "../feedback.js";
import { roleName } from "../format.js";
import { claimsOf, session } from "../session.js";

const LOCAL = "/console/local-token";
const LOCAL_HEADERS = { "X-Console-Sign-In": "1" };
const LOOPBACK = new Set(["127.0.0.1", "localhost"]);

export function showSignIn(view, { reason, onSignedIn }) {
  view.setTitle("Sign in");
  view.main.classList.add("narrow");
  const errors = h("div");
  const local = h("div");
  const keep = h("input", { type: "checkbox", checked: true });

  async function signIn(token) {
    session.signIn(token, { survivesReload: keep.checked });
    try {
      // The services alone decide if it is valid.
      await get("/api/v1/analysis/?page_size=1", { signal: view.signal });
    } catch (error) {
      session.signOut();
      throw error;
    }
    onSignedIn();
  }

  const token = h("input", { type: "password", autocomplete: "off", spellcheck: "false", required: true });
  const submit = h("button", { class: "button primary" }, "Sign in");
  const form = h(
    "form",
    { class: "stack", novalidate: true },
    field("Token", token, "A JSON Web Token of your identity provider, without the word Bearer."),
    h("label", { class: "check" }, keep, h("span", {}, "Stay signed in when this page is reloaded")),
    h("div", {}, submit),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    withBusy(submit, errors, async () => {
      const given = token.value.trim().replace(/^bearer\s+/i, "");
      refuseUnusable(given);
      await signIn(given);
    });
  });
  view.main.append(
    h(
      "section",
      { class: "panel" },
      h("p", { class: "lead" }, "Score resumes, with the evidence behind each point and what would raise it."),
      reason && h("p", { class: "notice", role: "alert" }, reason),
      local,
      errors,
      form,
      h(
        "p",
        { class: "hint" },
        "The token is kept for this tab only and is gone when you close it or sign out. Without the check mark it is kept in memory alone, and a reload signs you out.",
      ),
    ),
  );
  offerLocal(local, errors, signIn, view.signal);
}

/** Throw a Problem for text that cannot be a valid token, so that no request is needed to say so. */
function refuseUnusable(token) {
  const { exp } = claimsOf(token);
  let detail = null;
  if (token === "") detail = "Paste a token first.";
  else if (exp === undefined) detail = "This is not a token: a token has three parts with dots between them.";
  else if (exp * 1000 < Date.now()) detail = "This token has expired. Ask your identity provider for a new one.";
  if (detail !== null) throw new Problem({ status: 401, title: "Unauthorized", detail });
}

/** Show a button for each role, where the local stack has an issuer that signs in this console. */
async function offerLocal(place, errors, signIn, signal) {
  if (!LOOPBACK.has(location.hostname)) return;
  let roles;
  try {
    const response = await fetch(LOCAL, { headers: LOCAL_HEADERS, signal });
    if (!response.ok) return;
    ({ roles } = await response.json());
  } catch {
    return;
  }
  const buttons = roles.map((role, index) => {
    const button = h("button", { type: "button", class: index ? "button" : "button primary" }, roleName(role));
    button.addEventListener("click", () =>
      withBusy(button, errors, async () => {
        const address = `${LOCAL}?role=${encodeURIComponent(role)}`;
        const response = await fetch(address, { method: "POST", headers: LOCAL_HEADERS, signal });
        const answer = await response.json();
        if (!response.ok) throw new Problem({ status: response.status, title: "Refused", detail: answer.detail });
        await signIn(answer.token);
      }),
    );
    return button;
  });
  place.append(
    h(
      "div",
      { class: "local" },
      h("h2", {}, "Try it as"),
      h("p", { class: "hint" }, "This system runs on your own machine. A junior sees their own candidates, the others see all."),
      h("div", { class: "actions" }, ...buttons),
    ),
    h("h2", { class: "divided" }, "Or use a token"),
  );
}

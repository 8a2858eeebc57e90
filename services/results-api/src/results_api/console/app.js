// Start the console: the frame around the views, and the addresses behind the "#".

import { roleName } from "./format.js";
import { announce } from "./feedback.js";
import { h } from "./dom.js";
import { showJobComparison } from "./jobs/comparison.js";
import { showJob } from "./jobs/job.js";
import { showJobs } from "./jobs/list.js";
import { showMatch } from "./jobs/match.js";
import { showRanking } from "./jobs/ranking.js";
import { session } from "./session.js";
import { showAnalyses } from "./views/analyses.js";
import { showAnalysis } from "./views/analysis.js";
import { showCandidate } from "./views/candidate.js";
import { showCandidates } from "./views/candidates.js";
import { showComparison } from "./views/compare.js";
import { showSignIn } from "./views/sign-in.js";

const ROUTES = [
  [/^\/candidates$/, showCandidates],
  [/^\/candidates\/([\w-]+)$/, showCandidate],
  [/^\/analyses$/, showAnalyses],
  [/^\/analyses\/([\w-]+)$/, showAnalysis],
  [/^\/jobs$/, showJobs],
  [/^\/jobs\/([\w-]+)$/, showJob],
  [/^\/jobs\/([\w-]+)\/ranking$/, showRanking],
  [/^\/jobs\/([\w-]+)\/comparison$/, showJobComparison],
  [/^\/jobs\/([\w-]+)\/matches\/([\w-]+)$/, showMatch],
  [/^\/compare\/([\w-]+)\/([\w-]+)$/, showComparison],
];
const HOME = "#/candidates";

const main = document.getElementById("main");
const nav = document.getElementById("nav");
const account = document.getElementById("account");
const offline = document.getElementById("offline");

let current = new AbortController();
let isFirst = true;

/** Show the view of the current address, or the sign-in in its place. */
function navigate(reason) {
  current.abort();
  current = new AbortController();
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  const [path, query = ""] = location.hash.slice(1).split("?");
  drawFrame(path);
  const heading = h("h1", { tabindex: "-1" });
  const view = {
    main: h("div", { class: "view" }, heading),
    query: new URLSearchParams(query),
    signal: current.signal,
    setTitle(title) {
      heading.textContent = title;
      document.title = `${title} – Resume Review`;
    },
  };
  main.replaceChildren(view.main);
  if (!session.isSignedIn) {
    showSignIn(view, { reason, onSignedIn: () => navigate() });
  } else {
    const route = ROUTES.find(([pattern]) => pattern.test(path));
    if (!route) {
      location.replace(HOME);
      return;
    }
    route[1](view, ...path.match(route[0]).slice(1));
  }
  // After a change of the view, a keyboard or screen reader goes on at its heading. A fresh page starts at its top.
  if (!isFirst) {
    window.scrollTo(0, 0);
    heading.focus({ preventScroll: true });
  }
  isFirst = false;
}

function drawFrame(path) {
  nav.hidden = account.hidden = !session.isSignedIn;
  for (const link of nav.querySelectorAll("a")) {
    const isCurrent = path.startsWith(link.getAttribute("href").slice(1));
    if (isCurrent) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const { role, email } = session.claims;
  document.getElementById("who").textContent = role ? roleName(role) : String(email ?? "");
}

function drawConnection() {
  offline.hidden = navigator.onLine;
  offline.textContent = navigator.onLine ? "" : "You are offline. What is shown here may be out of date.";
}

document.getElementById("sign-out").addEventListener("click", () => {
  session.signOut();
  navigate();
  announce("You are signed out.");
});
document.getElementById("skip").addEventListener("click", (event) => {
  // The address is the view's.
  event.preventDefault();
  main.focus();
});
window.addEventListener("session-expired", () => {
  session.signOut();
  navigate("Your session has ended, or the token is not valid. Sign in to go on where you were.");
});
window.addEventListener("hashchange", () => navigate());
window.addEventListener("online", drawConnection);
window.addEventListener("offline", drawConnection);

if (!location.hash.startsWith("#/")) history.replaceState(null, "", HOME);
drawConnection();
navigate();

// The token of the signed-in user. It never appears in an address, and never in localStorage.
//
// Memory is enough for one visit. Because a reload forgets memory, a user may choose sessionStorage: it belongs
// to this tab, ends with it, and is readable by scripts of this origin only. The content security policy allows
// no script but the console's own.

const KEY = "resume-review.token";

let token = sessionStorage.getItem(KEY);

export const session = {
  get token() {
    return token;
  },

  get isSignedIn() {
    return token !== null;
  },

  /** Return what the token says about its user. It is for display only: the services check the token. */
  get claims() {
    return token === null ? {} : claimsOf(token);
  },

  signIn(newToken, { survivesReload }) {
    token = newToken;
    if (survivesReload) sessionStorage.setItem(KEY, newToken);
    else sessionStorage.removeItem(KEY);
  },

  signOut() {
    token = null;
    sessionStorage.removeItem(KEY);
  },
};

/** Return the claims of a JWT, or an empty object if it is none. */
export function claimsOf(jwt) {
  try {
    const part = jwt.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(part), (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)) ?? {};
  } catch {
    return {};
  }
}

// Hand documents of the API to the browser as files. The token stays in a header.

import { download } from "./api.js";
import { h } from "./dom.js";
import { announce } from "./feedback.js";

/** Download a document, save it as a file, and return the headers of the answer. */
export async function saveFile(path, fallbackName) {
  const file = await download(path);
  const address = URL.createObjectURL(file.blob);
  h("a", { href: address, download: file.name ?? fallbackName }).click();
  // The browser has started to read it by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  announce("The document was downloaded.");
  return file.headers;
}

// Starts the WebAssembly module. A file of its own because the page's Content-Security-Policy
// allows no inline script; Trunk.toml writes the two links that name the files to load.
//
// When the module cannot be loaded, the poster stays and #boot-alert says what happened and what to
// do. The outcome is also on <html data-boot="loading | running | failed">.

const root = document.documentElement;
root.dataset.boot = "loading";

try {
  // The theme chosen last time, before anything is drawn in another.
  const theme = localStorage.getItem("replicascope.theme");
  if (theme) root.dataset.theme = theme;
} catch {
  // Storage is refused here; the system's theme is as good.
}

function fail(error) {
  if (root.dataset.boot === "failed") return;
  const stopped = root.dataset.boot === "running";
  root.dataset.boot = "failed";
  const cause = error && error.message ? error.message : String(error);
  const title = document.createElement("b");
  title.textContent = stopped ? "The simulation has stopped." : "The simulator could not start.";
  const text = document.createElement("span");
  text.textContent = (stopped
    ? " Its program came to where it must never be, so nothing here moves any more. Reload the page " +
      "to begin from where the last visit ended; a report with this page's address helps to mend it."
    : " Its program could not be loaded, so nothing here moves. Reload the page to try again.") +
    ` (${cause})`;
  const retry = document.createElement("button");
  retry.textContent = stopped ? "Reload" : "Retry";
  retry.addEventListener("click", () => location.reload());
  const alert = document.getElementById("boot-alert");
  alert.replaceChildren(title, text, retry);
  alert.hidden = false;
  console.warn("Replicascope could not start:", cause);
}

// What the program throws once it runs is its own error: it cannot go on after one.
addEventListener("error", ({ error }) => {
  if (error instanceof WebAssembly.RuntimeError) fail(error);
});

try {
  const bindings = await import(document.getElementById("app-js").href);
  await bindings.default({ module_or_path: document.getElementById("app-wasm").href });
  // The library's JavaScript interface, the same that the npm package has.
  globalThis.replication = bindings;
  root.dataset.boot = "running";
} catch (error) {
  fail(error);
}

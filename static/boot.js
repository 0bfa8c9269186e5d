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
  root.dataset.boot = "failed";
  const cause = error && error.message ? error.message : String(error);
  const title = document.createElement("b");
  title.textContent = "The simulator could not start.";
  const text = document.createElement("span");
  text.textContent =
    " Its program could not be loaded, so nothing here moves. Reload the page to try again. (" +
    cause + ")";
  const retry = document.createElement("button");
  retry.textContent = "Retry";
  retry.addEventListener("click", () => location.reload());
  const alert = document.getElementById("boot-alert");
  alert.replaceChildren(title, text, retry);
  alert.hidden = false;
  console.warn("Replicascope could not start:", cause);
}

try {
  const bindings = await import(document.getElementById("app-js").href);
  await bindings.default({ module_or_path: document.getElementById("app-wasm").href });
  // The library's JavaScript interface, the same that the npm package has.
  globalThis.replication = bindings;
  root.dataset.boot = "running";
} catch (error) {
  fail(error);
}

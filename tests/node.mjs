// The npm package, used from Node as anyone would use it. `cargo xtask test npm` builds the package
// and names its directory in REPLICASCOPE_PKG.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

const directory = process.env.REPLICASCOPE_PKG;
assert.ok(directory, "REPLICASCOPE_PKG must name the built package; run `cargo xtask test npm`");
const require = createRequire(import.meta.url);

test("the package loads in Node and brings its TypeScript types", () => {
  assert.ok(require(directory));
  assert.ok(readdirSync(directory).some((name) => name.endsWith(".d.ts")));
});

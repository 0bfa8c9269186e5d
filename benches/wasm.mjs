// The engine in wasm against the same engine native, in one run: the same scenario from text to
// report. `cargo xtask bench` builds the package and gives its directory and its cargo profile.

import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const ROUNDS = 5;

const [directory, profile] = process.argv.slice(2);
const { Simulation } = createRequire(import.meta.url)(resolve(directory));

/** A star in which every entry is acknowledged; one write a millisecond. */
const scenario = (replicas, writes) => `
seed = 7
until = "${writes + 1000}ms"
[cluster]
nodes = ${replicas + 1}
ack = "quorum"
apply_delay = "0ms"
[network]
latency = { min = "1ms", max = "10ms" }
[[client]]
id = "client"
[[workload]]
client = "client"
rate = "1000/s"
arrivals = "steady"
until = "${writes - 1}ms"
`;

const timed = (act) => {
  const start = process.hrtime.bigint();
  const result = act();
  return [Number(process.hrtime.bigint() - start) / 1e9, result];
};

const inWasm = (text) => {
  const simulation = new Simulation(text);
  simulation.run_until(simulation.until);
  const report = simulation.report();
  simulation.free();
  return report;
};

const native = (text) => {
  const command = ["run", "--release", "--quiet", "--locked", "--", "run", "-", "--format", "json"];
  const run = spawnSync("cargo", command, { input: text, maxBuffer: 1 << 28 });
  if (run.status !== 0) throw new Error(String(run.stderr));
  return JSON.parse(run.stdout);
};

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

native(scenario(1, 10)); // Builds it.
const [startup] = timed(() => native(scenario(1, 10)));
console.log(`wasm, profile ${profile} / native: with recording and report (want 0.60)`);
for (const [replicas, writes] of [[10, 20000], [100, 10000], [1000, 1000]]) {
  const text = scenario(replicas, writes);
  const ratios = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const [nativeTook, expected] = timed(() => native(text));
    const [wasmTook, found] = timed(() => inWasm(text));
    if (found.digest !== expected.digest) throw new Error("the digests differ");
    ratios.push((nativeTook - startup) / wasmTook);
  }
  console.log(`  ${String(replicas).padStart(5)} replicas: ${median(ratios).toFixed(2)}`);
}

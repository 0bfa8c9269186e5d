// The npm package, used from Node as anyone would use it. `cargo xtask test npm` builds the package
// and names its directory in REPLICASCOPE_PKG.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";

const directory = process.env.REPLICASCOPE_PKG;
assert.ok(directory, "REPLICASCOPE_PKG must name the built package; run `cargo xtask test npm`");
const require = createRequire(import.meta.url);
const { Simulation } = require(directory);

/** A run of a built-in scenario, to its end. */
const run = (name) => {
  const simulation = new Simulation(Simulation.builtin(name));
  simulation.run_until(simulation.until);
  return simulation;
};

const thrown = (act) => {
  try {
    act();
  } catch (error) {
    return error;
  }
  assert.fail("nothing was thrown");
};

/** A link with this content: its version before, its checksum behind, as in `recording/link`. */
const linkAround = (packed) => {
  const bytes = Buffer.concat([Buffer.of(1), packed]);
  const u64 = (number) => BigInt.asUintN(64, number);
  let state = 0x5265706c69636173n;
  const fold = (word) => {
    state = u64((state ^ word) * 0x9e3779b97f4a7c15n);
    state ^= state >> 29n;
  };
  fold(BigInt(bytes.length));
  for (let at = 0; at < bytes.length; at += 8) {
    const word = Buffer.alloc(8);
    bytes.copy(word, 0, at);
    fold(word.readBigUInt64LE());
  }
  let sum = u64((state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n);
  sum = u64((sum ^ (sum >> 27n)) * 0x94d049bb133111ebn);
  sum ^= sum >> 31n;
  const end = Buffer.alloc(4);
  end.writeUInt32LE(Number(sum & 0xffffffffn));
  return `#s=${Buffer.concat([bytes, end]).toString("base64url")}`;
};

test("the package loads in Node and brings its TypeScript types", () => {
  const types = readdirSync(directory).find((name) => name.endsWith(".d.ts"));
  const text = readFileSync(`${directory}/${types}`, "utf8");
  for (const part of [
    "class Simulation", "interface Report", "Snapshot", "scenario: string |",
    "link(): Promise<string>", "from_link(address: string): Promise<Simulation>",
  ]) {
    assert.ok(text.includes(part), part);
  }
});

test("a built-in scenario runs and its report has what the contract says", () => {
  const simulation = run("async-loses-a-write");
  assert.equal(simulation.now, 5_000_000);
  const report = simulation.report();
  assert.equal(report.writes.lost_acknowledged, 1);
  assert.equal(report.nodes.n2.rows.email, "old@example.com");
  assert.equal(report.until_us, 5_000_000);
  assert.equal(report.digest, simulation.digest());
  assert.equal(Object.getPrototypeOf(report), Object.prototype);
});

test("digests are those of the native program", () => {
  const table = readFileSync(new URL("shared/digests.txt", import.meta.url), "utf8");
  const names = Simulation.builtins();
  assert.ok(names.length >= 10);
  let compared = 0;
  for (const line of table.trim().split("\n")) {
    const [name, seed, digest] = line.split(" ");
    if (!names.includes(name)) continue;
    const text = Simulation.builtin(name).replace(/^seed = .*$/m, `seed = ${seed}`);
    const simulation = new Simulation(text);
    simulation.run_until(simulation.until);
    assert.equal(simulation.digest(), digest, `${name} with seed ${seed}`);
    compared += 1;
  }
  assert.ok(compared >= 30, `${compared} runs compared`);
});

test("a live command equals the same command written beforehand", () => {
  const client = { id: "alice", home: "n1" };
  const write = { write: { client: "alice", key: "x", value: 1 } };
  const scenario = { seed: 3, until: "4s", client: [client] };
  const live = new Simulation(scenario);
  live.run_until(1_000_000);
  live.issue(write);
  live.run_until(2_000_000);
  live.issue({ crash: "n3" });
  live.issue('{"cut": {"from": "n1", "to": "n2", "both": true}}');
  live.run_until(4_000_000);
  const at = [
    { time: "1s", ...write },
    { time: "2s", crash: "n3" },
    { time: "2s", cut: { from: "n1", to: "n2", both: true } },
  ];
  const written = new Simulation({ ...scenario, at });
  written.run_until(4_000_000);
  assert.equal(live.digest(), written.digest());
  assert.deepEqual(live.trace(0), written.trace(0));
  const printed = new Simulation(live.scenario());
  printed.run_until(4_000_000);
  assert.equal(printed.digest(), live.digest(), "what is printed is what was run");
});

test("steps forward and back are looks at one run", () => {
  const whole = run("quorum-rides-out-a-partition");
  const simulation = new Simulation(Simulation.builtin("quorum-rides-out-a-partition"));
  for (const us of [1_500_000, 200_000, 7_000_000, 6_999_999]) {
    assert.equal(simulation.run_until(us), us);
    assert.equal(simulation.snapshot().at_us, us);
  }
  assert.equal(simulation.run_until(99e6), 8_000_000, "the scenario's end is the end");
  assert.equal(simulation.digest(), whole.digest());
});

test("the trace tells what happened, in words too, and resumes from a step", () => {
  const simulation = run("semi-sync-degrades");
  const trace = simulation.trace(0);
  trace.forEach((line, number) => assert.equal(line.step, number));
  assert.ok(trace.some((line) => line.event === "degraded" && line.place === "n1"));
  assert.ok(trace.every((line) => line.text.endsWith(".")));
  assert.deepEqual(simulation.trace(trace.length - 3), trace.slice(-3));
  assert.deepEqual(simulation.trace(5, 2), trace.slice(5, 7));
  simulation.run_until(1_000_000);
  assert.ok(simulation.trace(0).every((line) => line.at_us <= 1_000_000));
});

test("a snapshot has servers, clients, streams and what is on its way", () => {
  const simulation = new Simulation(Simulation.builtin("two-sites"));
  simulation.run_until(540_000);
  const snapshot = simulation.snapshot();
  assert.equal(snapshot.nodes.length, 5);
  assert.equal(snapshot.nodes[0].waiting, 1);
  assert.deepEqual(snapshot.clients[0], { id: "alice", home: "n1", pending: 1 });
  assert.deepEqual(snapshot.streams[0], { from: "n1", to: "n2" });
  const [message] = snapshot.messages;
  assert.deepEqual([message.from, message.to, message.kind], ["n1", "n3", "append"]);
  assert.equal(message.lost_us, null);
});

test("a scenario that cannot be run throws an error with its place", () => {
  const error = thrown(() => new Simulation("seed = 1\n[cluster]\nfanuot = 2\n"));
  assert.ok(error instanceof Error);
  assert.equal(error.name, "ScenarioError");
  assert.deepEqual([error.line, error.column, error.path], [3, 1, "cluster.fanuot"]);
  assert.match(error.message, /unknown field `fanuot`, expected one of `topology`/);
  const range = thrown(() => new Simulation({ cluster: { nodes: 5000 } }));
  assert.equal(range.path, "cluster.nodes");
  assert.match(range.message, /expected 1 to 1024/);
  for (const nonsense of [undefined, null, 7, () => 1, "{", "\u0000", [1]]) {
    assert.ok(thrown(() => new Simulation(nonsense)) instanceof Error);
  }
});

test("a command that names what is not there throws and changes nothing", () => {
  const simulation = run("sync-blocks");
  const before = simulation.digest();
  const error = thrown(() => simulation.issue({ crash: "n9" }));
  assert.deepEqual([error.name, error.path], ["ScenarioError", "crash"]);
  assert.match(error.message, /there is no n9: this cluster has n1 to n4/);
  for (const nonsense of [{}, { fly: 1 }, { crash: "n1", heal: true }, undefined]) {
    assert.ok(thrown(() => simulation.issue(nonsense)) instanceof Error);
  }
  for (const instant of [-1, NaN, Infinity, 1e18]) {
    assert.ok(thrown(() => simulation.run_until(instant)) instanceof RangeError);
  }
  assert.equal(simulation.digest(), before);
});

test("a link opens as the run it was made from, and a damaged one says so", async () => {
  const simulation = run("lossy-link");
  simulation.issue({ crash: "n2" });
  const link = await simulation.link();
  const opened = await Simulation.from_link(`http://127.0.0.1/${link}`);
  opened.run_until(opened.until);
  assert.equal(opened.digest(), simulation.digest());
  const damaged = link.replace(/.{5}&/, "AAAAA&");
  await assert.rejects(Simulation.from_link(damaged), /damaged: what arrived/);
  await assert.rejects(Simulation.from_link("#t=1s"), /holds no scenario/);
});

test("a link of the command line opens, and what would fill the memory does not", async () => {
  for (const [content, why] of [
    ['{"seed": 7}', null],
    [" ".repeat(8 * 1024 * 1024 + 1), /too long/],
    ['{"sed": 7}', /unknown field `sed`/],
  ]) {
    const link = linkAround(deflateRawSync(content));
    if (why) await assert.rejects(Simulation.from_link(link), why);
    else assert.match((await Simulation.from_link(link)).scenario(), /seed = 7/);
  }
  // Deflated content that ends too early, and content that was never deflated.
  const half = deflateRawSync(Simulation.builtin("lossy-link")).subarray(0, 100);
  for (const broken of [half, Buffer.alloc(0), Buffer.from("not deflated")]) {
    await assert.rejects(Simulation.from_link(linkAround(broken)), /damaged: what arrived/);
  }
});

test("a seed that JavaScript cannot hold exactly still runs exactly", () => {
  const simulation = new Simulation("seed = 18446744073709551615\nuntil = \"1s\"");
  simulation.run_until(1e6);
  assert.match(simulation.scenario(), /seed = 18446744073709551615/);
  assert.equal(simulation.report().seed, 2 ** 64);
});

// Compares every view with what the events alone say, and gives a list of what disagrees.

window.truth = () => {
  const wrong = [];
  const same = (what, shown, due) => {
    if (String(shown) !== String(due)) wrong.push(`${what}: shows ${shown}, is ${due}`);
  };
  const holds = (what, shown, true_) => {
    if (!true_) wrong.push(`${what}: ${shown}`);
  };
  const words = (element) => (element?.textContent ?? "").trim();
  // As the page writes times and sizes.
  const time_text = (us) =>
    us < 100_000
      ? `${Math.floor(us / 1e3)}.${Math.floor((us % 1e3) / 100)} ms`
      : `${Math.floor(us / 1e6)}.${String(Math.floor((us % 1e6) / 1e3)).padStart(3, "0")} s`;
  const size_text = (bytes) =>
    bytes < 1e4 ? `${bytes} B` : `${Math.floor(bytes / 1e3)} kB`;
  const find = (selector) => document.querySelector(selector);

  const t = replicascope.t();
  const events = replicascope.events();
  const nodes = replicascope.nodes();
  const metrics = replicascope.metrics();

  // What happened, counted here.
  const state = Object.fromEntries(nodes.map((node) => [node.id, "up"]));
  const refused = new Set(
    events.filter((line) => line.event === "command-refused").map((line) => line.cause),
  );
  const breaks = ["crash", "pause", "partition", "cut", "demote", "clock"];
  const mends = ["restart", "resume", "heal", "mend"];
  const marks = [];
  const ops = new Map();
  let epoch = 1;
  const count = { ok: 0, value: 0, stale: 0, lost: 0, dropped: 0, conflicts: new Set() };
  for (const line of events) {
    const mark = (kind) => marks.push(`${kind} ${line.at_us}`);
    const op = ops.get(line.op) ?? {};
    if (line.op !== undefined) ops.set(line.op, op);
    const states = { crashed: "down", restarted: "up", paused: "paused", unpaused: "up" };
    if (line.event in states) state[line.place] = states[line.event];
    if (line.event === "promoted") {
      epoch = line.epoch;
      mark("promoted");
    }
    if (line.event === "lost") count.dropped += 1;
    if (line.event === "conflict") count.conflicts.add(line.op);
    if (line.event === "lost-write") {
      op.word = "LOST";
      count.lost += 1;
      mark("lost-after-ack");
    }
    if (line.event === "sent") {
      op.client = line.place;
      op.word = "waiting";
      op.to = line.to;
      if (line.kind === "write") mark("write");
    }
    // Told to somebody who has given up waiting is told to nobody.
    if (line.event === "told" && !op.told) {
      op.told = true;
      op.client = line.place;
      const stale = line.told === "value" && line.stale_versions > 0;
      const told = { ok: "ok", "ok-degraded": "ok alone", "timed-out": "timed out" };
      if (op.word !== "LOST") op.word = told[line.told] ?? (stale ? "stale" : "read");
      if (line.told === "refused") op.word = "";
      op.told_us = line.at_us;
      if (line.told === "value") op.ok = "read";
      if (line.told.startsWith("ok")) {
        op.ok = "write";
        count.ok += 1;
        mark("ack");
      }
      if (line.told === "value") {
        count.value += 1;
        if (stale) {
          count.stale += 1;
          mark("stale-read");
        }
      }
      if (["refused", "timed-out"].includes(line.told)) mark("refused");
    }
    if (line.event === "command" && !refused.has(line.step)) {
      const name = Object.keys(line.command)[0];
      const heals = name === "partition" && line.command.partition.groups.length === 0;
      if (mends.includes(name) || heals) mark("repair");
      else if (breaks.includes(name)) mark("fault");
    }
  }

  // The tape.
  const shown = replicascope.marks().map((mark) => `${mark.kind} ${mark.at_us}`);
  same("timeline marks", shown.sort().join(", "), marks.sort().join(", "));
  const tape = find('[data-testid="tape"]');
  same("timeline value", tape.getAttribute("aria-valuenow"), Math.floor(t / 1000));
  const said = tape.getAttribute("aria-valuetext");
  holds("timeline says", said, said.includes(`, epoch ${epoch}`));
  for (const node of nodes) {
    const due = { up: "", down: `, ${node.id} down`, paused: `, ${node.id} paused` }[node.state];
    const alarms = [`, ${node.id} down`, `, ${node.id} paused`].filter((it) => said.includes(it));
    same(`timeline says of ${node.id}`, alarms.join(""), due);
  }
  const clock = `${(Math.floor(t / 1000) / 1000).toFixed(3)} s`;
  same("clock", words(find('[data-testid="time"]')), clock);

  // Servers: events, the hooks, the stage, the table.
  const heads = [...find('[data-testid="cluster-table"] thead tr').children].map(words);
  const answered = [...ops.values()].filter((op) => op.ok);
  for (const node of nodes) {
    const { id } = node;
    same(`${id}, nodes() and events`, node.state, state[id]);
    const figure = find(`[data-testid="scene"] [data-node="${id}"]`);
    const row = Object.fromEntries(
      [...find(`[data-row="${id}"]`).children].map((cell, nth) => [heads[nth], words(cell)]),
    );
    const role = node.role === "primary?" ? "primary" : node.role;
    const stands = node.role === "primary?" && node.state === "up" ? "stale-primary" : node.state;
    same(`${id}, role on the stage`, figure.dataset.kind, role);
    same(`${id}, state on the stage`, figure.dataset.state, stands);
    const name = figure.getAttribute("aria-label");
    holds(`${id}, name on the stage`, name, name.endsWith(`, epoch ${node.epoch}`));
    const behind = name.match(/, (\d+) writes? behind/)?.[1] ?? "0";
    same(`${id}, writes behind on the stage`, behind, node.lag ?? 0);
    const seen = words(figure);
    const alarm = { up: "", down: "DOWN", paused: "PAUSED" }[node.state];
    holds(`${id}, words on the stage`, seen, seen.includes(alarm));
    for (const other of ["DOWN", "PAUSED"].filter((word) => word !== alarm))
      holds(`${id}, words on the stage`, seen, !seen.includes(other));
    const lag = seen.match(/\u2212(\d+)/)?.[1] ?? "0";
    same(`${id}, lag in words on the stage`, lag, node.lag ?? 0);
    const time = seen.match(/\u2212\d+ \u00b7 ([\d.]+) (ms|s)\b/);
    if (time) {
      const unit = time[2] === "s" ? 1e6 : 1e3;
      const least = time[1].includes(".") ? unit / 10 : unit;
      const off = Math.abs(time[1] * unit - node.lag_us);
      holds(`${id}, lag in time on the stage (${node.lag_us} us)`, time[0], off <= least);
    }
    const or = (value) => String(value ?? "\u2013");
    const vitals = {
      Node: id,
      Role: node.role,
      State: node.state,
      Epoch: node.epoch,
      Applied: node.applied || "nothing",
      "Last change": node.last || "\u2013",
      Trouble: node.trouble || "\u2013",
      "To apply": or(node.to_apply),
      "Received, logged, applied": ["received", "logged", "applied"]
        .map((what) => or(node[`${what}_lsn`]))
        .join(" / "),
      "Writes/s": or(node.writes_per_s),
      "Reads/s": or(node.reads_per_s),
      "Only here": node.only_here,
    };
    for (const [head, due] of Object.entries(vitals))
      same(`${id}, ${head} in the table`, row[head], due);
    same(`${id}, lag in the table`, row.Behind.split(",")[0], node.lag ?? "\u2013");
    const stale = { null: "\u2013", 0: "0" }[node.stale_us] ?? time_text(node.stale_us);
    same(`${id}, staleness in the table`, row.Stale, stale);
    const runs = node.state !== "down";
    const answers = answered.filter((op) => op.to === id && op.told_us > t - 1e6);
    const counts = ["write", "read"].map((kind) =>
      runs ? answers.filter((op) => op.ok === kind).length : null);
    same(`${id}, writes/s, nodes() and events`, node.writes_per_s, counts[0]);
    same(`${id}, reads/s, nodes() and events`, node.reads_per_s, counts[1]);
    if (node.heard_us !== null) {
      holds(`${id}, last heard`, node.heard_us, events.some((line) =>
        line.place === id && line.from?.startsWith("n") && line.at_us === t - node.heard_us));
      const ago = `${time_text(node.heard_us)} ago`;
      same(`${id}, last heard, in the table`, row["Heard its source"], ago);
    }
    if (node.state === "down") {
      same(`${id}, lag of a node that is down`, node.lag, null);
      holds(`${id} is down and tells a time`, seen, !/\d ms|\d s\b/.test(seen));
      const rates = ["Behind", "Stale", "Reports", "To apply", "Writes/s", "Reads/s"];
      for (const head of [...rates, "Heard its source"])
        same(`${id}, which is down, ${head}`, row[head], "\u2013");
    }
  }

  // The inspector, if it shows a server.
  const inspected = find('[data-testid="inspect-node"]');
  if (inspected) {
    const id = words(inspected.querySelector("h3").firstChild);
    const node = nodes.find((one) => one.id === id);
    const head = [...inspected.querySelectorAll("h3 small")].map(words);
    same(`inspector, ${id}`, head.join(" | "), `${node.role} | ${node.state}`);
    const rows = new Map();
    for (const word of inspected.querySelectorAll("dl:first-of-type dt"))
      rows.set(words(word), words(word.nextElementSibling));
    same(`inspector, epoch of ${id}`, rows.get("Epoch"), node.epoch);
    same(`inspector, applied at ${id}`, rows.get("Applied"), node.applied || "nothing yet");
    same(`inspector, lag of ${id}`, rows.get("Lag").split(" ")[0], node.lag ?? "\u2013");
    if (node.state === "down") {
      for (const word of ["Lag", "To apply", "Wait for acks"])
        same(`inspector, ${word} of ${id}, which is down`, rows.get(word) ?? "\u2013", "\u2013");
    }
  }

  // Numbers: events, the hooks, the drawer.
  same("stale reads in metrics()", metrics.stale_reads, count.stale);
  same("reads in metrics()", metrics.reads_served, count.value);
  same("lost after ack in metrics()", metrics.lost_after_ack, count.lost);
  same("writes told ok in metrics()", metrics.writes_acknowledged, count.ok);
  same("ack latencies in metrics()", metrics.write_latency_us.count, count.ok);
  same("messages lost in metrics()", metrics.messages.lost, count.dropped);
  same("conflicts in metrics()", metrics.conflicts, count.conflicts.size);
  const { durable, at_risk, lost, resurrected } = metrics.ledger;
  same("writes of the ledger", durable + at_risk + lost + resurrected, count.ok);
  const total = (of, what) => of.reduce((sum, one) => sum + one[what], 0);
  const { log, ack, control } = metrics.bytes;
  same("bytes of all links", total(metrics.links, "bytes"), log + ack + control);
  same("messages of all links", total(metrics.links, "messages"), metrics.messages_between_servers);
  const figures = new Map();
  for (const name of document.querySelectorAll('[data-testid="metrics"] dt'))
    figures.set(words(name), words(name.nextElementSibling));
  if (figures.size > 0) {
    same("writes acknowledged", figures.get("Writes acknowledged"), count.ok);
    same("stale reads", figures.get("Stale reads"), `${count.stale} of ${count.value}`);
    same("lost after ack", figures.get("Lost after ack"), count.lost);
    same("conflicts", figures.get("Conflicts"), count.conflicts.size);
    const standings = Object.entries(metrics.ledger);
    const ledger = standings.map(([name, many]) => `${many} ${name.replace("_", " ")}`).join("");
    same("ledger", figures.get("Ledger"), ledger);
    const rows = [...document.querySelectorAll('[data-testid="links-table"] tbody tr')];
    const told = rows.map((row) => [...row.children].slice(0, 5).map(words).join(" | "));
    const due = metrics.links.slice(0, 16).map((link) => [
      `${link.from} \u2192 ${link.to}`,
      size_text(link.bytes),
      link.messages,
      link.bytes_per_s === null ? "\u2013" : `${size_text(link.bytes_per_s)}/s`,
      size_text(link.in_flight),
    ].join(" | "));
    same("links", told.join("; "), due.join("; "));
    for (const link of metrics.links)
      same(`a rate from ${link.from}`, link.bytes_per_s === null, state[link.from] === "down");
    same("an ack latency is told", figures.get("Ack latency, median") !== "\u2013", count.ok > 0);
  }

  // Receipts: the newest of each client.
  for (const figure of document.querySelectorAll('[data-testid="scene"] [data-kind="client"]')) {
    const own = [...ops.entries()].filter(([, op]) => op.client === figure.dataset.node);
    const [, newest] = own.sort(([a], [b]) => a - b).at(-1) ?? [];
    if (!newest) continue;
    const receipts = figure.getAttribute("aria-label").split("; ").at(-1);
    // A write that nobody has any more may say so instead.
    const gone = ["waiting", "timed out"].includes(newest.word) && receipts.endsWith("never acked");
    holds(`newest receipt of ${figure.dataset.node}, which is ${newest.word}`, receipts,
      gone || receipts.endsWith(newest.word));
    holds("a receipt is on the slip", words(figure), gone || words(figure).includes(newest.word));
  }
  return wrong;
};

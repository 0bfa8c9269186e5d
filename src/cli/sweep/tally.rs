//! What many runs come to. Two tallies of different runs add up to the tally of all of them, to
//! the last digit and in any order: counts, sums, histograms of equal buckets, the lowest seeds.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;
use replication::check::{Distribution, Guarantees, Measures, Report, Verdict};
use serde::{Deserialize, Serialize};

/// Seeds told one by one, the lowest; all are counted.
const SEEDS_TOLD: usize = 10;
/// Significant digits of every histogram: those of the measures it takes in, or more.
const DIGITS: u8 = 3;

/// Runs in which something happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runs {
    /// How many.
    pub count: u64,
    /// The lowest of their seeds.
    pub seeds: Vec<u64>,
}

/// How one guarantee fared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fared {
    pub holds: u64,
    pub unknown: u64,
    pub violated: Runs,
}

/// A distribution over all runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    pub count: u64,
    pub mean: f64,
    pub p50: u64,
    pub p90: u64,
    pub p95: u64,
    pub p99: u64,
    pub p999: u64,
    pub max: u64,
    pub sum: u64,
    /// Highest value of each bucket and how many values are in it.
    pub buckets: Vec<(u64, u64)>,
}

/// What the runs of one setting come to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    pub runs: u64,
    /// Sum of the runs' digests: equal sweeps have equal ones.
    pub digest: String,
    pub counts: BTreeMap<String, u64>,
    pub lost_writes: Runs,
    pub not_converged: Runs,
    pub stopped_at_a_limit: Runs,
    pub guarantees: BTreeMap<String, Fared>,
    pub distributions: BTreeMap<String, Spread>,
}

impl Runs {
    fn add(&mut self, other: &Runs) {
        self.count = self.count.saturating_add(other.count);
        self.seeds.extend(&other.seeds);
        self.seeds.sort_unstable();
        self.seeds.truncate(SEEDS_TOLD);
    }

    fn one(seed: u64, happened: bool) -> Runs {
        Runs { count: happened.into(), seeds: happened.then_some(seed).into_iter().collect() }
    }
}

impl Fared {
    fn add(&mut self, other: &Fared) {
        self.holds = self.holds.saturating_add(other.holds);
        self.unknown = self.unknown.saturating_add(other.unknown);
        self.violated.add(&other.violated);
    }
}

impl Spread {
    fn of(distribution: &Distribution) -> Spread {
        let sum = u64::try_from(distribution.sum()).unwrap_or(u64::MAX);
        Spread::new(distribution.buckets(), sum, distribution.max())
    }

    fn new(buckets: impl Iterator<Item = (u64, u64)>, sum: u64, max: u64) -> Spread {
        let mut values: Histogram<u64> = Histogram::new(DIGITS).expect("the digits are in range");
        for (value, count) in buckets {
            values.record_n(value, count).expect("a histogram grows to any 64-bit value");
        }
        let quantile = |share| values.value_at_quantile(share).min(max);
        let count = values.len();
        Spread {
            count,
            mean: if count == 0 { 0.0 } else { sum as f64 / count as f64 },
            p50: quantile(0.5),
            p90: quantile(0.9),
            p95: quantile(0.95),
            p99: quantile(0.99),
            p999: quantile(0.999),
            max,
            sum,
            buckets: values
                .iter_recorded()
                .map(|step| (step.value_iterated_to(), step.count_since_last_iteration()))
                .collect(),
        }
    }

    fn add(&mut self, other: &Spread) {
        let buckets = self.buckets.iter().chain(&other.buckets).copied();
        *self = Spread::new(buckets, self.sum.saturating_add(other.sum), self.max.max(other.max));
    }
}

impl Tally {
    /// Of one run.
    pub fn of(report: &Report, measures: &Measures) -> Tally {
        let seed = report.seed;
        let counts = [
            ("events", report.events),
            ("messages_sent", report.messages.sent),
            ("messages_lost", report.messages.lost),
            ("bytes_log", report.bytes.log),
            ("bytes_ack", report.bytes.ack),
            ("bytes_control", report.bytes.control),
            ("writes_issued", report.writes.issued),
            ("writes_acknowledged", report.writes.acknowledged),
            ("writes_degraded", report.writes.degraded),
            ("writes_refused", report.writes.refused),
            ("writes_timed_out", report.writes.timed_out),
            ("writes_lost_acknowledged", report.writes.lost_acknowledged),
            ("writes_resurrected", report.writes.resurrected),
            ("writes_discarded", report.writes.discarded),
            ("reads_issued", report.reads.issued),
            ("reads_answered", report.reads.answered),
            ("reads_stale", report.reads.stale),
            ("reads_failed", report.reads.failed),
            ("failovers", report.failovers.len() as u64),
        ];
        let distributions = [
            ("commit_latency_us", &measures.commit_latency_us),
            ("write_latency_us", &measures.write_latency_us),
            ("read_latency_us", &measures.read_latency_us),
            ("staleness_us", &measures.staleness_us),
            ("staleness_versions", &measures.staleness_versions),
        ];
        let mut distributions: BTreeMap<String, Spread> = distributions
            .map(|(name, distribution)| (name.to_string(), Spread::of(distribution)))
            .into();
        let mut lag = Spread::default();
        measures.lag.iter().for_each(|node| lag.add(&Spread::of(&node.us)));
        distributions.insert("lag_us".to_string(), lag);
        Tally {
            runs: 1,
            digest: report.digest.clone(),
            counts: counts.map(|(name, count)| (name.to_string(), count)).into(),
            lost_writes: Runs::one(seed, report.writes.lost_acknowledged > 0),
            not_converged: Runs::one(seed, !report.converged),
            stopped_at_a_limit: Runs::one(seed, report.limit.is_some()),
            guarantees: fared(seed, &report.guarantees),
            distributions,
        }
    }

    /// Takes in the runs of another.
    pub fn add(&mut self, other: &Tally) {
        self.runs = self.runs.saturating_add(other.runs);
        let number = |digest: &str| u64::from_str_radix(digest, 16).unwrap_or(0);
        let sum = number(&self.digest).wrapping_add(number(&other.digest));
        self.digest = format!("{sum:016x}");
        for (name, count) in &other.counts {
            let sum = self.counts.entry(name.clone()).or_default();
            *sum = sum.saturating_add(*count);
        }
        self.lost_writes.add(&other.lost_writes);
        self.not_converged.add(&other.not_converged);
        self.stopped_at_a_limit.add(&other.stopped_at_a_limit);
        for (name, fared) in &other.guarantees {
            self.guarantees.entry(name.clone()).or_default().add(fared);
        }
        for (name, spread) in &other.distributions {
            self.distributions.entry(name.clone()).or_default().add(spread);
        }
    }

    /// Reckons again what follows from the rest; Err with what contradicts it, as in a report that
    /// somebody has edited.
    pub fn reckon(&mut self) -> Result<(), String> {
        for (name, spread) in &mut self.distributions {
            let mut told = std::mem::take(spread);
            *spread = Spread::new(told.buckets.iter().copied(), told.sum, told.max);
            // A mean may have lost its last digit on the way through text.
            told.mean = spread.mean;
            if told != *spread {
                return Err(format!("distributions.{name} is not what its buckets come to"));
            }
        }
        Ok(())
    }
}

fn fared(seed: u64, guarantees: &Guarantees) -> BTreeMap<String, Fared> {
    let one = |verdict: Verdict| Fared {
        holds: (verdict == Verdict::Holds).into(),
        unknown: (verdict == Verdict::Unknown).into(),
        violated: Runs::one(seed, verdict == Verdict::Broken),
    };
    let all = guarantees.all();
    all.map(|(name, guarantee)| (name.to_string(), one(guarantee.holds))).into()
}

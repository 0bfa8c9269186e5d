//! A distribution of times or counts: mergeable (HdrHistogram), with an exact mean and maximum.

use hdrhistogram::Histogram;

/// Values recorded one by one; percentiles are within the digits kept, mean and maximum exact.
#[derive(Clone, Debug)]
pub struct Distribution {
    values: Histogram<u32>,
    sum: u128,
    max: u64,
}

/// What a report says of a distribution.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// How many values.
    pub count: u64,
    /// Exact mean.
    pub mean: f64,
    /// Half are at most this.
    pub p50: u64,
    /// 90 % are at most this.
    pub p90: u64,
    /// 95 % are at most this.
    pub p95: u64,
    /// 99 % are at most this.
    pub p99: u64,
    /// 99.9 % are at most this.
    pub p999: u64,
    /// The largest.
    pub max: u64,
}

impl Distribution {
    /// An empty distribution that keeps this many significant decimal digits, 1 to 5.
    pub fn new(digits: u8) -> Distribution {
        let values = Histogram::new(digits).expect("one to five digits are kept");
        Distribution { values, sum: 0, max: 0 }
    }

    /// Records a value.
    pub fn record(&mut self, value: u64) {
        // Only this way of recording makes room for larger values.
        self.values.record(value).expect("a histogram grows to any 64-bit value");
        self.sum += u128::from(value);
        self.max = self.max.max(value);
    }

    /// How many values there are.
    pub fn count(&self) -> u64 {
        self.values.len()
    }

    /// The value that this share (0 to 1) of all values do not exceed; 0 if there are none.
    pub fn quantile(&self, share: f64) -> u64 {
        self.values.value_at_quantile(share).min(self.max)
    }

    /// Exact mean; 0 if there are no values.
    pub fn mean(&self) -> f64 {
        if self.count() == 0 { 0.0 } else { self.sum as f64 / self.count() as f64 }
    }

    /// The largest value; 0 if there are none.
    pub fn max(&self) -> u64 {
        self.max
    }

    /// Exact sum.
    pub fn sum(&self) -> u128 {
        self.sum
    }

    /// The highest value of each bucket that has some, and how many it has.
    pub fn buckets(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        let steps = self.values.iter_recorded();
        steps.map(|step| (step.value_iterated_to(), step.count_since_last_iteration()))
    }

    /// Takes over all values of another.
    pub fn add(&mut self, other: &Distribution) {
        self.values.add(&other.values).expect("the histogram grows as it must");
        self.sum += other.sum;
        self.max = self.max.max(other.max);
    }

    /// The numbers a report shows.
    pub fn summary(&self) -> Summary {
        let quantile = |share| self.quantile(share);
        Summary {
            count: self.count(),
            mean: self.mean(),
            p50: quantile(0.5),
            p90: quantile(0.9),
            p95: quantile(0.95),
            p99: quantile(0.99),
            p999: quantile(0.999),
            max: self.max,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merging_two_distributions_is_recording_all_their_values_in_one() {
        let (mut evens, mut odds, mut all) =
            (Distribution::new(3), Distribution::new(3), Distribution::new(3));
        for value in 0..10_000 {
            if value % 2 == 0 {
                evens.record(value)
            } else {
                odds.record(value)
            };
            all.record(value);
        }
        evens.add(&odds);
        assert_eq!(evens.summary(), all.summary());
        assert_eq!((all.mean(), all.max()), (4_999.5, 9_999));
        assert!(all.quantile(0.5).abs_diff(5_000) <= 5, "three digits are kept");
    }
}

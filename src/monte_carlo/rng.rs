//! Uniform numbers as a function of seed, name and trial: nothing is drawn "next", so that a new input, another order or
//! another number of threads moves no draw.

/// The increment of SplitMix64 (Steele, Lea and Flood 2014), the odd number nearest to 2^64 over the golden ratio.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// One input's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stream(u64);

impl Stream {
    pub fn new(seed: u64, name: &str) -> Self {
        Self(mix(mix(seed.wrapping_add(GAMMA)) ^ hash(name)))
    }

    /// Strictly between 0 and 1: the trial-th number of SplitMix64.
    #[inline(always)]
    pub fn uniform(self, trial: u64) -> f64 {
        let bits = mix(self.0.wrapping_add(GAMMA.wrapping_mul(trial.wrapping_add(1))));
        // 52 bits and a half, so that neither end is reached.
        ((bits >> 12) as f64 + 0.5) * (1.0 / (1_u64 << 52) as f64)
    }
}

/// The finaliser of SplitMix64.
#[inline(always)]
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// FNV-1a over the bytes: the same in every version of the program.
fn hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_that_of_splitmix64() {
        // The first outputs of the reference implementation from the state 1234567.
        let of = |n: u64| mix(1_234_567_u64.wrapping_add(GAMMA.wrapping_mul(n + 1)));
        assert_eq!([of(0), of(1)], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

    #[test]
    fn numbers_are_uniform_and_streams_are_apart() {
        let (a, b) = (Stream::new(1, "gdp"), Stream::new(1, "population"));
        let n = 100_000;
        let mean = |stream: Stream| (0..n).map(|trial| stream.uniform(trial)).sum::<f64>() / n as f64;
        let product = (0..n).map(|trial| (a.uniform(trial) - 0.5) * (b.uniform(trial) - 0.5)).sum::<f64>() / n as f64;
        assert!((mean(a) - 0.5).abs() < 0.004 && (mean(b) - 0.5).abs() < 0.004);
        assert!(product.abs() < 0.0012, "{product}");
        assert_ne!(Stream::new(1, "gdp").uniform(7), Stream::new(2, "gdp").uniform(7));
    }
}

//! Numbers that look like chance and are the same for the same seed, on every machine.

/// SplitMix64: small, well known, and enough to spread figures.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// One stream for a seed and whatever it is for, so that one plan's figures never depend on another's.
    pub fn new(seed: u64, purpose: &str) -> Self {
        let mixed =
            purpose.bytes().fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self(mixed)
    }

    /// The next number.
    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + (self.number() % (high - low + 1) as u64) as i64
    }

    /// One of a list.
    pub fn pick<'l>(&mut self, list: &[&'l str]) -> &'l str {
        list[(self.number() % list.len() as u64) as usize]
    }
}

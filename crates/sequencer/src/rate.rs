//! How often an address and a vault may ask: token buckets, in memory that does not grow.

use crate::log::VaultNumber;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

/// Buckets to keep; when there are more, all begin anew, full.
const BUCKETS: usize = 50_000;

/// One request, in the unit that buckets are counted in: so that a millisecond refills whole units.
const REQUEST: u64 = 1000;

/// Who is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// An address, for everything it asks.
    Address(IpAddr),
    /// An address, for what needs no token: logging in, making vaults.
    Door(IpAddr),
    Vault(VaultNumber),
}

impl Who {
    /// IPv6 addresses are counted by their first half: one customer has all of the other.
    #[must_use]
    pub fn address(ip: IpAddr) -> IpAddr {
        match ip {
            IpAddr::V4(_) => ip,
            IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
                Some(v4) => IpAddr::V4(v4),
                None => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
            },
        }
    }
}

/// A rate: on average so many a second, and so many seconds' worth at once.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    pub per_second: u64,
    pub burst_seconds: u64,
}

#[derive(Debug)]
struct Bucket {
    left: u64,
    at: u64,
}

/// All buckets of a process.
#[derive(Debug)]
pub struct Rates {
    address: Rate,
    door: Rate,
    vault: Rate,
    buckets: Mutex<HashMap<Who, Bucket>>,
}

impl Rates {
    /// No bucket yet: everyone begins with a full one.
    #[must_use]
    pub fn new(address: Rate, door: Rate, vault: Rate) -> Self {
        Self { address, door, vault, buckets: Mutex::default() }
    }

    /// Counts one request at `now` (milliseconds); when it is too many, says for how many seconds
    /// to wait.
    ///
    /// # Errors
    /// That number, at least 1.
    pub fn count(&self, who: Who, now: u64) -> Result<(), u64> {
        let rate = match who {
            Who::Address(_) => self.address,
            Who::Door(_) => self.door,
            Who::Vault(_) => self.vault,
        };
        let full = rate.per_second.saturating_mul(rate.burst_seconds).saturating_mul(REQUEST);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= BUCKETS && !buckets.contains_key(&who) {
            buckets.clear();
        }
        let bucket = buckets.entry(who).or_insert(Bucket { left: full, at: now });
        let refill = now.saturating_sub(bucket.at).saturating_mul(rate.per_second);
        bucket.left = bucket.left.saturating_add(refill).min(full);
        bucket.at = now;
        match bucket.left.checked_sub(REQUEST) {
            Some(left) => {
                bucket.left = left;
                Ok(())
            }
            None => Err((REQUEST - bucket.left).div_ceil(rate.per_second.max(1) * 1000).max(1)),
        }
    }
}

//! A version of Resolve, compared number by number.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};

/// A version such as `21.1.0.14` or `21.1`; missing numbers count as 0, so `21.1` comes before all its builds.
#[derive(Debug, Clone)]
pub struct Version {
    numbers: Vec<u32>,
}

impl Version {
    /// Whether this version is `first` or newer. `21.1.0`, which names no build, may be the newest of its builds.
    pub fn reaches(&self, first: &Self) -> bool {
        let differs = |place: usize| self.number(place) != first.number(place);
        (0..self.numbers.len())
            .find(|&place| differs(place))
            .is_none_or(|at| self.number(at) > first.number(at))
    }

    fn number(&self, place: usize) -> u32 {
        self.numbers.get(place).copied().unwrap_or(0)
    }
}

impl FromStr for Version {
    type Err = String;

    /// Reads the leading digits of each part: betas call themselves `21.1.0b3`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let part = |part: &str| {
            let digits = part.split(|letter: char| !letter.is_ascii_digit()).next().unwrap_or_default();
            digits.parse::<u32>().map_err(|_| format!("'{text}' is not a version such as 21.1.0.14"))
        };
        Ok(Self { numbers: text.trim().split('.').map(part).collect::<Result<_, _>>()? })
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let places = self.numbers.len().max(other.numbers.len());
        let orders = (0..places).map(|place| self.number(place).cmp(&other.number(place)));
        orders.fold(Ordering::Equal, Ordering::then)
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Version {}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<String> = self.numbers.iter().map(ToString::to_string).collect();
        f.write_str(&numbers.join("."))
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    /// A fact that was seen on `21.1` holds for each of its builds, and not for the one before.
    #[test]
    fn versions_compare_number_by_number() {
        assert!(version("21.1") < version("21.1.0.14"));
        assert!(version("21.0.10") > version("21.0.9.7"));
        assert!(version("21.0.4.5") < version("21.1"));
        assert_eq!(version("21.1"), version("21.1.0"));
        assert_eq!(version("21.1.0b3"), version("21.1"));
        assert!("twenty".parse::<Version>().is_err());
    }

    /// A program that says `21.1.0` without a build must be treated as any build of it, or what was seen on
    /// 21.1.0.14 would pass it by.
    #[test]
    fn a_version_without_a_build_reaches_every_build_of_it() {
        assert!(version("21.1.0").reaches(&version("21.1.0.14")));
        assert!(version("21.1.0.14").reaches(&version("21.1")));
        assert!(!version("21.1.0").reaches(&version("21.1.1.10")));
        assert!(!version("21.0.4.5").reaches(&version("21.1")));
        assert!(version("22.0").reaches(&version("21.1.1.10")));
    }
}

//! A number that stands for a text or a file, the same in every build: it is kept in the journal, in names of files and
//! by clients.

use sha2::{Digest, Sha256};

/// The first 64 bits of the SHA-256 of these parts, each with its length before it.
pub(crate) fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> u64 {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What earlier builds have kept is compared with what this one reads: the number is for ever.
    #[test]
    fn it_stays_the_same() {
        // printf '\0\0\0\0\0\0\0\3abc' | sha256sum
        assert_eq!(0xc349_4ca1_a2cf_8eeb, digest([b"abc".as_slice()]));
        assert_ne!(digest([b"ab".as_slice(), b"c"]), digest([b"a".as_slice(), b"bc"]));
    }
}

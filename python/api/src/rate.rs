//! Frame rates as exact fractions, and timecode to frames and back.

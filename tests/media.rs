//! Media for the tests, made on the spot.

//! The kinds of argument and answer: parse, check, describe.

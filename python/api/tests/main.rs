//! The tests of the vocabulary, in one binary: rules over all rows, and the checking of arguments.

mod arguments;
mod facts_in_rows;
mod objects;
mod rows;
mod wrong_names;

//! Tests of the built host: each starts the program in a made-up virtual environment and speaks the wire with it.

mod batches;
mod calls;
mod connecting;
mod economy;
mod ending;
mod harness;
mod noise;
mod objects;
mod starting;
mod values;

//! A lease on the interpreter for several steps: nothing of another caller runs between them.

/// Gives an operation its calls of the scripting API, one after another.
pub struct Session {
    _private: (),
}

//! The right to the interpreter for several steps; it ends when it is dropped.

use crate::directory::Directory;
use crate::interpreter::Msg;
use crate::job::LeaseId;

/// While it lives, no call of another caller runs.
pub(crate) struct Lease {
    id: LeaseId,
    directory: Directory,
}

impl Lease {
    /// The lease that the interpreter's actor has granted under this number.
    pub(crate) fn new(id: LeaseId, directory: Directory) -> Self {
        Self { id, directory }
    }

    /// Its number.
    pub(crate) fn id(&self) -> LeaseId {
        self.id
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        // Without an actor there is no lease to end.
        let _ = self.directory.interpreter(Msg::Release(self.id));
    }
}

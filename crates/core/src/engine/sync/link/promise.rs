//! What another device has told this one of the log: how far it had got. A sequencer that shows a
//! new device half of it, or another one, is found out.

use crate::engine::Engine;
use crate::wire::{Cursor, Page};

impl Engine {
    /// Whether a page may be of the log that was promised.
    pub(in crate::engine::sync) fn is_as_promised(&self, cursor: &Cursor, page: &Page) -> bool {
        let Some(promise) = &self.sync.promise else { return true };
        if page.incarnation != promise.incarnation || page.head < promise.sequence {
            return false;
        }
        let until = promise.sequence.checked_sub(page.after).map(usize::try_from);
        match until.and_then(Result::ok).and_then(|until| page.changes.get(..until)) {
            Some(changes) => cursor.chain.over(changes) == promise.chain,
            // It was passed by, or is still to come.
            None => true,
        }
    }

    /// The log was read up to here.
    pub(in crate::engine::sync) fn has_read(&mut self, cursor: &Cursor) -> rusqlite::Result<()> {
        let Some(promise) = &self.sync.promise else { return Ok(()) };
        if cursor.sequence < promise.sequence {
            return Ok(());
        }
        let writer = self.store.write()?;
        writer.set_promise(None)?;
        writer.commit_with_clock(&self.clock)?;
        self.sync.promise = None;
        Ok(())
    }
}

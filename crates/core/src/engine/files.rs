//! Photos and files: bytes that come in pieces, and the edits that attach them.

use super::edit::{EditError, Editing, Outcome};
use super::{Engine, failure};
use crate::change::{AttachmentRow, Change, ChangedRow, Life};
use crate::date::Instant;
use crate::id::{AttachmentId, EntryId, FileHash};
use crate::message::{
    Answer, Attach, CAPTION_CHARS_MAX, Changed, FILE_BYTES_MAX, Failure, FileCommand, NewEntry,
    PIECE_BYTES, Save,
};

/// A file whose pieces are coming, with the hash of what has come.
pub(super) struct Coming {
    hash: FileHash,
    hasher: blake3::Hasher,
    pieces: u32,
}

impl Engine {
    pub(super) fn file_command(
        &mut self,
        command: FileCommand,
        now: Instant,
    ) -> Result<Answer, Failure> {
        match command {
            FileCommand::Put { hash, number, last, bytes } => {
                self.put_piece(hash, number, last, &bytes.0, now)?;
            }
            FileCommand::Want { hash } => self.want_file(hash),
        }
        Ok(Answer::Done)
    }

    /// Keeps a piece, unless it is here; the last one only if the whole has the right hash.
    pub(super) fn put_piece(
        &mut self,
        hash: FileHash,
        number: u32,
        last: bool,
        bytes: &[u8],
        now: Instant,
    ) -> Result<(), Failure> {
        let here = self.store.file(hash).map_err(|error| failure(&error))?;
        if here.whole || (number < here.pieces && !last) {
            return Ok(());
        }
        let invalid = |why: &str| Err(Failure::Invalid(why.into()));
        if number != here.pieces {
            return invalid("a part of the file is missing: attach it again");
        }
        let short = bytes.len() < PIECE_BYTES;
        if bytes.len() > PIECE_BYTES || (short && !last) {
            return invalid("a part of the file is not as long as all are: attach it again");
        }
        if here.bytes + bytes.len() as u64 > FILE_BYTES_MAX {
            return invalid(&too_large());
        }
        let mut coming = self.coming(hash, number).map_err(|error| failure(&error))?;
        coming.hasher.update(bytes);
        coming.pieces += 1;
        if last && *coming.hasher.finalize().as_bytes() != hash.0 {
            self.store.drop_file(hash).map_err(|error| failure(&error))?;
            return invalid("the file was changed while it was read: attach it again");
        }
        let kept = self.store.put_piece(hash, number, bytes, last, now);
        kept.map_err(|error| failure(&error))?;
        self.owed += bytes.len();
        self.coming = (!last).then_some(coming);
        Ok(())
    }

    /// The hash of what is here of a file; what another worker took in is read again.
    fn coming(&mut self, hash: FileHash, pieces: u32) -> rusqlite::Result<Coming> {
        let known = self.coming.take().filter(|it| it.hash == hash && it.pieces == pieces);
        if let Some(coming) = known {
            return Ok(coming);
        }
        let mut hasher = blake3::Hasher::new();
        for number in 0..pieces {
            hasher.update(&self.store.piece(hash, number)?.unwrap_or_default());
        }
        Ok(Coming { hash, hasher, pieces })
    }
}

impl Editing<'_> {
    /// Attaches a file; an entry that does not exist yet is made without a text.
    pub(super) fn attach(&mut self, attach: &Attach) -> Outcome {
        let mut changed = Changed { attachments: true, ..Changed::default() };
        let life = self.writer.life(attach.entry)?;
        if !matches!(life, Some(Life::Live | Life::Trashed)) {
            changed = Changed { attachments: true, ..self.make_entry(attach)? };
        }
        self.put(attach)?;
        Ok((Answer::Done, changed))
    }

    fn make_entry(&mut self, attach: &Attach) -> Result<Changed, EditError> {
        let new: Option<NewEntry> = attach.new.clone();
        let save = Save { entry: attach.entry, body: String::new(), base: None, new };
        Ok(self.save(save)?.1)
    }

    /// Writes the row of a file whose bytes are here.
    pub(super) fn put(&mut self, attach: &Attach) -> Result<(), EditError> {
        if self.writer.attachment(attach.id)?.is_some_and(|row| !row.removed) {
            return Ok(());
        }
        let whole = self.writer.whole_file(attach.hash)?;
        let Some(bytes) = whole else {
            let why = "the file is not on this device as a whole: attach it again";
            return Err(Failure::Invalid(why.into()).into());
        };
        let thumb = match attach.thumb {
            Some(thumb) => self.writer.whole_file(thumb)?.map(|_| thumb),
            None => None,
        };
        self.write_attachment(AttachmentRow {
            id: attach.id,
            entry: attach.entry,
            hash: attach.hash,
            thumb,
            name: one_line(&attach.name),
            media: one_line(&attach.media),
            bytes,
            width: attach.width,
            height: attach.height,
            added: attach.added.unwrap_or(self.now),
            caption: one_line(&attach.caption),
            removed: false,
        })
    }

    pub(super) fn change_attachment(
        &mut self,
        id: AttachmentId,
        change: impl FnOnce(&mut AttachmentRow),
    ) -> Outcome {
        let Some(old) = self.writer.attachment(id)? else {
            return Err(Failure::NoAttachment.into());
        };
        let mut row = old.clone();
        change(&mut row);
        if row == old {
            return Ok((Answer::Done, Changed::default()));
        }
        row.caption = one_line(&row.caption);
        self.write_attachment(row)?;
        Ok((Answer::Done, Changed { attachments: true, ..Changed::default() }))
    }

    /// Takes all attachments of an entry away: it is deleted for good.
    pub(super) fn detach_all(&mut self, entry: EntryId) -> Result<(), EditError> {
        for row in self.writer.attachments_of(entry)? {
            let caption = String::new();
            self.write_attachment(AttachmentRow { removed: true, caption, ..row })?;
        }
        Ok(())
    }

    fn write_attachment(&mut self, row: AttachmentRow) -> Result<(), EditError> {
        let modified_at = self.clock.stamp(self.right_now);
        self.writer.apply(&Change { modified_at, row: ChangedRow::Attachment(row) })?;
        Ok(())
    }
}

/// What is said of a file that is longer than is kept.
fn too_large() -> String {
    format!("a file of over {} MB is too large: make it smaller", FILE_BYTES_MAX >> 20)
}

/// A name or caption as it is kept: on one line, and not without end.
fn one_line(text: &str) -> String {
    let line = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c });
    line.take(CAPTION_CHARS_MAX).collect()
}

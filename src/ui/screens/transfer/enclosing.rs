//! Photos and files on their way into a file: those of other devices are fetched first.

use super::jobs::JobError;
use crate::platform::timer;
use crate::porter::link::Porter;
use crate::porter::message::{ToPorter, file_name};
use crate::ui::dispatch::Dispatch;
use crate::ui::format;
use std::collections::HashSet;
use thoughtstream_core::id::FileHash;
use thoughtstream_core::message::{
    Answer, Attachment, FileCommand, FileState, Query, SyncPhase, SyncStatus,
};

/// How often it is looked whether a file has come, and how many times.
const LOOK_MS: u32 = 500;
const LOOKS: u32 = 120;

/// What is written already, and what could not be.
#[derive(Default)]
pub(super) struct Enclosing {
    written: HashSet<FileHash>,
    missing: u32,
}

impl Enclosing {
    /// Writes a photo or file and its small picture, unless they are written already.
    pub(super) async fn add(
        &mut self,
        dispatch: Dispatch,
        porter: &Porter,
        attachment: &Attachment,
    ) -> Result<(), JobError> {
        for hash in [Some(attachment.hash), attachment.thumb].into_iter().flatten() {
            if !self.written.insert(hash) {
                continue;
            }
            let mut state = file(dispatch, hash).await?;
            // Where one has not come, the line is down, and the others would not come either.
            if !state.whole && self.missing == 0 && hash == attachment.hash {
                state = fetched(dispatch, hash).await?;
            }
            if !state.whole {
                self.missing += u32::from(hash == attachment.hash);
                continue;
            }
            let name = file_name(hash, &attachment.name);
            for number in 0..state.pieces {
                let piece = dispatch.query(Query::Piece { hash, number }).await?;
                let Answer::Piece(Some(bytes)) = piece else { return Err(JobError::Crossed) };
                let (name, last) = (name.clone(), number + 1 == state.pieces);
                porter.say(&ToPorter::Enclose { name, bytes, last }, &[]).await?;
            }
        }
        Ok(())
    }

    /// Says what is not in the file.
    pub(super) fn tell(&self, dispatch: Dispatch) {
        if self.missing > 0 {
            let count = format::count(self.missing, "photo or file is", "photos and files are");
            let why = " on another device and could not be fetched: not in the export.";
            dispatch.say([&count, why].concat());
        }
    }
}

async fn file(dispatch: Dispatch, hash: FileHash) -> Result<FileState, JobError> {
    match dispatch.query(Query::File { hash }).await? {
        Answer::File(state) => Ok(state),
        _ => Err(JobError::Crossed),
    }
}

/// Waits for a file from the sequencer, if there is a line to it.
async fn fetched(dispatch: Dispatch, hash: FileHash) -> Result<FileState, JobError> {
    dispatch.put(FileCommand::Want { hash }).await?;
    for _ in 0..LOOKS {
        let state = file(dispatch, hash).await?;
        let Answer::Sync(SyncStatus { phase, .. }) = dispatch.query(Query::Sync).await? else {
            return Err(JobError::Crossed);
        };
        let down = matches!(phase, SyncPhase::Off | SyncPhase::Offline | SyncPhase::Stopped(_));
        if state.whole || down {
            return Ok(state);
        }
        timer::sleep(LOOK_MS).await;
    }
    file(dispatch, hash).await
}

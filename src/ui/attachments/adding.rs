//! Adding files to an entry: made ready by a porter, kept piece by piece, then attached.

use crate::platform::random;
use crate::porter::link::Porter;
use crate::porter::message::{FromPorter, Side, ToPorter};
use crate::ui::dispatch::Dispatch;
use crate::ui::preferences::PhotoPlace;
use crate::ui::screens::entry::open::Open;
use crate::ui::screens::transfer::jobs::JobError;
use leptos::prelude::*;
use leptos::task::spawn_local;
use thoughtstream_core::id::{AttachmentId, EntryId, FileHash};
use thoughtstream_core::message::{
    Answer, Attach, Edit, FILE_BYTES_MAX, FileCommand, NewEntry, Query,
};
use wasm_bindgen::JsCast;
use web_sys::{Blob, File};

/// Adds files to an entry, one after the other; what cannot be is told.
pub fn add(open: Open, files: Vec<Blob>, place: PhotoPlace) {
    let (large, files): (Vec<Blob>, Vec<Blob>) =
        files.into_iter().partition(|file| file.size() as u64 > FILE_BYTES_MAX);
    let (dispatch, entry, new) = (open.dispatch, open.id, open.new_entry());
    let most = (FILE_BYTES_MAX >> 20).to_string();
    for file in &large {
        let why = [&quoted(file), " is over ", &most, " MB, which is too large to attach."];
        dispatch.say(why.concat());
    }
    if files.is_empty() {
        return;
    }
    open.adding.update(|count| *count += files.len());
    spawn_local(async move {
        let porter = Porter::start().await;
        for file in files {
            let added = match &porter {
                Ok(porter) => add_one(dispatch, porter, entry, new.clone(), &file, place).await,
                Err(error) => Err(error.clone().into()),
            };
            match added {
                Ok(()) => open.attached(),
                Err(error) => {
                    let why = [&quoted(&file), " was not attached: ", &error.to_string()];
                    dispatch.say(why.concat());
                }
            }
            open.adding.try_update(|count| *count -= 1);
        }
    });
}

async fn add_one(
    dispatch: Dispatch,
    porter: &Porter,
    entry: EntryId,
    new: Option<NewEntry>,
    file: &Blob,
    place: PhotoPlace,
) -> Result<(), JobError> {
    let ask = ToPorter::Prepare { keep_place: place == PhotoPlace::Kept };
    let said = porter.say(&ask, std::slice::from_ref(file)).await?.0;
    let FromPorter::Prepared(ready) = said else { return Err(JobError::Crossed) };
    keep(dispatch, porter, Side::Whole, ready.hash).await?;
    if let Some(thumb) = ready.thumb {
        keep(dispatch, porter, Side::Thumb, thumb).await?;
    }
    let attach = Attach {
        id: AttachmentId(random::bytes()),
        entry,
        new,
        hash: ready.hash,
        thumb: ready.thumb,
        name: ready.name,
        media: ready.media,
        width: ready.width,
        height: ready.height,
        caption: String::new(),
        added: None,
    };
    dispatch.edit(Edit::Attach(Box::new(attach))).await?;
    Ok(())
}

/// Hands the pieces of a file to the journal, from where it has them.
///
/// # Errors
/// With the reason why not all of it is kept.
pub async fn keep(
    dispatch: Dispatch,
    porter: &Porter,
    side: Side,
    hash: FileHash,
) -> Result<(), JobError> {
    let Answer::File(state) = dispatch.query(Query::File { hash }).await? else {
        return Err(JobError::Crossed);
    };
    let mut number = state.pieces;
    let mut done = state.whole;
    while !done {
        let said = porter.say(&ToPorter::Piece { side, number }, &[]).await?.0;
        let FromPorter::Piece { bytes, last } = said else { return Err(JobError::Crossed) };
        dispatch.put(FileCommand::Put { hash, number, last, bytes }).await?;
        (number, done) = (number + 1, last);
    }
    Ok(())
}

fn quoted(file: &Blob) -> String {
    let name = file.dyn_ref::<File>().map(File::name);
    name.map_or_else(|| "The file".into(), |name| ["\u{201c}", &name, "\u{201d}"].concat())
}

//! An entry's photos and files, as both formats write them: one text each, fields between bars.
//!
//! ```text
//! files/<hash>.jpg | id | added | image/jpeg | 4000x3000 | small | name | caption
//! ```
//!
//! `added` is milliseconds since 1970, `small` the hash of the small picture, or `-`. The bytes lie
//! in the archive's folder `files` under that name; where they are is told by their hash and not by
//! the name, so that an archive may be packed anew.

use crate::date::Instant;
use crate::id::{EntryId, FileHash};
use crate::message::{Attach, Attachment};

/// The folder of the files in an archive.
pub(crate) const FOLDER: &str = "files/";

/// Longest ending of a name that is taken over.
const ENDING_MAX: usize = 8;

/// The name of a file in an archive: its hash, with the ending by which systems know its kind.
#[must_use]
pub fn file_name(hash: FileHash, name: &str) -> String {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let plain = |ending: &String| {
        (1..=ENDING_MAX).contains(&ending.len())
            && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let ending = ending.filter(plain).unwrap_or_else(|| "bin".into());
    format!("{FOLDER}{hash}.{ending}")
}

/// Writes one attachment.
pub(crate) fn write(attachment: &Attachment) -> String {
    let Attachment { id, hash, thumb, width, height, added, .. } = attachment;
    let thumb = thumb.map_or_else(|| "-".into(), |thumb| thumb.to_string());
    let [name, media, caption] =
        [&attachment.name, &attachment.media, &attachment.caption].map(|text| escaped(text));
    let file = file_name(*hash, &attachment.name);
    let added = added.0;
    format!("{file} | {id} | {added} | {media} | {width}x{height} | {thumb} | {name} | {caption}")
}

/// Reads one; `None` if it is something else.
pub(crate) fn read(text: &str) -> Option<Attach> {
    let fields: Vec<&str> = text.split(" | ").collect();
    let [file, id, added, media, size, thumb, name, caption] = fields[..] else { return None };
    let hash = file.strip_prefix(FOLDER)?.split('.').next()?.parse().ok()?;
    let (width, height) = size.split_once('x')?;
    Some(Attach {
        id: id.parse().ok()?,
        entry: EntryId([0; 16]), // the entry that it stands in
        new: None,
        hash,
        thumb: if thumb == "-" { None } else { Some(thumb.parse().ok()?) },
        name: plain(name),
        media: plain(media),
        width: width.parse().ok()?,
        height: height.parse().ok()?,
        caption: plain(caption),
        added: Some(Instant(added.parse().ok()?)),
    })
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('|', "%7C")
}

fn plain(text: &str) -> String {
    text.replace("%7C", "|").replace("%25", "%")
}

//! Photos and files: what is attached is there, whole, after anything; what is not, leaves nothing.

mod cut;

use crate::support::{Desk, NOW, SYDNEY, date, entry_id, zone};
use thoughtstream_core::date::Instant;
use thoughtstream_core::id::{AttachmentId, FileHash, JournalId};
use thoughtstream_core::message::{
    Answer, Attach, Attachment, Bytes, Command, Edit, FILE_BYTES_MAX, Failure, FileCommand,
    FileState, NewEntry, PIECE_BYTES, Query,
};
use thoughtstream_disk::{Disk, Files};

pub(crate) const DAY: i64 = 24 * 3_600_000;

/// What could be in a file, of this length.
pub(crate) fn content(length: usize, seed: u8) -> Vec<u8> {
    (0..length).map(|at| (at as u8).wrapping_mul(31) ^ (at >> 8) as u8 ^ seed).collect()
}

pub(crate) fn hash(bytes: &[u8]) -> FileHash {
    FileHash(*blake3::hash(bytes).as_bytes())
}

fn pieces(bytes: &[u8]) -> Vec<Command> {
    let (hash, count) = (hash(bytes), bytes.len().div_ceil(PIECE_BYTES).max(1));
    let piece = |number: usize| {
        let piece = &bytes[number * PIECE_BYTES..bytes.len().min((number + 1) * PIECE_BYTES)];
        Command::File(FileCommand::Put {
            hash,
            number: u32::try_from(number).unwrap(),
            last: number + 1 == count,
            bytes: Bytes(piece.to_vec()),
        })
    };
    (0..count).map(piece).collect()
}

pub(crate) fn put(desk: &mut Desk, bytes: &[u8]) -> Result<(), Failure> {
    for piece in pieces(bytes) {
        desk.number += 1;
        desk.send(desk.number, piece)?;
    }
    Ok(())
}

pub(crate) fn attach(id: u8, entry: u64, bytes: &[u8]) -> Attach {
    Attach {
        id: AttachmentId([id; 16]),
        entry: entry_id(entry),
        new: None,
        hash: hash(bytes),
        thumb: None,
        name: format!("photo {id}.jpg"),
        media: "image/jpeg".into(),
        width: 4_000,
        height: 3_000,
        caption: String::new(),
        added: None,
    }
}

pub(crate) fn attached(id: u8, entry: u64, bytes: &[u8]) -> Edit {
    Edit::Attach(Box::new(attach(id, entry, bytes)))
}

pub(crate) fn attachments(desk: &mut Desk, entry: u64) -> Vec<Attachment> {
    match desk.ask(Query::Attachments { entry: entry_id(entry) }) {
        Answer::Attachments(attachments) => attachments,
        other => panic!("{other:?}"),
    }
}

/// All of a file, as a page reads it.
pub(crate) fn read(desk: &mut Desk, hash: FileHash) -> Option<Vec<u8>> {
    let Answer::File(FileState { whole: true, pieces, .. }) = desk.ask(Query::File { hash }) else {
        return None;
    };
    let mut bytes = Vec::new();
    for number in 0..pieces {
        match desk.ask(Query::Piece { hash, number }) {
            Answer::Piece(Some(piece)) => bytes.extend(piece.0),
            other => panic!("piece {number} of {pieces}: {other:?}"),
        }
    }
    Some(bytes)
}

fn refusal(outcome: Result<impl std::fmt::Debug, Failure>) -> String {
    outcome.unwrap_err().to_string()
}

#[test]
fn what_is_attached_is_there_and_can_be_taken_away_and_brought_back() {
    let disk = Disk::new(Files::new());
    let mut desk = Desk::open(&disk);
    desk.write(1, Some("2026-04-01"), "a day by the sea");
    let photo = content(2 * PIECE_BYTES + 1_234, 7);
    put(&mut desk, &photo).unwrap();
    desk.done(attached(1, 1, &photo));
    assert!(desk.changed.as_ref().unwrap().attachments);
    let id = AttachmentId([1; 16]);
    desk.done(Edit::Caption { attachment: id, caption: " the\nharbour ".into() });

    let mut desk = desk.reopen(&disk);
    let shown = attachments(&mut desk, 1).remove(0);
    assert_eq!((shown.bytes, shown.here), (photo.len() as u64, true));
    assert_eq!(shown.caption, "the harbour");
    assert_eq!(read(&mut desk, shown.hash).as_ref(), Some(&photo));

    desk.done(Edit::Detach { attachment: id });
    assert!(attachments(&mut desk, 1).is_empty());
    // For weeks, whatever is swept away, this can be undone.
    desk.now = Instant(NOW.0 + 7 * DAY);
    desk.settle();
    desk.done(Edit::Reattach { attachment: id });
    assert_eq!(attachments(&mut desk, 1), [Attachment { here: true, ..shown.clone() }]);
    assert_eq!(read(&mut desk, shown.hash), Some(photo));

    desk.done(Edit::Trash { entry: entry_id(1) });
    desk.done(Edit::Delete { entry: entry_id(1) });
    assert!(attachments(&mut desk, 1).is_empty());
    let mut desk = desk.reopen(&disk);
    desk.now = Instant(NOW.0 + 60 * DAY);
    desk.settle();
    let gone = Answer::File(FileState::default());
    assert_eq!(desk.ask(Query::File { hash: shown.hash }), gone, "nothing is kept for ever");
}

#[test]
fn a_photo_alone_makes_an_entry() {
    let mut desk = Desk::in_memory();
    let photo = content(100, 1);
    put(&mut desk, &photo).unwrap();
    let new = NewEntry { journal: JournalId::FIRST, zone: zone(SYDNEY), date: None };
    let attach_new = Attach { new: Some(new), ..attach(1, 5, &photo) };
    desk.done(Edit::Attach(Box::new(attach_new)));
    let Answer::Entry(Some(entry)) = desk.ask(Query::Entry { entry: entry_id(5) }) else {
        panic!()
    };
    assert_eq!(entry.body, "");
    // What is typed then is no second version of it.
    desk.write(5, None, "with words");
    let Answer::Entry(Some(entry)) = desk.ask(Query::Entry { entry: entry_id(5) }) else {
        panic!()
    };
    assert_eq!((entry.body.as_str(), entry.revisions), ("with words", 0));
    assert_eq!(attachments(&mut desk, 5).len(), 1);
    assert!(refusal(desk.edit(attached(2, 6, &photo))).contains("no such entry"));
}

#[test]
fn equal_files_are_kept_once_and_stay_as_long_as_one_is_attached() {
    let mut desk = Desk::in_memory();
    let (photo, other) = (content(300_000, 2), content(50, 3));
    for entry in [1, 2] {
        desk.write(entry, None, "x");
        put(&mut desk, &photo).unwrap();
        desk.done(attached(entry as u8, entry, &photo));
    }
    put(&mut desk, &other).unwrap();
    desk.done(Edit::Detach { attachment: AttachmentId([1; 16]) });
    desk.now = Instant(NOW.0 + 40 * DAY);
    desk.settle();
    assert_eq!(read(&mut desk, hash(&photo)), Some(photo));
    assert_eq!(read(&mut desk, hash(&other)), None, "it was never attached");
}

#[test]
fn what_cannot_be_right_is_refused_and_loses_nothing() {
    let mut desk = Desk::in_memory();
    desk.write(1, None, "x");
    let photo = content(PIECE_BYTES + 5, 4);
    let why = refusal(desk.edit(attached(1, 1, &photo)));
    assert!(why.contains("not on this device"), "{why}");

    let mut parts = pieces(&photo);
    desk.number += 1;
    assert!(refusal(desk.send(desk.number, parts.pop().unwrap())).contains("missing"));
    put(&mut desk, &photo).unwrap();
    put(&mut desk, &photo).unwrap();
    desk.done(attached(1, 1, &photo));

    let wrong = FileCommand::Put {
        hash: FileHash([9; 32]),
        number: 0,
        last: true,
        bytes: Bytes(b"not what the hash says".to_vec()),
    };
    desk.number += 1;
    assert!(refusal(desk.send(desk.number, Command::File(wrong))).contains("changed while"));
    let none = Answer::File(FileState::default());
    assert_eq!(desk.ask(Query::File { hash: FileHash([9; 32]) }), none);
    assert_eq!(read(&mut desk, hash(&photo)), Some(photo));
    let missing = Edit::Detach { attachment: AttachmentId([8; 16]) };
    assert!(refusal(desk.edit(missing)).contains("no such attachment"));
}

#[test]
fn a_file_that_is_too_large_is_refused_before_it_fills_the_disk() {
    let mut desk = Desk::in_memory();
    let large = content(usize::try_from(FILE_BYTES_MAX).unwrap() + 1, 5);
    assert!(refusal(put(&mut desk, &large)).contains("over 25 MB is too large"));
    let most = &large[1..];
    put(&mut desk, most).unwrap();
    assert_eq!(read(&mut desk, hash(most)).unwrap(), most);
}

#[test]
fn the_gallery_has_the_pictures_of_entries_that_are_there() {
    let mut desk = Desk::in_memory();
    let days = ["2024-02-03", "2024-02-28", "2025-07-01", "2025-07-02"];
    for (day, number) in days.into_iter().zip(1..) {
        desk.write(number, Some(day), "x");
        for copy in 0..2 {
            let photo = content(60, number as u8 * 2 + copy);
            put(&mut desk, &photo).unwrap();
            desk.done(attached(number as u8 * 2 + copy, number, &photo));
        }
    }
    let text = content(9, 99);
    put(&mut desk, &text).unwrap();
    let file = Attach { media: "text/plain".into(), ..attach(99, 1, &text) };
    desk.done(Edit::Attach(Box::new(file)));
    desk.done(Edit::Detach { attachment: AttachmentId([8; 16]) });
    desk.done(Edit::Trash { entry: entry_id(3) });

    let Answer::Outline(months) = desk.ask(Query::PicturesOutline) else { panic!() };
    let months: Vec<_> = months.iter().map(|it| (it.month, it.entries)).collect();
    let month = |day| date(day).in_month();
    assert_eq!(months, [(month("2025-07-01"), 1), (month("2024-02-01"), 4)]);
    let page = Query::Pictures { month: month("2024-02-01"), skip: 1, limit: 2 };
    let Answer::Pictures(pictures) = desk.ask(page) else { panic!() };
    let ids: Vec<_> = pictures.iter().map(|it| (it.attachment.id.0[0], it.date)).collect();
    assert_eq!(ids, [(5, date("2024-02-28")), (2, date("2024-02-03"))]);
}

/// A list shows what is to be seen on a photo, not where it lies.
#[test]
fn an_excerpt_has_captions_and_no_addresses() {
    let cases = [
        ("a ![the sea](attachment:9f3c2a7b) b", "a the sea b"),
        ("![](attachment:9f3c2a7b)\n\nwords", "words"),
        ("![one](attachment:11111111)![two](attachment:22222222)", "onetwo"),
        ("broken ![x](attachment:9f", "broken ![x](attachment:9f"),
        ("](attachment:1) alone", "](attachment:1) alone"),
        ("![theirs](https://example.com/a.png)", "![theirs](https://example.com/a.png)"),
    ];
    for (body, expected) in cases {
        assert_eq!(thoughtstream_core::text::excerpt(body, 280), expected);
    }
}

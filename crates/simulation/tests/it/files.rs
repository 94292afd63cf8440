//! Photos on their way between devices, with the real engines and the real sequencer.

use thoughtstream_core::date::Zone;
use thoughtstream_core::engine::Input;
use thoughtstream_core::id::{AttachmentId, EntryId, FileHash, JournalId};
use thoughtstream_core::message::{
    Answer, Attach, Attachment, Bytes, Command, Edit, FileCommand, FileState, NewEntry,
    PIECE_BYTES, Query, Save, SyncPhase,
};
use thoughtstream_simulation::device::ZONE;
use thoughtstream_simulation::world::World;

const MINUTE: i64 = 60_000;
const ENTRY: EntryId = EntryId([1; 16]);

struct Story(World);

impl Story {
    /// Two devices in one vault, with one entry.
    fn begin() -> Self {
        let mut story = Self(World::new(1));
        for device in 0..2 {
            story.0.add_device();
            match device {
                0 => story.0.create_vault(0),
                _ => story.0.join_vault(device),
            }
            story.settle();
        }
        let new = NewEntry { journal: JournalId::FIRST, zone: Zone(ZONE.into()), date: None };
        let body = "a day by the sea".into();
        story.ask(
            0,
            Command::Edit(Edit::Save(Save { entry: ENTRY, body, base: None, new: Some(new) })),
        );
        story
    }

    fn ask(&mut self, device: usize, command: Command) -> Answer {
        self.0.ask(device, command).expect("on").expect("done")
    }

    fn settle(&mut self) {
        self.0.pass(2 * MINUTE);
    }

    fn put(&mut self, device: usize, bytes: &[u8]) -> FileHash {
        let (hash, count) = (FileHash::of(bytes), bytes.len().div_ceil(PIECE_BYTES));
        for (piece, number) in bytes.chunks(PIECE_BYTES).zip(0..) {
            let (last, bytes) = (number as usize + 1 == count, Bytes(piece.to_vec()));
            self.ask(device, Command::File(FileCommand::Put { hash, number, last, bytes }));
        }
        hash
    }

    /// Attaches a photo with its small picture.
    fn attach(&mut self, device: usize, id: u8, bytes: &[u8]) -> FileHash {
        let (hash, thumb) = (self.put(device, bytes), self.put(device, &[id; 500]));
        let attach = Attach {
            id: AttachmentId([id; 16]),
            entry: ENTRY,
            new: None,
            hash,
            thumb: Some(thumb),
            name: "harbour.jpg".into(),
            media: "image/jpeg".into(),
            width: 4_000,
            height: 3_000,
            caption: String::new(),
            added: None,
        };
        self.ask(device, Command::Edit(Edit::Attach(Box::new(attach))));
        hash
    }

    fn shown(&mut self, device: usize) -> Vec<Attachment> {
        match self.ask(device, Command::Query(Query::Attachments { entry: ENTRY })) {
            Answer::Attachments(all) => all,
            other => panic!("{other:?}"),
        }
    }

    /// All of a file that is on a device.
    fn read(&mut self, device: usize, hash: FileHash) -> Option<Vec<u8>> {
        let state = self.ask(device, Command::Query(Query::File { hash }));
        let Answer::File(FileState { whole: true, pieces, .. }) = state else { return None };
        let mut all = Vec::new();
        for number in 0..pieces {
            match self.ask(device, Command::Query(Query::Piece { hash, number })) {
                Answer::Piece(Some(bytes)) => all.extend(bytes.0),
                other => panic!("{other:?}"),
            }
        }
        Some(all)
    }

    fn want(&mut self, device: usize, hash: FileHash) {
        self.ask(device, Command::File(FileCommand::Want { hash }));
    }
}

fn photo(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 7 + at / 251) as u8).collect()
}

/// The small picture comes by itself, the whole one when somebody looks.
#[test]
fn a_photo_reaches_the_other_device() {
    let mut story = Story::begin();
    let photo = photo(2 * PIECE_BYTES + 99);
    let hash = story.attach(0, 7, &photo);
    story.settle();
    let shown = story.shown(1).remove(0);
    assert_eq!((shown.hash, shown.here, shown.thumb_here), (hash, false, true));
    assert_eq!(story.read(1, hash), None);
    story.want(1, hash);
    story.settle();
    assert_eq!(story.read(1, hash), Some(photo));
    assert!(story.shown(1)[0].here);
    let digest = |story: &Story, device: usize| {
        story.0.devices[device].engine.as_ref().expect("on").digest().expect("read")
    };
    assert_eq!(digest(&story, 0), digest(&story, 1));
}

/// An upload that broke off goes on, and equal files go once.
#[test]
fn an_upload_goes_on_after_the_line_was_cut() {
    let mut story = Story::begin();
    story.settle();
    let photo = photo(6 * PIECE_BYTES);
    story.0.devices[0].connected = false;
    let hash = story.attach(0, 7, &photo);
    for _ in 0..40 {
        story.0.devices[0].connected = true;
        drop(story.0.handle(0, Input::Online));
        story.0.pass(400);
        story.0.devices[0].connected = false;
        story.0.pass(MINUTE);
    }
    story.0.devices[0].connected = true;
    drop(story.0.handle(0, Input::Online));
    story.settle();
    story.want(1, hash);
    story.settle();
    assert_eq!(story.read(1, hash).as_ref(), Some(&photo));
    // The other device attaches the same photo: there is nothing to send.
    story.attach(1, 9, &photo);
    story.settle();
    assert_eq!(story.shown(0).len(), 2);
    assert!(story.shown(0).iter().all(|shown| shown.here));
}

/// Words are synced while a photo is under way, and without it.
#[test]
fn words_do_not_wait_for_photos() {
    let mut story = Story::begin();
    story.attach(0, 7, &photo(8 * PIECE_BYTES));
    let base = None;
    let save = Save { entry: ENTRY, body: "more words".into(), base, new: None };
    story.ask(0, Command::Edit(Edit::Save(save)));
    story.settle();
    let Answer::Entry(Some(entry)) = story.ask(1, Command::Query(Query::Entry { entry: ENTRY }))
    else {
        panic!("no entry")
    };
    assert_eq!(entry.body, "more words");
    for device in 0..2 {
        let status = story.0.devices[device].status.clone().expect("a status");
        assert_eq!((status.phase, status.files_full), (SyncPhase::Synced, false));
    }
}

/// What is taken away stays readable for weeks; then it is dropped on both sides, and what is
/// attached again comes back everywhere.
#[test]
fn what_nobody_has_any_more_is_dropped() {
    let mut story = Story::begin();
    let photo = photo(1_000);
    let hash = story.attach(0, 7, &photo);
    story.settle();
    story.ask(0, Command::Edit(Edit::Detach { attachment: AttachmentId([7; 16]) }));
    story.settle();
    assert!(story.shown(1).is_empty());
    assert_eq!(story.read(0, hash).as_ref(), Some(&photo), "it can still be brought back");
    story.ask(0, Command::Edit(Edit::Reattach { attachment: AttachmentId([7; 16]) }));
    story.settle();
    story.want(1, hash);
    story.settle();
    assert_eq!(story.read(1, hash), Some(photo));
}

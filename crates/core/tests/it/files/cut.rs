//! The power goes while files are attached; the files of pictures are damaged; the disk is full.

use super::{DAY, attach, attached, attachments, content, hash, pieces, put, read};
use crate::power::cut_power;
use crate::support::{Desk, NOW, setting};
use thoughtstream_core::date::Instant;
use thoughtstream_core::id::{AttachmentId, FileHash};
use thoughtstream_core::message::{Answer, Attach, Command, Edit, PIECE_BYTES, Query};
use thoughtstream_disk::{Disk, Files, Op, Trip, Trouble};

const ENTRY: u64 = 1;
const PHOTOS: &str = "files-1.sqlite3";

fn photos() -> [Vec<u8>; 3] {
    [content(PIECE_BYTES + 77, 1), content(900, 2), content(5_000, 3)]
}

/// What a person does; each is one request, and durable when it is answered.
fn requests() -> Vec<Command> {
    let photos = photos();
    let mut requests = Vec::new();
    for (photo, id) in photos.iter().zip(1..) {
        let thumb = content(200, 40 + id);
        requests.extend(pieces(photo));
        requests.extend(pieces(&thumb));
        let thumb = Some(hash(&thumb));
        let attach = Attach { thumb, ..attach(id, ENTRY, photo) };
        requests.push(Command::Edit(Edit::Attach(Box::new(attach))));
    }
    let attachment = AttachmentId([2; 16]);
    requests.push(Command::Edit(Edit::Detach { attachment }));
    requests.push(Command::Edit(Edit::Reattach { attachment }));
    requests.push(Command::Edit(Edit::Caption { attachment, caption: "a boat".into() }));
    requests
}

fn seen(desk: &mut Desk) -> Vec<(AttachmentId, String)> {
    attachments(desk, ENTRY).into_iter().map(|it| (it.id, it.caption)).collect()
}

fn live() -> (Vec<Op>, Vec<Vec<(AttachmentId, String)>>) {
    let disk = Disk::new(Files::new());
    disk.record();
    let mut desk = Desk::open(&disk);
    desk.write(ENTRY, None, "a day by the sea");
    disk.acknowledge(0);
    let mut states = vec![seen(&mut desk)];
    for (request, number) in requests().into_iter().zip(1..) {
        desk.send(number as u64 + 1, request).unwrap();
        disk.acknowledge(number);
        states.push(seen(&mut desk));
        if number % 4 == 0 {
            desk.settle();
        }
    }
    (disk.recorded(), states)
}

/// What a cut leaves: each attachment that is shown has all of its bytes, the request under way
/// can be sent again, and two days later nothing is kept that nothing leads to.
fn judge(
    files: Files,
    acknowledged: usize,
    states: &[Vec<(AttachmentId, String)>],
) -> Result<(), String> {
    let disk = Disk::new(files);
    let mut desk = Desk::open(&disk);
    let now = seen(&mut desk);
    if !states[acknowledged..states.len().min(acknowledged + 2)].contains(&now) {
        return Err(format!("{acknowledged} acknowledged, but {now:?} is shown"));
    }
    whole(&mut desk)?;
    if let Some(request) = requests().into_iter().nth(acknowledged) {
        let again = desk.send(acknowledged as u64 + 2, request);
        // Before the entry was there, nothing can be attached to it.
        if acknowledged > 0 {
            again.map_err(|why| why.to_string())?;
        }
    }
    desk.now = Instant(NOW.0 + 2 * DAY);
    desk.settle();
    whole(&mut desk)?;
    let mut kept: Vec<FileHash> = Vec::new();
    for shown in attachments(&mut desk, ENTRY) {
        kept.extend([Some(shown.hash), shown.thumb].into_iter().flatten());
    }
    desk.engine.close();
    orphans(&disk, &kept)
}

fn whole(desk: &mut Desk) -> Result<(), String> {
    for shown in attachments(desk, ENTRY) {
        for name in [Some(shown.hash), shown.thumb].into_iter().flatten() {
            if read(desk, name).is_none_or(|bytes| hash(&bytes) != name) {
                return Err(format!("{} points to nothing", shown.name));
            }
        }
    }
    Ok(())
}

/// Whether the file of pictures is sound and holds these and no others, but for those of an
/// attachment that was removed.
fn orphans(disk: &Disk, kept: &[FileHash]) -> Result<(), String> {
    use thoughtstream_core::store::Folder;
    if !disk.files().contains_key(PHOTOS) {
        return if kept.is_empty() { Ok(()) } else { Err("there is no file".into()) };
    }
    let conn = disk.open(PHOTOS).map_err(|error| error.to_string())?;
    conn.pragma_update(None, "locking_mode", "EXCLUSIVE").unwrap();
    let verdict: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    if verdict != "ok" {
        return Err(verdict);
    }
    let Ok(mut statement) = conn.prepare("SELECT DISTINCT hash FROM pieces") else {
        return Ok(());
    };
    let found = statement.query_map([], |row| row.get(0).map(FileHash)).unwrap();
    let removed = hash(&photos()[1]);
    let thumb = hash(&content(200, 42));
    let found: Vec<FileHash> = found.map(Result::unwrap).collect();
    match found.iter().find(|hash| !kept.contains(hash) && ![removed, thumb].contains(hash)) {
        Some(orphan) => Err(format!("{orphan} is kept for nothing")),
        None => Ok(()),
    }
}

#[test]
fn a_power_cut_leaves_neither_holes_nor_rubbish() {
    let seed = setting("THOUGHTSTREAM_SEED", 1) as u64;
    let count = setting("THOUGHTSTREAM_POWER_CUTS", 1_000) / 5;
    let (ops, states) = live();
    let flushes = ops.iter().filter(|op| matches!(op, Op::Sync(_) | Op::Create(_))).count();
    println!("{flushes} flushes for {} requests", requests().len());
    let judge = |files, acknowledged| judge(files, acknowledged, &states);
    let wrong = cut_power(&ops, count, seed, judge);
    assert!(wrong.is_empty(), "{} wrong, first: {}", wrong.len(), wrong[0]);
}

/// A photo that the disk has no room for is told, and the words beside it go on.
#[test]
fn a_full_disk_takes_no_photo_and_hurts_no_word() {
    for after in (0..60).step_by(3) {
        let disk = Disk::new(Files::new());
        let mut desk = Desk::open(&disk);
        desk.write(ENTRY, None, "words");
        disk.trip(Trip { after, kind: Trouble::NoRoom, lasting: true });
        let kept = put(&mut desk, &photos()[0]);
        if !disk.mend() {
            assert!(kept.is_ok());
            break;
        }
        assert!(kept.is_err());
        desk.write(2, None, "more words");
        put(&mut desk, &photos()[0]).unwrap();
        desk.done(attached(1, ENTRY, &photos()[0]));
        let mut desk = desk.reopen(&disk);
        assert_eq!(read(&mut desk, hash(&photos()[0])).as_ref(), Some(&photos()[0]), "{after}");
    }
}

/// Damage to the photos costs those it hit; the file is left as it is, and no word is touched.
#[test]
fn damage_to_photos_costs_these_and_no_word() {
    let disk = Disk::new(Files::new());
    let mut desk = Desk::open(&disk);
    desk.write(ENTRY, None, "words");
    let photos: Vec<Vec<u8>> = (10..30).map(|seed| content(70_000, seed)).collect();
    for (photo, id) in photos.iter().zip(1..) {
        put(&mut desk, photo).unwrap();
        desk.done(attached(id, ENTRY, photo));
    }
    desk.engine.close();
    let sound = disk.files();
    for (at, length) in [(0, 100), (32_768 * 4, 32_768), (32_768 * 21 + 5_000, 40_000)] {
        let mut files = sound.clone();
        let end = (at + length).min(files[PHOTOS].len());
        files.get_mut(PHOTOS).unwrap()[at..end].fill(0xa5);
        let before = files[PHOTOS].clone();
        let disk = Disk::new(files);
        let mut desk = suspect(&disk);
        assert!(desk.engine.recovered().is_none(), "the journal itself is sound");
        let shown = attachments(&mut desk, ENTRY);
        assert_eq!(shown.len(), photos.len());
        let mut there = 0;
        for (shown, photo) in shown.iter().zip(&photos) {
            if let Some(bytes) = read(&mut desk, shown.hash) {
                assert!(shown.here && bytes == *photo);
                there += 1;
            }
        }
        // A broken header hides everything from SQLite; elsewhere those of a page are lost.
        assert!(at == 0 || there >= 10, "{there} are left of 20");
        let Answer::Entry(Some(entry)) = desk.ask(Query::Entry { entry: shown[0].entry }) else {
            panic!()
        };
        assert_eq!(entry.body, "words");
        put(&mut desk, &photos[0]).unwrap();
        let mut desk = desk.reopen(&disk);
        assert_eq!(read(&mut desk, hash(&photos[0])).as_ref(), Some(&photos[0]));
        assert!(disk.files()[PHOTOS] == before, "the damaged file is left as it is");
    }
}

fn suspect(disk: &Disk) -> Desk {
    use crate::support::{DEVICE, World};
    use thoughtstream_core::engine::Engine;
    Desk::at(Engine::open(disk, true, DEVICE, Box::new(World)).unwrap())
}

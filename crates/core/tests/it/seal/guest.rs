//! Guests: what they are given opens by their code alone, what they write opens for the vault
//! alone, and in its place alone.

use super::{VAULT, each_flip, frozen, keys};
use crate::support::{Chance, NOW, SYDNEY, date, time, zone};
use proptest::prelude::*;
use thoughtstream_core::id::{GuestId, VaultId};
use thoughtstream_core::message::{GuestKind, Shown, Written};
use thoughtstream_core::seal::{Epoch, GuestCode, GuestPass, Packer, SealError, VaultKeys};

const GUEST: GuestId = GuestId([3; 16]);

fn shown() -> Vec<Shown> {
    let one = Shown {
        date: date("2026-04-24"),
        time: Some(time("18:30")),
        body: "Rain on the roof.".to_owned(),
    };
    let other = Shown { date: date("1999-12-31"), time: None, body: String::new() };
    vec![one, other]
}

fn written(body: &str) -> Written {
    Written { at: NOW, zone: zone(SYDNEY), body: body.to_owned() }
}

fn pass() -> GuestPass {
    keys().guest_pass(GUEST, shown()).unwrap()
}

fn code() -> GuestCode {
    GuestCode::create(&mut Chance::new(7))
}

fn item(slot: u64) -> Vec<u8> {
    let mut chance = Chance::new(8);
    pass().seal_item(slot, &written("Sealed."), &Packer::default(), &mut chance).unwrap()
}

#[test]
fn the_formats_are_what_they_were() {
    let sealed = pass().seal(&code(), &Packer::default(), &mut Chance::new(9));
    frozen::is("guest code", code().text().as_bytes());
    frozen::is("guest right", &code().right_hash().0);
    frozen::is("guest pass", &sealed);
    frozen::is("guest item", &item(4));
    let note = keys().seal_guest_note(GUEST, GuestKind::Backup, frozen::counting(5));
    frozen::is("guest note", &note);
    assert_eq!(keys().open_guest_note(GUEST, &frozen::of("guest note")), Some(GuestKind::Backup));
    let opened = GuestPass::open(&code(), &frozen::of("guest pass")).unwrap();
    assert_eq!((opened.guest(), &opened.shown), (GUEST, &shown()));
    let (_, opened) = keys().open_item(GUEST, 4, &frozen::of("guest item")).unwrap();
    assert_eq!(opened, written("Sealed."));
}

#[test]
fn a_pass_opens_by_its_code_alone_and_unchanged() {
    let sealed = pass().seal(&code(), &Packer::default(), &mut Chance::new(9));
    let other = GuestCode::create(&mut Chance::new(10));
    assert!(matches!(GuestPass::open(&other, &sealed), Err(SealError::Refused(_))));
    each_flip(&sealed, |at, changed| {
        assert!(GuestPass::open(&code(), changed).is_err(), "byte {at}");
    });
}

#[test]
fn an_item_opens_in_its_place_alone_and_unchanged() {
    let (id, _) = keys().open_item(GUEST, 4, &item(4)).unwrap();
    let refused = |keys: &VaultKeys, guest, slot| {
        let opened = keys.open_item(guest, slot, &item(4));
        assert!(matches!(opened, Err(SealError::Refused(_))), "{opened:?}");
    };
    refused(&keys(), GUEST, 5);
    refused(&keys(), GuestId([4; 16]), 4);
    refused(&VaultKeys::create(VAULT, &mut Chance::new(2)), GUEST, 4);
    refused(&VaultKeys::create(VaultId([8; 16]), &mut Chance::new(1660)), GUEST, 4);
    each_flip(&item(4), |at, changed| {
        assert!(keys().open_item(GUEST, 4, changed).is_err(), "byte {at}");
    });
    let mut chance = Chance::new(11);
    let later = pass().seal_item(4, &written("Later."), &Packer::default(), &mut chance).unwrap();
    assert_eq!(keys().open_item(GUEST, 4, &later).unwrap().0, id, "every version is one entry");
    assert_ne!(keys().open_item(GUEST, 5, &item(5)).unwrap().0, id);
}

/// Whoever has the inbox's public key alone, be it the sequencer or an earlier guest, writes in
/// nobody's name.
#[test]
fn one_guest_cannot_write_as_another() {
    let other = keys().guest_pass(GuestId([4; 16]), vec![]).unwrap();
    let mut chance = Chance::new(12);
    let forged = other.seal_item(4, &written("Forged."), &Packer::default(), &mut chance).unwrap();
    assert!(keys().open_item(GUEST, 4, &forged).is_err());
    assert!(keys().open_item(GuestId([4; 16]), 4, &forged).is_ok());
}

#[test]
fn what_was_written_before_a_new_epoch_opens_after_it() {
    let mut later = keys();
    later.begin_epoch(&mut Chance::new(13));
    assert!(later.open_item(GUEST, 4, &item(4)).is_ok());
    let pass = later.guest_pass(GUEST, vec![]).unwrap();
    let mut chance = Chance::new(14);
    let new = pass.seal_item(0, &written("New."), &Packer::default(), &mut chance).unwrap();
    assert!(later.open_item(GUEST, 0, &new).is_ok());
    // A device that was put out has no key of the new epoch.
    assert_eq!(keys().open_item(GUEST, 0, &new), Err(SealError::NoEpoch(later.epoch())));
    assert_ne!(later.epoch(), Epoch::FIRST);
}

#[test]
fn the_length_of_an_entry_hardly_shows() {
    let sealed = |body: &str| {
        let mut chance = Chance::new(15);
        pass().seal_item(0, &written(body), &Packer::default(), &mut chance).unwrap().len()
    };
    assert_eq!(sealed(""), sealed("Rain on the roof, all night long."));
}

#[test]
fn a_code_is_read_however_it_is_typed() {
    let text = code().text();
    assert_eq!(text.len(), 19);
    let same = [
        text.to_lowercase(),
        text.replace('-', ""),
        text.replace('-', "  "),
        format!(" {} ", text.replace('0', "O").replace('1', "l")),
    ];
    for typed in same {
        let read = GuestCode::read(&typed).unwrap_or_else(|| panic!("{typed}"));
        assert_eq!(read.text(), text);
    }
    let longer = format!("{text}0");
    for typed in ["", "0000", &text[1..], &longer, &text.replacen(|_| true, "U", 1)] {
        assert!(GuestCode::read(typed).is_none(), "{typed}");
    }
}

proptest! {
    #[test]
    fn every_code_is_read_as_it_is_shown(seed in any::<u64>()) {
        let code = GuestCode::create(&mut Chance::new(seed));
        let read = GuestCode::read(&code.text()).unwrap();
        prop_assert_eq!(read.right_hash(), code.right_hash());
    }

    #[test]
    fn whatever_comes_is_refused_and_nothing_breaks(bytes in any::<Vec<u8>>(), text in ".*") {
        let _ = GuestCode::read(&text);
        prop_assert!(GuestPass::open(&code(), &bytes).is_err());
        prop_assert!(keys().open_item(GUEST, 0, &bytes).is_err());
        prop_assert!(keys().open_guest_note(GUEST, &bytes).is_none());
    }
}

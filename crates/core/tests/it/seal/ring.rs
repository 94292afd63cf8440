//! The key ring: opens for the words, for its devices and for the root, and not when touched.

use super::{VAULT, each_flip, frozen, keys};
use crate::support::{Chance, DEVICE};
use thoughtstream_core::id::{DeviceId, VaultId};
use thoughtstream_core::seal::{
    DeviceKeys, Epoch, KeyRing, Recovery, SealError, Secret, VaultKeys,
};

const OTHER: DeviceId = DeviceId([1; 8]);

fn words() -> Recovery {
    Recovery::new(frozen::counting(0))
}

fn device() -> DeviceKeys {
    DeviceKeys::create(&mut Chance::new(7))
}

fn stranger() -> DeviceKeys {
    DeviceKeys::create(&mut Chance::new(8))
}

/// A ring with one device and two epochs: the second began when another one was put out.
fn ring() -> (VaultKeys, KeyRing) {
    let (mut keys, chance) = (keys(), &mut Chance::new(42));
    let mut ring = KeyRing::create(&keys, &words(), chance);
    ring.add_device(&keys, DEVICE, &device().wrap_key(), chance).unwrap();
    ring.add_device(&keys, OTHER, &stranger().wrap_key(), chance).unwrap();
    keys.begin_epoch(chance);
    ring.renew(&keys, &[(DEVICE, device().wrap_key())], chance).unwrap();
    (keys, ring)
}

/// Whether both can do the same.
#[track_caller]
fn same(a: &VaultKeys, b: &VaultKeys) {
    assert_eq!((a.vault(), a.epoch(), a.signing_key()), (b.vault(), b.epoch(), b.signing_key()));
    assert_eq!(a.root().bytes(), b.root().bytes());
    assert_eq!(a.row_id("entries", &[1]), b.row_id("entries", &[1]));
}

#[test]
fn its_bytes_are_frozen() {
    let (keys, ring) = ring();
    frozen::is("key ring 2", &ring.to_bytes());
    frozen::is("signing key", &keys.signing_key());
    frozen::is("row id", &keys.row_id("entries", &[1; 16]).0);
}

#[test]
fn the_words_a_device_and_the_root_open_it() {
    let (keys, ring) = ring();
    assert_eq!(ring.generation(), 4);
    assert!(keys.epoch() > Epoch::FIRST);
    let read = KeyRing::from_bytes(&ring.to_bytes()).unwrap();
    assert_eq!(read.to_bytes(), ring.to_bytes());
    assert_eq!(read.devices().collect::<Vec<_>>(), [DEVICE]);
    same(&read.open_by_words(VAULT, &words()).unwrap(), &keys);
    let opened = read.open_by_device(VAULT, &keys.signing_key(), DEVICE, &device());
    same(&opened.unwrap(), &keys);
    same(&read.open_by_root(VAULT, keys.root(), DEVICE, &device()).unwrap(), &keys);
}

/// It has one epoch after the first that follows from the root.
#[test]
fn a_ring_of_format_1_is_read_and_becomes_format_2() {
    let bytes = frozen::of("key ring");
    let mut ring = KeyRing::from_bytes(&bytes).unwrap();
    assert_eq!(ring.to_bytes(), bytes);
    let mut opened = ring.open_by_words(VAULT, &words()).unwrap();
    assert_eq!((opened.epoch(), opened.signing_key()), (Epoch(2), keys().signing_key()));
    same(&ring.open_by_root(VAULT, opened.root(), DEVICE, &device()).unwrap(), &opened);
    let (staying, chance) = ([(DEVICE, device().wrap_key())], &mut Chance::new(1));
    assert!(!ring.can_be_renewed());
    opened.begin_epoch(chance);
    assert_eq!(ring.renew(&opened, &staying, chance), Err(SealError::NoInbox));
    ring.set_recovery(&opened, &words(), chance).unwrap();
    ring.renew(&opened, &staying, chance).unwrap();
    let read = KeyRing::from_bytes(&ring.to_bytes()).unwrap();
    same(&read.open_by_words(VAULT, &words()).unwrap(), &opened);
}

/// Whoever was put out has the root and its own keys, and the sequencer may hand it the ring.
#[test]
fn who_was_put_out_opens_no_row_of_the_new_epoch() {
    let (keys, ring) = ring();
    let opened = ring.open_by_root(VAULT, keys.root(), OTHER, &stranger());
    assert_eq!(opened.unwrap_err(), SealError::NotOnRing(OTHER));
    // Even under the name of one that stayed.
    let opened = ring.open_by_root(VAULT, keys.root(), DEVICE, &stranger());
    assert_eq!(opened.unwrap_err(), SealError::Refused("epoch key"));
}

#[test]
fn who_comes_later_opens_all_epochs_and_who_goes_none_after() {
    let (mut keys, mut ring) = ring();
    let (third, chance) = (DeviceId([3; 8]), &mut Chance::new(9));
    let own = DeviceKeys::create(chance);
    let joined = ring.open_by_words(VAULT, &words()).unwrap();
    ring.add_device(&joined, third, &own.wrap_key(), chance).unwrap();
    same(&ring.open_by_root(VAULT, keys.root(), third, &own).unwrap(), &keys);
    let staying = [(third, own.wrap_key())];
    keys.begin_epoch(chance);
    ring.renew(&keys, &staying, chance).unwrap();
    assert_eq!(ring.devices().collect::<Vec<_>>(), [third]);
    same(&ring.open_by_root(VAULT, keys.root(), third, &own).unwrap(), &keys);
    assert!(ring.open_by_root(VAULT, keys.root(), DEVICE, &device()).is_err());
    same(&ring.open_by_words(VAULT, &words()).unwrap(), &keys);
}

#[test]
fn nobody_else_opens_it() {
    let (keys, ring) = ring();
    let vault = VaultId([8; 16]);
    let signing = keys.signing_key();
    let refused = [
        ring.open_by_words(VAULT, &Recovery::new([1; 32])),
        ring.open_by_words(vault, &words()),
        ring.open_by_device(VAULT, &signing, DEVICE, &stranger()),
        ring.open_by_device(vault, &signing, DEVICE, &device()),
        ring.open_by_device(VAULT, &[0; 32], DEVICE, &device()),
        ring.open_by_root(VAULT, &Secret::new([1; 32]), DEVICE, &device()),
        ring.open_by_root(vault, keys.root(), DEVICE, &device()),
    ];
    for (number, refused) in refused.into_iter().enumerate() {
        assert!(matches!(refused, Err(SealError::Refused(_))), "{number}");
    }
    let absent = ring.open_by_device(VAULT, &signing, OTHER, &device());
    assert_eq!(absent.unwrap_err(), SealError::NotOnRing(OTHER));
}

/// A server that makes up a root and wraps it to the device's public key, as it may.
#[test]
fn a_ring_of_the_servers_own_is_refused() {
    let (mine, _) = ring();
    let chance = &mut Chance::new(666);
    let forged = VaultKeys::create(VAULT, chance);
    let mut ring = KeyRing::create(&forged, &words(), chance);
    ring.add_device(&forged, DEVICE, &device().wrap_key(), chance).unwrap();
    let opened = ring.open_by_device(VAULT, &mine.signing_key(), DEVICE, &device());
    assert_eq!(opened.unwrap_err(), SealError::Refused("key ring"));
}

#[test]
fn a_key_of_small_order_is_no_key() {
    let (keys, mut ring) = ring();
    let before = ring.to_bytes();
    let added = ring.add_device(&keys, OTHER, &[0; 32], &mut Chance::new(1));
    assert_eq!(added, Err(SealError::Refused("device key")));
    assert_eq!(ring.to_bytes(), before);
}

#[test]
fn any_byte_that_was_changed_is_noticed() {
    let (keys, ring) = ring();
    each_flip(&ring.to_bytes(), |at, changed| {
        let opened = KeyRing::from_bytes(changed)
            .and_then(|ring| ring.open_by_root(VAULT, keys.root(), DEVICE, &device()));
        assert!(opened.is_err(), "byte {at}");
    });
}

#[test]
fn a_ring_cut_off_or_gone_on_is_refused() {
    let bytes = ring().1.to_bytes();
    for end in 0..bytes.len() {
        assert!(KeyRing::from_bytes(&bytes[..end]).is_err(), "{end}");
    }
    assert!(KeyRing::from_bytes(&[&bytes[..], &[0]].concat()).is_err());
}

/// A server that was put back hands out a ring without the last epoch.
#[test]
fn an_epoch_that_was_lost_is_put_in_again() {
    let (mut keys, mut ring) = ring();
    let (old, chance) = (ring.clone(), &mut Chance::new(10));
    let staying = [(DEVICE, device().wrap_key())];
    keys.begin_epoch(chance);
    ring.renew(&keys, &staying, chance).unwrap();
    let mut again = old.open_by_words(VAULT, &words()).unwrap();
    assert!(again.epoch() < keys.epoch());
    assert!(again.take_epochs(&keys) && !again.take_epochs(&keys));
    let mut healed = old;
    healed.renew(&again, &staying, chance).unwrap();
    same(&healed.open_by_root(VAULT, keys.root(), DEVICE, &device()).unwrap(), &keys);
}

#[test]
fn other_words_open_it_and_the_old_ones_no_more() {
    let (keys, mut ring) = ring();
    let (new, chance) = (Recovery::new([9; 32]), &mut Chance::new(3));
    ring.set_recovery(&keys, &new, chance).unwrap();
    assert!(ring.open_by_words(VAULT, &words()).is_err());
    same(&ring.open_by_words(VAULT, &new).unwrap(), &keys);
}

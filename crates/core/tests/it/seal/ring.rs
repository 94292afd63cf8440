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

/// A ring with one device and two epochs.
fn ring() -> (VaultKeys, KeyRing) {
    let (mut keys, chance) = (keys(), &mut Chance::new(42));
    let mut ring = KeyRing::create(&keys, &words(), chance);
    ring.add_device(&keys, DEVICE, &device().wrap_key(), chance).unwrap();
    keys.begin_epoch(chance);
    ring.sign(&keys, chance);
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
    frozen::is("key ring", &ring.to_bytes());
    frozen::is("signing key", &keys.signing_key());
    frozen::is("row id", &keys.row_id("entries", &[1; 16]).0);
}

#[test]
fn the_words_a_device_and_the_root_open_it() {
    let (keys, ring) = ring();
    assert_eq!((ring.generation(), keys.epoch()), (3, Epoch(2)));
    let read = KeyRing::from_bytes(&ring.to_bytes()).unwrap();
    assert_eq!(read.to_bytes(), ring.to_bytes());
    assert_eq!(read.devices().collect::<Vec<_>>(), [DEVICE]);
    same(&read.open_by_words(VAULT, &words()).unwrap(), &keys);
    let opened = read.open_by_device(VAULT, &keys.signing_key(), DEVICE, &device());
    same(&opened.unwrap(), &keys);
    same(&read.open_by_root(VAULT, keys.root()).unwrap(), &keys);
}

#[test]
fn nobody_else_opens_it() {
    let (keys, ring) = ring();
    let (vault, stranger) = (VaultId([8; 16]), DeviceKeys::create(&mut Chance::new(8)));
    let signing = keys.signing_key();
    let refused = [
        ring.open_by_words(VAULT, &Recovery::new([1; 32])),
        ring.open_by_words(vault, &words()),
        ring.open_by_device(VAULT, &signing, DEVICE, &stranger),
        ring.open_by_device(vault, &signing, DEVICE, &device()),
        ring.open_by_device(VAULT, &[0; 32], DEVICE, &device()),
        ring.open_by_root(VAULT, &Secret::new([1; 32])),
        ring.open_by_root(vault, keys.root()),
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
        let opened =
            KeyRing::from_bytes(changed).and_then(|ring| ring.open_by_root(VAULT, keys.root()));
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

#[test]
fn other_words_and_devices_that_leave() {
    let (keys, mut ring) = ring();
    let (new, chance) = (Recovery::new([9; 32]), &mut Chance::new(3));
    ring.set_recovery(&keys, &new, chance);
    assert!(ring.open_by_words(VAULT, &words()).is_err());
    same(&ring.open_by_words(VAULT, &new).unwrap(), &keys);
    ring.remove_device(&keys, DEVICE, chance);
    assert_eq!(ring.devices().count(), 0);
    assert_eq!(ring.generation(), 5);
}

//! The manifest: a list that only the vault can change.

use super::{VAULT, each_flip, frozen, keys};
use crate::support::{Chance, DEVICE};
use thoughtstream_core::id::DeviceId;
use thoughtstream_core::seal::{DeviceKeys, Known, ManifestError, VaultKeys};
use thoughtstream_core::wire::{Body, Hash, Manifest, Member, PublicKey, Role};

fn member(device: DeviceId, role: Role) -> Member {
    let own = DeviceKeys::create(&mut Chance::new(7));
    let note = keys().seal_name(device, "Pocket", frozen::counting(3));
    let (auth, wrap) = (PublicKey(own.auth_key()), PublicKey(own.wrap_key()));
    Member { device, auth, wrap, role, note }
}

fn first() -> Manifest {
    Manifest::first(member(DEVICE, Role::Full), &keys())
}

fn check(bytes: &[u8], known: Option<Known>) -> Result<Manifest, ManifestError> {
    Manifest::check(bytes, &keys().signing_key(), known)
}

#[test]
fn its_bytes_are_frozen() {
    frozen::is("manifest", &first().encode());
}

#[test]
fn a_list_is_followed_from_version_to_version() {
    let (bytes, keys) = (first().encode(), keys());
    let manifest = check(&bytes, None).unwrap();
    assert_eq!(manifest, first());
    let known = manifest.known();
    assert_eq!(known, Known { version: 1, hash: Hash::of(&bytes) });
    let name = keys.open_name(DEVICE, &manifest.devices[0].note);
    assert_eq!(name.unwrap(), "Pocket");

    let changed = [member(DeviceId([1; 8]), Role::Full), member(DEVICE, Role::Retired)];
    let next = manifest.next(changed, &keys);
    let roles: Vec<Role> = next.devices.iter().map(|member| member.role).collect();
    assert_eq!(roles, [Role::Full, Role::Retired]);
    let second = next.encode();
    let again = check(&second, Some(known)).unwrap();
    assert_eq!((&again, again.version), (&next, 2));
    // The same once more, and a device that missed one.
    assert!(check(&second, Some(again.known())).is_ok());
    let third = next.next([], &keys).encode();
    assert_eq!(check(&third, Some(known)).unwrap().version, 3);
}

#[test]
fn what_is_older_forked_or_signed_by_others_is_refused() {
    let (keys, manifest) = (keys(), first());
    let (one, known) = (manifest.encode(), manifest.known());
    let other = Manifest::first(member(DeviceId([1; 8]), Role::Full), &keys);
    let (fork, astray) = (other.encode(), other.next([], &keys).encode());
    let two = manifest.next([], &keys);
    let (unsorted, newer) = (unsorted(&two), two.known());
    let stranger = VaultKeys::create(VAULT, &mut Chance::new(5));
    let theirs = Manifest::first(member(DEVICE, Role::Full), &stranger);
    let resigned = Manifest { signature: theirs.signature, ..manifest };

    let cases = [
        (one.clone(), Some(newer), ManifestError::Older { found: 1, known: 2 }),
        (fork, Some(known), ManifestError::Forked { version: 1 }),
        (astray, Some(known), ManifestError::Forked { version: 2 }),
        (theirs.encode(), None, ManifestError::OtherKey),
        (resigned.encode(), None, ManifestError::Unsigned),
        (one[..one.len() - 1].to_vec(), None, ManifestError::Damaged { at: one.len() - 64 }),
        (one[..40].to_vec(), None, ManifestError::Damaged { at: 34 }),
        (unsorted.clone(), None, ManifestError::Damaged { at: unsorted.len() }),
    ];
    for (number, (bytes, known, expected)) in cases.into_iter().enumerate() {
        assert_eq!(check(&bytes, known).unwrap_err(), expected, "{number}");
    }
}

/// Its devices twice: nothing is in order then.
fn unsorted(manifest: &Manifest) -> Vec<u8> {
    let devices = [&manifest.devices[..], &manifest.devices].concat();
    Manifest { devices, ..manifest.clone() }.encode()
}

#[test]
fn any_byte_that_was_changed_is_noticed() {
    each_flip(&first().encode(), |at, changed| {
        assert!(check(changed, None).is_err(), "byte {at}");
    });
}

#[test]
fn a_name_belongs_to_its_device() {
    let sealed = keys().seal_name(DEVICE, "Pocket", [0; 24]);
    assert!(keys().open_name(DeviceId([1; 8]), &sealed).is_err());
    assert!(keys().open_name(DEVICE, &sealed[..20]).is_err());
    each_flip(&sealed, |at, changed| {
        assert!(keys().open_name(DEVICE, changed).is_err(), "byte {at}");
    });
}

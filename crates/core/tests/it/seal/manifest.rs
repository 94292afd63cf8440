//! The manifest: a list that only the vault can change.

use super::{VAULT, each_flip, frozen, keys};
use crate::support::{Chance, DEVICE};
use thoughtstream_core::id::DeviceId;
use thoughtstream_core::seal::{
    DeviceKeys, Known, Manifest, ManifestError, Member, Role, VaultKeys, manifest_hash,
};

fn member(device: DeviceId, role: Role) -> Member {
    let own = DeviceKeys::create(&mut Chance::new(7));
    let note = keys().seal_name(device, "Pocket", frozen::counting(3));
    Member { device, auth: own.auth_key(), wrap: own.wrap_key(), role, note }
}

fn first() -> Manifest {
    Manifest::first(member(DEVICE, Role::Full))
}

fn check(bytes: &[u8], known: Option<Known>) -> Result<(Manifest, Known), ManifestError> {
    Manifest::check(bytes, &keys().signing_key(), known)
}

#[test]
fn its_bytes_are_frozen() {
    frozen::is("manifest", &first().sign(&keys()));
}

#[test]
fn a_list_is_followed_from_version_to_version() {
    let (bytes, keys) = (first().sign(&keys()), keys());
    let (manifest, known) = check(&bytes, None).unwrap();
    assert_eq!(manifest, first());
    assert_eq!(known, Known { version: 1, hash: manifest_hash(&bytes) });
    let name = keys.open_name(DEVICE, &manifest.devices[0].note);
    assert_eq!(name.unwrap(), "Pocket");

    let mut next = manifest.next(known.hash);
    next.put(member(DeviceId([1; 8]), Role::Guest));
    next.put(member(DEVICE, Role::Retired));
    let roles: Vec<Role> = next.devices.iter().map(|member| member.role).collect();
    assert_eq!(roles, [Role::Guest, Role::Retired]);
    let second = next.sign(&keys);
    let (again, newer) = check(&second, Some(known)).unwrap();
    assert_eq!((again, newer.version), (next.clone(), 2));
    // The same once more, and a device that missed one.
    assert!(check(&second, Some(newer)).is_ok());
    let third = next.next(newer.hash).sign(&keys);
    assert_eq!(check(&third, Some(known)).unwrap().1.version, 3);
}

#[test]
fn what_is_older_forked_or_signed_by_others_is_refused() {
    let (keys, one) = (keys(), first().sign(&keys()));
    let (manifest, known) = check(&one, None).unwrap();
    let mut fork = manifest.clone();
    fork.put(member(DeviceId([1; 8]), Role::Full));
    let fork = fork.sign(&keys);
    let two = manifest.next(known.hash).sign(&keys);
    let newer = check(&two, Some(known)).unwrap().1;
    let astray = manifest.next([9; 32]).sign(&keys);
    let stranger = VaultKeys::create(VAULT, &mut Chance::new(5));

    let cases = [
        (one.clone(), Some(newer), ManifestError::Older { found: 1, known: 2 }),
        (fork, Some(known), ManifestError::Forked { version: 1 }),
        (astray, Some(known), ManifestError::Forked { version: 2 }),
        (manifest.sign(&stranger), None, ManifestError::OtherKey),
        (resigned(&manifest, &stranger), None, ManifestError::Unsigned),
        (one[..one.len() - 1].to_vec(), None, ManifestError::Unsigned),
        (one[..40].to_vec(), None, ManifestError::Damaged { at: 40 }),
    ];
    for (number, (bytes, known, expected)) in cases.into_iter().enumerate() {
        let refused = check(&bytes, known).unwrap_err();
        // Cut off, it may be unreadable before it is unsigned.
        let cut = number == 5 && matches!(refused, ManifestError::Damaged { .. });
        assert!(cut || refused == expected, "{number}: {refused}");
    }
}

/// The vault's key named, another's signature.
fn resigned(manifest: &Manifest, by: &VaultKeys) -> Vec<u8> {
    let (mine, theirs) = (manifest.sign(&keys()), manifest.sign(by));
    let end = mine.len() - 64;
    [&mine[..end], &theirs[end..]].concat()
}

#[test]
fn any_byte_that_was_changed_is_noticed() {
    each_flip(&first().sign(&keys()), |at, changed| {
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

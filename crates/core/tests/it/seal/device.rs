//! A device's keys and how it logs in.

use super::frozen;
use crate::support::Chance;
use ed25519_dalek::{Signature, VerifyingKey};
use thoughtstream_core::seal::{DeviceKeys, Secret, VaultKeys};

#[test]
fn its_public_keys_and_its_signature_are_frozen() {
    let keys = DeviceKeys::of(Secret::new(frozen::counting(0)), Secret::new(frozen::counting(32)));
    frozen::is("device auth key", &keys.auth_key());
    frozen::is("device wrap key", &keys.wrap_key());
    frozen::is("device login", &keys.sign_login(&[1; 16], &[2; 32], b"who"));
}

/// As the sequencer checks it: the text is the contract's.
#[test]
fn a_login_is_good_for_one_server_one_challenge_and_one_device() {
    let keys = DeviceKeys::create(&mut Chance::new(1));
    let signature = Signature::from_bytes(&keys.sign_login(&[1; 16], &[2; 32], b"who"));
    let key = VerifyingKey::from_bytes(&keys.auth_key()).unwrap();
    let signed = |server: u8, challenge: u8, who: &[u8]| {
        let text = [b"ts-auth-v1", &[server; 16][..], &[challenge; 32], who].concat();
        key.verify_strict(&text, &signature).is_ok()
    };
    assert!(signed(1, 2, b"who"));
    assert!(!signed(9, 2, b"who") && !signed(1, 9, b"who") && !signed(1, 2, b"you"));
}

#[test]
fn keys_are_not_printed() {
    let keys = DeviceKeys::create(&mut Chance::new(1));
    assert_eq!(format!("{keys:?}"), "DeviceKeys { auth: Secret, wrap: Secret }");
    let vault = VaultKeys::create(super::VAULT, &mut Chance::new(1));
    assert_eq!(format!("{vault:?}"), format!("VaultKeys({}, Epoch(1))", super::VAULT));
}

//! Parts of files open in their own place alone, and equal files have one address.

use thoughtstream_core::id::{FileHash, VaultId};
use thoughtstream_core::seal::{Chance, Part, SealError, VaultKeys};

struct Counted(u8);

impl Chance for Counted {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.fill_with(|| {
            self.0 = self.0.wrapping_mul(5).wrapping_add(3);
            self.0
        });
    }
}

fn keys(seed: u8) -> VaultKeys {
    VaultKeys::create(VaultId([seed; 16]), &mut Counted(seed))
}

const PART: Part = Part { hash: FileHash([7; 32]), number: 1, parts: 3 };

#[test]
fn a_part_opens_in_its_place_alone() {
    let (ours, theirs) = (keys(1), keys(2));
    for length in [0, 1, 5_000, 128 * 1024] {
        let bytes = vec![42; length];
        let sealed = ours.seal_part(PART, &bytes).unwrap();
        assert_eq!(ours.open_part(PART, &sealed).unwrap(), bytes);
        assert_eq!(ours.seal_part(PART, &bytes).unwrap(), sealed, "sent again it is the same");
        assert!(sealed.len() >= 256, "short ones all look alike");
        for other in [
            Part { hash: FileHash([8; 32]), ..PART },
            Part { number: 2, ..PART },
            Part { parts: 2, ..PART },
        ] {
            assert!(matches!(ours.open_part(other, &sealed), Err(SealError::Refused(_))));
        }
        assert!(theirs.open_part(PART, &sealed).is_err());
        let mut changed = sealed.clone();
        for at in [0, 1, 2, sealed.len() / 2, sealed.len() - 1] {
            changed[at] ^= 1;
            assert!(ours.open_part(PART, &changed).is_err(), "byte {at}");
            changed[at] ^= 1;
        }
        assert!(ours.open_part(PART, &sealed[..sealed.len() - 1]).is_err());
    }
}

#[test]
fn an_address_is_the_vaults_own() {
    let (ours, theirs) = (keys(1), keys(2));
    let hash = FileHash([7; 32]);
    assert_eq!(ours.file_address(hash), ours.clone().file_address(hash));
    assert_ne!(ours.file_address(hash), theirs.file_address(hash));
    assert_ne!(ours.file_address(hash), ours.file_address(FileHash([8; 32])));
    assert_ne!(ours.file_address(hash).0, hash.0);
}

/// A part that was sealed in an epoch before still opens.
#[test]
fn a_new_epoch_opens_the_parts_of_the_old() {
    let mut keys = keys(1);
    let sealed = keys.seal_part(PART, b"before").unwrap();
    keys.begin_epoch(&mut Counted(9));
    assert_eq!(keys.open_part(PART, &sealed).unwrap(), b"before");
    assert_ne!(keys.seal_part(PART, b"before").unwrap(), sealed);
}

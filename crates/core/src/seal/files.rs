//! A sealed part of a photo or file.
//!
//! ```text
//! format 1 | epoch varint | nonce 24 | XChaCha20-Poly1305 of the padded part, with its tag
//! ```
//!
//! A file's address is keyed BLAKE3 of its hash: within a vault equal files have one address, so
//! each is kept once, and to who has no key it tells nothing, not even whether two vaults have the
//! same photo. The associated data binds a part to its file, its number and their count, so parts
//! can be neither exchanged nor left out. The nonce follows from what is sealed, as a row's does,
//! so a part that is sent again is the same bytes.

use super::keys::derive;
use super::{Epoch, SealError, Secret, VaultKeys, pack, wrap};
use crate::id::{FileAddress, FileHash};
use crate::wire::{Reader, put_bytes, put_varint};

const FORMAT: u8 = 1;
const WHAT: &str = "part of a file";

/// Which part of which file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub hash: FileHash,
    /// Counted from 0, of so many.
    pub number: u32,
    pub parts: u32,
}

impl VaultKeys {
    /// Where a file lies on the sequencer.
    #[must_use]
    pub fn file_address(&self, hash: FileHash) -> FileAddress {
        let key: [u8; 32] = derive(&self.vault.0, self.root().bytes(), &[b"ts-file-address-v1"]);
        FileAddress(*blake3::keyed_hash(&key, &hash.0).as_bytes())
    }

    /// Seals a part with the newest epoch's key.
    ///
    /// # Errors
    /// If the keys of the newest epoch are not here, which those of a vault always are.
    pub fn seal_part(&self, part: Part, bytes: &[u8]) -> Result<Vec<u8>, SealError> {
        let epoch = self.epoch();
        let place = self.part_place(epoch, part);
        let mut hasher = blake3::Hasher::new_keyed(self.epoch_keys(epoch)?.nonce.bytes());
        hasher.update(&place).update(bytes);
        let mut nonce = [0; 24];
        hasher.finalize_xof().fill(&mut nonce);
        let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 8 + 64);
        out.push(FORMAT);
        put_varint(&mut out, epoch.0.into());
        out.extend_from_slice(&nonce);
        wrap::seal_into(&mut out, &self.file_key(epoch)?, &nonce, &place, pack::pad(bytes));
        Ok(out)
    }

    /// Opens a part that was found at this place.
    ///
    /// # Errors
    /// If it is of a newer app or epoch, or was not sealed for this vault, file and number.
    pub fn open_part(&self, part: Part, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut reader = Reader::new(sealed, WHAT);
        let found = reader.byte()?;
        if found != FORMAT {
            return Err(SealError::Newer { what: WHAT, found });
        }
        let epoch = u32::try_from(reader.varint()?).map_err(|_| reader.damaged())?;
        let (epoch, nonce) = (Epoch(epoch), reader.array()?);
        let place = self.part_place(epoch, part);
        let padded = wrap::open(WHAT, &self.file_key(epoch)?, &nonce, &place, reader.rest())?;
        Ok(pack::unpad(&padded)?.to_vec())
    }

    fn file_key(&self, epoch: Epoch) -> Result<Secret, SealError> {
        let number = epoch.0.to_be_bytes();
        let data = self.epoch_keys(epoch)?.data.bytes();
        Ok(Secret::new(derive(&self.vault.0, data, &[b"ts-file-v1", &number])))
    }

    fn part_place(&self, epoch: Epoch, part: Part) -> Vec<u8> {
        let address = self.file_address(part.hash);
        let numbers = [epoch.0, part.number, part.parts].map(u32::to_be_bytes).concat();
        let mut out = Vec::with_capacity(80);
        for piece in [&b"ts-file-v1"[..], &self.vault.0, &address.0, &numbers] {
            put_bytes(&mut out, piece); // all shorter than 128: one byte of length
        }
        out
    }
}

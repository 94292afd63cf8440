//! A sealed row.
//!
//! ```text
//! format 1 | epoch varint | nonce 24 | XChaCha20-Poly1305 of the padded row, with its tag
//! padded row = PADMÉ( varint + ( columns varint + bytes | texts packed ) )
//! ```
//!
//! The associated data binds it to its place, each part behind one byte of length: `"ts-row-v1"`,
//! vault 16, epoch 8 (big-endian), row id 16, stamp 16 (which names the device). So the sequencer
//! can neither exchange two rows nor give one another date. Inside, the row's own table and key
//! must give the row id again.

use super::pack::{self, Packer};
use super::{Epoch, PlainRow, SealError, VaultKeys, wrap};
use crate::clock::Stamp;
use crate::id::RowId;
use crate::wire::{Reader, put_bytes, put_varint};

const FORMAT: u8 = 1;
const WHAT: &str = "sealed row";

impl VaultKeys {
    /// Seals one version of a row with the newest epoch's key, and names the row as the sequencer
    /// knows it. `nonce` must be random: 24 bytes never come twice.
    ///
    /// # Errors
    /// If the row is longer than [`pack::UNPACKED_MAX`].
    pub fn seal_row(
        &self,
        packer: &Packer,
        row: &PlainRow,
        stamp: Stamp,
        nonce: [u8; 24],
    ) -> Result<(RowId, Vec<u8>), SealError> {
        let layout = row.lay_out()?;
        let found = layout.columns.len() + layout.texts.len();
        if found > pack::UNPACKED_MAX {
            return Err(SealError::TooLong { found, limit: pack::UNPACKED_MAX });
        }
        let (table, key) = row.key()?;
        let id = self.row_id(table, &key);
        let mut plain = Vec::new();
        put_bytes(&mut plain, &layout.columns);
        plain.extend_from_slice(&packer.pack(&layout.texts));
        let plain = pack::pad(&plain);

        let epoch = self.epoch();
        let mut out = Vec::with_capacity(plain.len() + 48);
        out.push(FORMAT);
        put_varint(&mut out, epoch.0.into());
        out.extend_from_slice(&nonce);
        let key = &self.epoch_keys(epoch)?.row;
        wrap::seal_into(&mut out, key, &nonce, &self.place(epoch, id, stamp), plain);
        Ok((id, out))
    }

    /// Seals as [`Self::seal_row`] does, with a nonce that follows from what is sealed: the same
    /// version sealed twice is the same bytes, so one that is pushed again because its answer was
    /// lost is not a second change. Two different rows never share a nonce but by chance.
    ///
    /// # Errors
    /// As [`Self::seal_row`].
    pub fn seal_version(
        &self,
        packer: &Packer,
        row: &PlainRow,
        stamp: Stamp,
    ) -> Result<(RowId, Vec<u8>), SealError> {
        let layout = row.lay_out()?;
        let mut hasher = blake3::Hasher::new_keyed(self.epoch_keys(self.epoch())?.nonce.bytes());
        hasher.update(&self.epoch().0.to_be_bytes()).update(&stamp.to_bytes());
        hasher.update(&(layout.columns.len() as u64).to_be_bytes());
        hasher.update(&layout.columns).update(&layout.texts);
        let mut nonce = [0; 24];
        hasher.finalize_xof().fill(&mut nonce);
        self.seal_row(packer, row, stamp, nonce)
    }

    /// Opens a sealed row that was found at this place.
    ///
    /// # Errors
    /// If it is of a newer app or epoch, or was not sealed for this vault, row and stamp.
    pub fn open_row(&self, id: RowId, stamp: Stamp, sealed: &[u8]) -> Result<PlainRow, SealError> {
        let mut reader = Reader::new(sealed, WHAT);
        let epoch = read_epoch(&mut reader)?;
        let nonce = reader.array()?;
        let key = &self.epoch_keys(epoch)?.row;
        let place = self.place(epoch, id, stamp);
        let padded = wrap::open(WHAT, key, &nonce, &place, reader.rest())?;
        let mut reader = Reader::new(pack::unpad(&padded)?, "row");
        let columns = reader.bytes()?;
        let row = PlainRow::read(columns, &pack::unpack(reader.rest())?)?;
        let (table, key) = row.key()?;
        if self.row_id(table, &key) == id { Ok(row) } else { Err(SealError::Refused(WHAT)) }
    }

    fn place(&self, epoch: Epoch, row: RowId, stamp: Stamp) -> Vec<u8> {
        let epoch = u64::from(epoch.0).to_be_bytes();
        let parts: [&[u8]; 5] = [b"ts-row-v1", &self.vault.0, &epoch, &row.0, &stamp.to_bytes()];
        let mut out = Vec::with_capacity(80);
        for part in parts {
            put_bytes(&mut out, part); // all shorter than 128: one byte of length
        }
        out
    }
}

/// The epoch whose key opens a sealed row: one that is not here yet means a newer key ring.
///
/// # Errors
/// If these are not the bytes of a sealed row of this format.
pub fn epoch_of(sealed: &[u8]) -> Result<Epoch, SealError> {
    read_epoch(&mut Reader::new(sealed, WHAT))
}

fn read_epoch(reader: &mut Reader<'_>) -> Result<Epoch, SealError> {
    let found = reader.byte()?;
    if found != FORMAT {
        return Err(SealError::Newer { what: WHAT, found });
    }
    u32::try_from(reader.varint()?).map(Epoch).map_err(|_| reader.damaged())
}

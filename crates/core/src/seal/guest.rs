//! Guests: what lets one in, what it is given, and how what it writes is sealed.
//!
//! A **code** of 80 random bits lets in once. The sequencer knows the hash of a secret that follows
//! from it, and keeps the **pass**, sealed under another: the code itself goes from one screen to
//! the other and nowhere else.
//!
//! ```text
//! pass  format 1 | nonce 24 | sealed by a key that follows from the code: PADMÉ( packed (
//!       vault 16 | guest 16 | epoch varint | inbox's X25519 key 32 | guest's key 32
//!       | entries varint, each: date, time varint, text ) )
//! item  format 1 | epoch varint | the item's key wrapped to the inbox 136
//!       | sealed by that key and the guest's: PADMÉ( packed ( instant, zone, text ) )
//! ```
//!
//! The inbox's secret key and the guest's key follow from an epoch's key, so every device of the
//! vault has them. A guest has the public half of the one and the other whole: by the first it
//! cannot read what it has written, by the second nobody but it can write in its name, the
//! sequencer included. A pass has no key by which anything of the log is opened.

use super::bytes::{unzigzag, zigzag};
use super::keys::{Secret, derive};
use super::wrap::{WRAPPED_TO, unwrap_to, wrap_to};
use super::{Chance, Epoch, Packer, SealError, VaultKeys, pack, wrap};
use crate::date::{Date, Instant, Time, Zone};
use crate::id::{EntryId, GuestId, VaultId};
use crate::message::{GuestKind, Shown, Written};
use crate::wire::{Hash, Reader, put_bytes, put_varint};
use x25519_dalek::{PublicKey, StaticSecret};

const FORMAT: u8 = 1;
const PASS: &str = "pass of a guest";
const ITEM: &str = "entry of a guest";

/// The digits of a code: no I, L, O or U, so that none is taken for another.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_BYTES: usize = 10;

/// What lets a guest in, once.
#[derive(Clone, Debug)]
pub struct GuestCode(Secret);

impl GuestCode {
    /// A new one.
    #[must_use]
    pub fn create(chance: &mut dyn Chance) -> Self {
        let mut bytes = [0; 32];
        chance.fill(&mut bytes[..CODE_BYTES]);
        Self(Secret::new(bytes))
    }

    /// As it is shown: four groups of four.
    #[must_use]
    pub fn text(&self) -> String {
        let bits = |at: usize| {
            let pair = [self.0.bytes()[at / 8], self.0.bytes()[at / 8 + 1]];
            u16::from_be_bytes(pair) >> (11 - at % 8) & 31
        };
        let digit = |at: usize| char::from(DIGITS[usize::from(bits(at * 5))]);
        let group = |at: usize| (at..at + 4).map(digit).collect::<String>();
        [0, 4, 8, 12].map(group).join("-")
    }

    /// As a person types it: any case, spaces and dashes anywhere; `None` if it is no code.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        let mut at = 0;
        for typed in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            let typed = match typed.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let value = DIGITS.iter().position(|digit| char::from(*digit) == typed)?;
            if at == CODE_BYTES * 8 {
                return None;
            }
            let placed = (value as u16) << (11 - at % 8);
            bytes[at / 8] |= placed.to_be_bytes()[0];
            bytes[at / 8 + 1] |= placed.to_be_bytes()[1];
            at += 5;
        }
        (at == CODE_BYTES * 8).then(|| Self(Secret::new(bytes)))
    }

    /// The secret that the sequencer is shown, once; it knows its hash beforehand.
    #[must_use]
    pub fn right(&self) -> crate::wire::Secret {
        crate::wire::Secret(derive(&[], self.0.bytes(), &[b"ts-guest-right-v1"]))
    }

    /// What the sequencer knows beforehand.
    #[must_use]
    pub fn right_hash(&self) -> Hash {
        Hash::of(&self.right().0)
    }

    fn pass_key(&self) -> Secret {
        Secret::new(derive(&[], self.0.bytes(), &[b"ts-guest-pass-v1"]))
    }
}

/// What a guest is given: where to write to, by which name, and what it may read.
#[derive(Clone, Debug)]
pub struct GuestPass {
    vault: VaultId,
    guest: GuestId,
    epoch: Epoch,
    inbox: [u8; 32],
    key: Secret,
    /// What it may read.
    pub shown: Vec<Shown>,
}

impl VaultKeys {
    /// The pass of a new guest.
    #[must_use]
    pub fn guest_pass(&self, guest: GuestId, shown: Vec<Shown>) -> Option<GuestPass> {
        let epoch = self.epoch();
        let (inbox, key) = (self.inbox(epoch).ok()?, self.guest_key(epoch, guest).ok()?);
        let inbox = PublicKey::from(&inbox).to_bytes();
        Some(GuestPass { vault: self.vault(), guest, epoch, inbox, key, shown })
    }

    /// Opens what a guest wrote, and gives the entry its name, which is the same on every device
    /// and for every version.
    ///
    /// # Errors
    /// If it was not written by this guest into this slot, or an epoch's key is missing here.
    pub fn open_item(
        &self,
        guest: GuestId,
        slot: u64,
        item: &[u8],
    ) -> Result<(EntryId, Written), SealError> {
        let mut reader = Reader::new(item, ITEM);
        match reader.byte()? {
            FORMAT => {}
            found => return Err(SealError::Newer { what: ITEM, found }),
        }
        let epoch = u32::try_from(reader.varint()?).map_err(|_| reader.damaged())?;
        let epoch = Epoch(epoch);
        let wrapped: [u8; WRAPPED_TO] = reader.array()?;
        let place = place(self.vault(), guest, slot);
        let once = unwrap_to(ITEM, &self.inbox(epoch)?, &[&place], &wrapped)?;
        let guest_key = self.guest_key(epoch, guest)?;
        let sealing = item_key(&guest_key, &once);
        let plain = wrap::open(ITEM, &sealing, &[0; 24], &place, reader.rest())?;
        let plain = pack::unpack(pack::unpad(&plain)?)?;
        let mut reader = Reader::new(&plain, ITEM);
        let at = Instant(unzigzag(reader.varint()?));
        let zone = Zone(text(&mut reader)?);
        let body = text(&mut reader)?;
        reader.end()?;
        let id = derive(&self.vault().0, guest_key.bytes(), &[b"ts-guest-entry-v1", &place]);
        Ok((EntryId(id), Written { at, zone, body }))
    }

    /// Seals what a guest is for, for the vault's devices.
    #[must_use]
    pub fn seal_guest_note(&self, guest: GuestId, kind: GuestKind, nonce: [u8; 24]) -> Vec<u8> {
        let mut out = nonce.to_vec();
        wrap::seal_into(&mut out, &self.name_key(), &nonce, &guest.0, vec![kind as u8]);
        out
    }

    /// Opens such a note.
    #[must_use]
    pub fn open_guest_note(&self, guest: GuestId, note: &[u8]) -> Option<GuestKind> {
        let (nonce, sealed) = note.split_first_chunk()?;
        let plain = wrap::open("note", &self.name_key(), nonce, &guest.0, sealed).ok()?;
        let kinds = [GuestKind::Writer, GuestKind::Reader, GuestKind::Backup, GuestKind::Words];
        kinds.into_iter().find(|kind| plain == [*kind as u8])
    }

    fn inbox(&self, epoch: Epoch) -> Result<StaticSecret, SealError> {
        let data = self.epoch_keys(epoch)?.data.bytes();
        let number = epoch.0.to_be_bytes();
        let secret = Secret::new(derive(&self.vault().0, data, &[b"ts-guest-inbox-v1", &number]));
        Ok(StaticSecret::from(*secret.bytes()))
    }

    fn guest_key(&self, epoch: Epoch, guest: GuestId) -> Result<Secret, SealError> {
        let data = self.epoch_keys(epoch)?.data.bytes();
        Ok(Secret::new(derive(&self.vault().0, data, &[b"ts-guest-key-v1", &guest.0])))
    }
}

impl GuestPass {
    /// The guest's name.
    #[must_use]
    pub fn guest(&self) -> GuestId {
        self.guest
    }

    /// The pass as the sequencer keeps it until the guest comes.
    #[must_use]
    pub fn seal(&self, code: &GuestCode, packer: &Packer, chance: &mut dyn Chance) -> Vec<u8> {
        let mut plain = Vec::new();
        plain.extend_from_slice(&self.vault.0);
        plain.extend_from_slice(&self.guest.0);
        put_varint(&mut plain, self.epoch.0.into());
        plain.extend_from_slice(&self.inbox);
        plain.extend_from_slice(self.key.bytes());
        put_varint(&mut plain, self.shown.len() as u64);
        for shown in &self.shown {
            put_bytes(&mut plain, shown.date.to_string().as_bytes());
            let time = shown.time.map_or(0, |time| 1 + zigzag(time.millis()));
            put_varint(&mut plain, time);
            put_bytes(&mut plain, shown.body.as_bytes());
        }
        let mut nonce = [0; 24];
        chance.fill(&mut nonce);
        let mut out = vec![FORMAT];
        out.extend_from_slice(&nonce);
        let plain = pack::pad(&packer.pack(&plain));
        wrap::seal_into(&mut out, &code.pass_key(), &nonce, PASS.as_bytes(), plain);
        out
    }

    /// Opens a pass that the sequencer gave for a code.
    ///
    /// # Errors
    /// If it was not sealed under this code, or is one of a newer app.
    pub fn open(code: &GuestCode, bytes: &[u8]) -> Result<Self, SealError> {
        let mut reader = Reader::new(bytes, PASS);
        match reader.byte()? {
            FORMAT => {}
            found => return Err(SealError::Newer { what: PASS, found }),
        }
        let nonce = reader.array()?;
        let plain = wrap::open(PASS, &code.pass_key(), &nonce, PASS.as_bytes(), reader.rest())?;
        let plain = zeroize::Zeroizing::new(pack::unpack(pack::unpad(&plain)?)?);
        let mut reader = Reader::new(&plain, PASS);
        let (vault, guest) = (VaultId(reader.array()?), GuestId(reader.array()?));
        let epoch = u32::try_from(reader.varint()?).map_err(|_| reader.damaged())?;
        let (inbox, key) = (reader.array()?, Secret::new(reader.array()?));
        let mut shown = Vec::new();
        for _ in 0..reader.varint()? {
            shown.push(read_shown(&mut reader)?);
        }
        reader.end()?;
        Ok(Self { vault, guest, epoch: Epoch(epoch), inbox, key, shown })
    }

    /// Seals a version of an entry; from then on only the vault's devices can read it.
    ///
    /// # Errors
    /// If the inbox's key is none.
    pub fn seal_item(
        &self,
        slot: u64,
        written: &Written,
        packer: &Packer,
        chance: &mut dyn Chance,
    ) -> Result<Vec<u8>, SealError> {
        let mut plain = Vec::new();
        put_varint(&mut plain, zigzag(written.at.0));
        put_bytes(&mut plain, written.zone.0.as_bytes());
        put_bytes(&mut plain, written.body.as_bytes());
        let plain = pack::pad(&packer.pack(&plain));
        let (own, once) = (Secret::random(chance), Secret::random(chance));
        let mut nonce = [0; 24];
        chance.fill(&mut nonce);
        let place = place(self.vault, self.guest, slot);
        let mut out = vec![FORMAT];
        put_varint(&mut out, self.epoch.0.into());
        out.extend_from_slice(&wrap_to(&self.inbox, &own, &[&place], &nonce, &once)?);
        // The key is used once, so the nonce may be the same for all.
        wrap::seal_into(&mut out, &item_key(&self.key, &once), &[0; 24], &place, plain);
        Ok(out)
    }
}

fn read_shown(reader: &mut Reader<'_>) -> Result<Shown, SealError> {
    let date: Date = text(reader)?.parse().map_err(|_| reader.damaged())?;
    let time = match reader.varint()? {
        0 => None,
        time => Time::from_millis(unzigzag(time - 1)),
    };
    Ok(Shown { date, time, body: text(reader)? })
}

fn text(reader: &mut Reader<'_>) -> Result<String, SealError> {
    let bytes = reader.bytes()?.to_vec();
    String::from_utf8(bytes).map_err(|_| reader.damaged())
}

/// Where an item belongs: the sequencer can neither give it to another guest nor to another slot.
fn place(vault: VaultId, guest: GuestId, slot: u64) -> Vec<u8> {
    [b"ts-guest-item-v1", &vault.0[..], &guest.0, &slot.to_be_bytes()].concat()
}

fn item_key(guest: &Secret, once: &Secret) -> Secret {
    Secret::new(derive(guest.bytes(), once.bytes(), &[b"ts-guest-seal-v1"]))
}

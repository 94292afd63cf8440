//! An epoch that began when a device was put out. That one has the root, so this epoch's key must
//! not follow from the root: it is wrapped to each device that stayed, and to the recovery words.

use super::keys::Secret;
use super::wrap::{WRAPPED_TO, unwrap_to, wrap_to};
use super::{Chance, DeviceKeys, Epoch, Recovery, SealError};
use crate::id::{DeviceId, VaultId};
use crate::wire::{Reader, put_varint};

const TO_WORDS: &[u8] = b"epoch to recovery words";
const TO_DEVICE: &[u8] = b"epoch to device";

/// Who opens a closed epoch.
#[derive(Clone, Copy)]
pub(super) enum Opener<'a> {
    Words(&'a Recovery),
    Device(DeviceId, &'a DeviceKeys),
}

/// The key of one epoch, for those alone who may have it.
#[derive(Clone, Debug)]
pub(super) struct Closed {
    vault: VaultId,
    pub(super) epoch: Epoch,
    words: [u8; WRAPPED_TO],
    // Ascending.
    devices: Vec<(DeviceId, [u8; WRAPPED_TO])>,
}

impl Closed {
    /// The epoch for the recovery words, whose public key is `inbox`, and for no device yet.
    pub(super) fn create(
        vault: VaultId,
        epoch: Epoch,
        data: &Secret,
        inbox: &[u8; 32],
        chance: &mut dyn Chance,
    ) -> Result<Self, SealError> {
        let mut closed = Self { vault, epoch, words: [0; WRAPPED_TO], devices: Vec::new() };
        closed.set_words(data, inbox, chance)?;
        Ok(closed)
    }

    pub(super) fn set_words(
        &mut self,
        data: &Secret,
        inbox: &[u8; 32],
        chance: &mut dyn Chance,
    ) -> Result<(), SealError> {
        self.words = to(inbox, &[TO_WORDS, &self.vault.0, &self.number()], data, chance)?;
        Ok(())
    }

    pub(super) fn add_device(
        &mut self,
        data: &Secret,
        device: DeviceId,
        wrap_key: &[u8; 32],
        chance: &mut dyn Chance,
    ) -> Result<(), SealError> {
        let purpose = [TO_DEVICE, &self.vault.0, &device.0, &self.number()];
        let wrapped = to(wrap_key, &purpose, data, chance)?;
        super::keyring::put(&mut self.devices, device, wrapped);
        Ok(())
    }

    pub(super) fn keep_devices(&mut self, stays: impl Fn(DeviceId) -> bool) {
        self.devices.retain(|(device, _)| stays(*device));
    }

    pub(super) fn open(&self, opener: Opener<'_>) -> Result<Secret, SealError> {
        let (vault, number) = (&self.vault.0, self.number());
        match opener {
            Opener::Words(recovery) => {
                let purpose = [TO_WORDS, vault, &number];
                unwrap_to("epoch key", &recovery.inbox(), &purpose, &self.words)
            }
            Opener::Device(device, keys) => {
                let wrapped = self.devices.iter().find(|(one, _)| *one == device);
                let (_, wrapped) = wrapped.ok_or(SealError::NotOnRing(device))?;
                let purpose = [TO_DEVICE, vault, &device.0, &number];
                unwrap_to("epoch key", &keys.wrap_secret(), &purpose, wrapped)
            }
        }
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        put_varint(out, u64::from(self.epoch.0));
        out.extend_from_slice(&self.words);
        write_devices(out, &self.devices);
    }

    pub(super) fn read(reader: &mut Reader<'_>, vault: VaultId) -> Result<Self, SealError> {
        let epoch = read_epoch(reader)?;
        let words = reader.array()?;
        Ok(Self { vault, epoch, words, devices: read_devices(reader)? })
    }

    fn number(&self) -> [u8; 4] {
        self.epoch.0.to_be_bytes()
    }
}

fn to(
    wrap_key: &[u8; 32],
    purpose: &[&[u8]],
    data: &Secret,
    chance: &mut dyn Chance,
) -> Result<[u8; WRAPPED_TO], SealError> {
    let own = Secret::random(chance);
    let mut nonce = [0; 24];
    chance.fill(&mut nonce);
    wrap_to(wrap_key, &own, purpose, &nonce, data)
}

pub(super) fn read_epoch(reader: &mut Reader<'_>) -> Result<Epoch, SealError> {
    u32::try_from(reader.varint()?).map(Epoch).map_err(|_| reader.damaged())
}

pub(super) fn write_devices(out: &mut Vec<u8>, devices: &[(DeviceId, [u8; WRAPPED_TO])]) {
    put_varint(out, devices.len() as u64);
    for (device, wrapped) in devices {
        out.extend_from_slice(&device.0);
        out.extend_from_slice(wrapped);
    }
}

pub(super) fn read_devices(
    reader: &mut Reader<'_>,
) -> Result<Vec<(DeviceId, [u8; WRAPPED_TO])>, SealError> {
    let mut devices: Vec<(DeviceId, _)> = Vec::new();
    for _ in 0..reader.varint()? {
        let device = DeviceId(reader.array()?);
        if devices.last().is_some_and(|(last, _)| *last >= device) {
            return Err(reader.damaged());
        }
        devices.push((device, reader.array()?));
    }
    Ok(devices)
}

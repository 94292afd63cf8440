//! How messages are written between threads and tabs: postcard, both ends being the same build.

use serde::de::{DeserializeOwned, Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;

/// A message that cannot be read: the other end is another version of the app.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a message of another version of the app: reload this tab")]
pub struct CodecError;

/// Writes a message.
///
/// # Errors
/// If the value cannot be written at all, which no type of this module causes.
pub fn encode<T: Serialize>(message: &T) -> Result<Vec<u8>, CodecError> {
    postcard::to_allocvec(message).map_err(|_| CodecError)
}

/// Reads a message.
///
/// # Errors
/// If the bytes are not one whole message of this version.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CodecError> {
    postcard::from_bytes(bytes).map_err(|_| CodecError)
}

/// A message inside another. Whoever only passes it on need not know how to read it, which for a
/// worker between two others is a good part of all it would have to know.
#[derive(Debug)]
pub struct Packed<T> {
    bytes: Vec<u8>,
    of: PhantomData<T>,
}

impl<T> Packed<T> {
    /// The message as it is sent.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl<T: Serialize> Packed<T> {
    /// Packs a message.
    ///
    /// # Errors
    /// As [`encode`].
    pub fn of(message: &T) -> Result<Self, CodecError> {
        Ok(Self { bytes: encode(message)?, of: PhantomData })
    }
}

impl<T: DeserializeOwned> Packed<T> {
    /// Reads the message.
    ///
    /// # Errors
    /// As [`decode`].
    pub fn unpack(&self) -> Result<T, CodecError> {
        decode(&self.bytes)
    }
}

impl<T> Serialize for Packed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.bytes)
    }
}

impl<'de, T> Deserialize<'de> for Packed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = deserializer.deserialize_bytes(Bytes)?;
        Ok(Self { bytes, of: PhantomData })
    }
}

struct Bytes;

impl Visitor<'_> for Bytes {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("bytes")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        Ok(bytes.to_vec())
    }
}

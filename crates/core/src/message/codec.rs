//! How messages are written between threads and tabs: postcard, both ends being the same build.

use serde::{Serialize, de::DeserializeOwned};

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

//! What a packet capture would see: a proxy that records every byte of both directions.

use crate::Failure;
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// One direction of one connection, so that no word is parted by another one's.
type Stream = Arc<Mutex<Vec<u8>>>;

/// Stands before a server, and hears everything.
#[derive(Debug)]
pub struct Recorder {
    pub address: SocketAddr,
    server: Arc<Mutex<Option<SocketAddr>>>,
    streams: Arc<Mutex<Vec<Stream>>>,
}

impl Recorder {
    /// Listens on a free port of this machine, for a server that is named later.
    ///
    /// # Errors
    /// If there is no port.
    pub fn start() -> Result<Self, Failure> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let (server, streams) = (Arc::default(), Arc::<Mutex<Vec<Stream>>>::default());
        let recorder = Self { address, server: Arc::clone(&server), streams: Arc::clone(&streams) };
        drop(thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let to = *lock(&server);
                // Where nobody serves, the connection ends as it would without a proxy.
                if let Some(server) = to.and_then(|to| TcpStream::connect(to).ok()) {
                    pass_on(&client, &server, &streams);
                    pass_on(&server, &client, &streams);
                }
            }
        }));
        Ok(recorder)
    }

    /// From now on this is the server.
    pub fn stand_before(&self, server: SocketAddr) {
        *lock(&self.server) = Some(server);
    }

    /// Everything that was said so far.
    #[must_use]
    pub fn streams(&self) -> Vec<Vec<u8>> {
        lock(&self.streams).iter().map(|stream| lock(stream).clone()).collect()
    }
}

/// Copies one direction on a thread of its own, until either end closes.
fn pass_on(from: &TcpStream, to: &TcpStream, streams: &Mutex<Vec<Stream>>) {
    let stream = Stream::default();
    lock(streams).push(Arc::clone(&stream));
    let (Ok(mut from), Ok(mut to)) = (from.try_clone(), to.try_clone()) else { return };
    drop(thread::spawn(move || {
        let mut piece = [0; 16 << 10];
        loop {
            match from.read(&mut piece) {
                Ok(0) => break,
                Ok(read) => {
                    lock(&stream).extend_from_slice(&piece[..read]);
                    if to.write_all(&piece[..read]).is_err() {
                        break;
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
        to.shutdown(Shutdown::Write).ok();
    }));
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The first of these words that can be read in the bytes, in any case, be it as text, in wide
/// letters, in hex or in base64.
#[must_use]
pub fn readable<'a>(bytes: &[u8], words: &[&'a str]) -> Option<&'a str> {
    let all = letters(bytes);
    let said = |word: &&&str| forms(word).iter().any(|form| all.contains(&letters(form)));
    words.iter().find(said).copied()
}

/// A letter for each byte: texts are searched much faster than bytes.
fn letters(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(byte.to_ascii_lowercase())).collect()
}

fn forms(word: &str) -> Vec<Vec<u8>> {
    let wide = |bytes: fn(u16) -> [u8; 2]| word.encode_utf16().flat_map(bytes).collect();
    let hex: String = word.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![word.into(), wide(u16::to_le_bytes), wide(u16::to_be_bytes), hex.into()];
    // Base64 of a word depends on where among three bytes it begins.
    forms.extend((0..3).map(|before| base64(word.as_bytes(), before)));
    forms
}

/// The letters that stand for these bytes alone, if so many came before them.
fn base64(bytes: &[u8], before: usize) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let all = [&[0, 0][..before], bytes].concat();
    let bit = |at: usize| usize::from(all[at / 8] >> (7 - at % 8) & 1);
    let letter =
        |at: usize| LETTERS[(at * 6..at * 6 + 6).fold(0, |value, at| value << 1 | bit(at))];
    ((before * 8).div_ceil(6)..all.len() * 8 / 6).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_read_in_every_spelling() {
        for said in [
            &b"a quetzal flies"[..],
            b"A QUETZAL",
            b"\0q\0u\0e\0t\0z\0a\0l\0",
            b"id=717565747A616c&",
            b"cXVldHphbA==",     // quetzal
            b"YSBxdWV0emFsIQ==", // a quetzal!
            b"YXF1ZXR6YWw=",     // aquetzal
        ] {
            let found = readable(said, &["robin", "quetzal"]);
            assert_eq!(found, Some("quetzal"), "{}", String::from_utf8_lossy(said));
        }
        assert_eq!(readable(b"quetza1, q u e t z a l", &["quetzal"]), None);
    }
}

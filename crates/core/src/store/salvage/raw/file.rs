//! The bytes of a file, beneath everything that SQLite makes of them.
#![allow(unsafe_code, reason = "SQLite gives a file's bytes to whoever asks in C")]

use rusqlite::{Connection, ffi};
use std::ffi::{c_int, c_void};
use std::marker::PhantomData;
use std::ptr;

/// An open file, for as long as its connection is.
pub(super) struct File<'a> {
    file: *mut ffi::sqlite3_file,
    connection: PhantomData<&'a Connection>,
}

impl<'a> File<'a> {
    /// The main file of a connection, which opens it at once but reads nothing of it yet.
    pub(super) fn of(connection: &'a Connection) -> Self {
        let mut file: *mut ffi::sqlite3_file = ptr::null_mut();
        // SAFETY: the connection is open; the control writes one pointer, to which `file` gives
        // room. Were it not to answer, the pointer would stay null.
        unsafe {
            let answer = (&raw mut file).cast::<c_void>();
            let question = ffi::SQLITE_FCNTL_FILE_POINTER;
            ffi::sqlite3_file_control(connection.handle(), c"main".as_ptr(), question, answer);
        }
        Self { file, connection: PhantomData }
    }

    /// Its length; 0 if it cannot be told.
    pub(super) fn size(&self) -> u64 {
        let mut size = 0;
        // SAFETY: the file lives as long as its connection; `size` has room for the answer.
        let done = unsafe {
            self.methods()
                .and_then(|methods| methods.xFileSize)
                .map(|ask| ask(self.file, &mut size))
        };
        if done == Some(ffi::SQLITE_OK) { u64::try_from(size).unwrap_or(0) } else { 0 }
    }

    /// The bytes at a place, if there are as many.
    pub(super) fn read(&self, at: u64, length: usize) -> Option<Vec<u8>> {
        let mut bytes = vec![0; length];
        let (count, at) = (c_int::try_from(length).ok()?, i64::try_from(at).ok()?);
        // SAFETY: the file lives as long as its connection; `bytes` has room for `count` of them.
        let done = unsafe {
            self.methods()?.xRead?(self.file, bytes.as_mut_ptr().cast::<c_void>(), count, at)
        };
        (done == ffi::SQLITE_OK).then_some(bytes)
    }

    fn methods(&self) -> Option<&ffi::sqlite3_io_methods> {
        // SAFETY: the pointer is null or SQLite's, whose methods are static for the open file.
        unsafe { self.file.as_ref()?.pMethods.as_ref() }
    }
}

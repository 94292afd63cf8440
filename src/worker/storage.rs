//! The Origin Private File System as the engine's folder, and what can be the matter with it.

use js_sys::{Function, Promise, Reflect};
use rusqlite::{Connection, OpenFlags};
use sqlite_wasm_rs::WasmOsCallback;
use sqlite_wasm_rs::vfs::VfsFilesManager;
use sqlite_wasm_vfs::sahpool::{OpfsSAHError, OpfsSAHPoolCfgBuilder, OpfsSAHPoolUtil, install};
use std::cell::RefCell;
use thoughtstream_core::message::MemoryReason;
use thoughtstream_core::store::Folder;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Database, its log, and room for a copy or a salvage; each free slot costs two flushes a start.
const SLOTS: u32 = 4;
/// The pool's directory in the Origin Private File System.
const DIRECTORY: &str = ".thoughtstream";

/// Why there is no folder.
#[derive(Debug)]
pub enum NoFolder {
    /// This browser, window or page has no files to give.
    Absent(MemoryReason),
    /// The files are there, but somebody else holds them; try again.
    Held,
    /// Something else is wrong; the text says what.
    Broken(String),
}

/// The pool of files. It lives as long as the worker; between owners it is paused.
pub struct Pool {
    util: OpfsSAHPoolUtil,
}

thread_local! {
    /// SQLite knows one pool by its name, so a worker has one, however often it owns it.
    static POOL: RefCell<Option<OpfsSAHPoolUtil>> = const { RefCell::new(None) };
}

impl Pool {
    /// Takes the files, for as long as [`Pool::release`] is not called.
    ///
    /// # Errors
    /// With the reason, which tells "busy" from "absent".
    pub async fn take() -> Result<Self, NoFolder> {
        probe().await?;
        let known = POOL.with_borrow(Clone::clone);
        let util = match known {
            Some(util) => {
                util.resume().await.map_err(|error| why(&error))?;
                util
            }
            None => {
                let options = OpfsSAHPoolCfgBuilder::new()
                    .directory(DIRECTORY)
                    .initial_capacity(SLOTS as usize)
                    .build();
                let util = install::<WasmOsCallback>(&options, true).await;
                util.map_err(|error| why(&error))?
            }
        };
        POOL.set(Some(util.clone()));
        let pool = Self { util };
        pool.make_room().await;
        Ok(pool)
    }

    /// Lets the files go; no connection may be open.
    pub fn release(&self) {
        // What cannot be paused is released by the browser when the worker ends.
        let _ = self.util.pause();
    }

    /// Sees to it that there are free slots for what the engine may need next.
    async fn make_room(&self) {
        let files = self.util.names().map_or(0, |names| names.len());
        // Without room a migration or a salvage fails with an error of its own.
        let _ = self.util.ensure_capacity(files + 2).await;
    }
}

impl Folder for Pool {
    fn names(&self) -> Vec<String> {
        let names = self.util.names().unwrap_or_default();
        names
            .into_iter()
            .filter_map(|name| name.strip_prefix('/').map(str::to_owned).or(Some(name)))
            .filter(|name| name.ends_with(".sqlite3"))
            .collect()
    }

    fn path(&self, name: &str) -> String {
        name.to_owned()
    }

    fn open(&self, name: &str) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Connection::open_with_flags(name, flags)
    }

    fn remove(&self, name: &str) -> Result<(), String> {
        for name in [name.to_owned(), format!("{name}-wal"), format!("{name}-journal")] {
            self.util.remove(&name).map_err(|error| error.to_string())?;
        }
        Ok(())
    }
}

/// Whether there is a file system at all, asked before SQLite is.
async fn probe() -> Result<(), NoFolder> {
    let get = |object: &JsValue, key: &str| Reflect::get(object, &key.into()).ok();
    let global: JsValue = js_sys::global().into();
    if get(&global, "isSecureContext").and_then(|value| value.as_bool()) == Some(false) {
        return Err(NoFolder::Absent(MemoryReason::Insecure));
    }
    let storage = get(&global, "navigator").and_then(|navigator| get(&navigator, "storage"));
    let storage = storage.filter(|storage| !storage.is_undefined());
    let Some(storage) = storage else {
        return Err(NoFolder::Absent(MemoryReason::Unsupported));
    };
    let directory = get(&storage, "getDirectory").and_then(|get| get.dyn_into::<Function>().ok());
    let handles = get(&global, "FileSystemSyncAccessHandle").filter(|value| !value.is_undefined());
    let (Some(directory), Some(_)) = (directory, handles) else {
        return Err(NoFolder::Absent(MemoryReason::Unsupported));
    };
    let asked = directory.call0(&storage).and_then(JsCast::dyn_into::<Promise>);
    let answered = match asked {
        Ok(promise) => JsFuture::from(promise).await,
        Err(error) => Err(error),
    };
    answered.map(drop).map_err(|error| why_not(&error))
}

fn why(error: &OpfsSAHError) -> NoFolder {
    match error {
        OpfsSAHError::Opfs { value, .. } => why_not(value),
        OpfsSAHError::NotSupported => NoFolder::Absent(MemoryReason::Unsupported),
        OpfsSAHError::DirectoryInUse(_) | OpfsSAHError::FilesInUse | OpfsSAHError::Busy => {
            NoFolder::Held
        }
        other => NoFolder::Broken(other.to_string()),
    }
}

/// The name of the exception tells, its text is for people and differs between browsers.
fn why_not(error: &JsValue) -> NoFolder {
    let get = |key: &str| Reflect::get(error, &key.into()).ok()?.as_string();
    match get("name").unwrap_or_default().as_str() {
        "SecurityError" | "NotAllowedError" => NoFolder::Absent(MemoryReason::Private),
        "NoModificationAllowedError" | "InvalidStateError" => NoFolder::Held,
        name => NoFolder::Broken(format!("{name}: {}", get("message").unwrap_or_default())),
    }
}

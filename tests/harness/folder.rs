//! Where the build is found and where tests leave their files, always on a real disk: a profile
//! in memory would make every flush free and prove nothing.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The build under test.
///
/// # Panics
/// If there is none, with what to do.
#[must_use]
pub fn dist() -> PathBuf {
    let folder = env::var_os("THOUGHTSTREAM_DIST").map_or_else(|| root().join("dist"), Into::into);
    assert!(
        folder.join("index.html").is_file(),
        "no build in {}: run `cargo xtask build`, or name one in THOUGHTSTREAM_DIST",
        folder.display()
    );
    folder
}

/// The same app under another version: what was deployed before.
///
/// # Panics
/// If there is none, with what to do.
#[must_use]
pub fn dist_old() -> PathBuf {
    let old = env::var_os("THOUGHTSTREAM_DIST_OLD");
    let folder = old.map_or_else(|| root().join("dist-old"), Into::into);
    assert!(
        folder.join("index.html").is_file(),
        "no earlier build in {}: run `cargo xtask build --old`",
        folder.display()
    );
    folder
}

/// The script of axe-core, which checks the accessibility of a page.
///
/// # Panics
/// If it is not installed.
#[must_use]
pub fn axe() -> String {
    let named = env::var_os("THOUGHTSTREAM_AXE").map(PathBuf::from);
    let file =
        named.unwrap_or_else(|| root().join("target/tools/node_modules/axe-core/axe.min.js"));
    fs::read_to_string(&file).unwrap_or_else(|error| {
        panic!("{}: {error}; `cargo xtask test` installs axe-core", file.display())
    })
}

/// A real diary of 3,415 entries.
///
/// # Panics
/// If it is not there.
#[must_use]
pub fn diary() -> PathBuf {
    let file = root().join("../shared/data/pepys.jsonl.gz");
    file.canonicalize().unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The folder for what is made and may be deleted.
#[must_use]
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), Into::into)
}

/// A browser's own folder with what stands beside it; deleted when dropped.
pub struct Profile(TempDir);

impl Profile {
    /// A browser that was never used.
    #[must_use]
    pub fn fresh() -> Self {
        let folder = scratch("browser");
        for part in ["profile", "downloads"] {
            fs::create_dir(folder.path().join(part)).expect("a folder for a browser");
        }
        Self(folder)
    }

    /// Where the browser keeps everything, the journal included.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.0.path().join("profile")
    }

    /// Where it puts what is downloaded.
    #[must_use]
    pub fn downloads(&self) -> PathBuf {
        self.0.path().join("downloads")
    }

    /// The newest download whose name ends like this; `None` as long as one is under way.
    #[must_use]
    pub fn downloaded(&self, extension: &str) -> Option<PathBuf> {
        let files: Vec<PathBuf> =
            fs::read_dir(self.downloads()).ok()?.flatten().map(|file| file.path()).collect();
        let ends = |file: &Path, end: &str| file.extension().is_some_and(|found| found == end);
        if files.iter().any(|file| ends(file, "part") || ends(file, "crdownload")) {
            return None;
        }
        let finished = files.into_iter().filter(|file| ends(file, extension));
        finished.max_by_key(|file| fs::metadata(file).and_then(|data| data.modified()).ok())
    }

    /// Where its driver writes what it does.
    pub(crate) fn log(&self) -> PathBuf {
        self.0.path().join("driver.log")
    }
}

/// A new folder that is deleted when it is dropped.
///
/// # Panics
/// If the disk does not allow it.
#[must_use]
pub fn scratch(purpose: &str) -> TempDir {
    let place = target().join("scratch");
    fs::create_dir_all(&place).expect("a folder for the tests' files");
    tempfile::Builder::new()
        .prefix(&format!("{purpose}-"))
        .tempdir_in(place)
        .expect("a folder for the tests' files")
}

fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().expect("BUG: the tests are a member of the workspace").to_owned()
}

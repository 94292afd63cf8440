//! Deployments that differ from the build in one thing.

use std::fs;
use std::path::Path;
use tempfile::TempDir;
use thoughtstream_tests::{dist, scratch};

/// A copy of the build with one file rewritten.
pub(crate) fn with_file(name: &str, rewrite: impl FnOnce(String) -> String) -> TempDir {
    let folder = scratch("deployment");
    copy(&dist(), folder.path());
    let file = folder.path().join(name);
    let text = fs::read_to_string(&file).expect("a file of the build");
    fs::write(&file, rewrite(text)).expect("a file of the deployment");
    // A packed twin would be served in its place.
    fs::remove_file(folder.path().join(format!("{name}.br"))).ok();
    folder
}

/// The name of the one file of the build that begins and ends like this.
pub(crate) fn file(begin: &str, end: &str) -> String {
    let names = fs::read_dir(dist()).expect("the build").flatten();
    let mut names = names.filter_map(|entry| entry.file_name().into_string().ok());
    let found = names.find(|name| name.starts_with(begin) && name.ends_with(end));
    found.unwrap_or_else(|| panic!("the build has no {begin}…{end}"))
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("the build").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir(&target).expect("a folder of the deployment");
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file of the deployment");
        }
    }
}

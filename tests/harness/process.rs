//! Ends a driver and every process it started, all at once and without warning.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// How often to look whether killed processes are gone, and for how long.
const INTERVAL: Duration = Duration::from_millis(5);
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends SIGKILL to the process, to all its descendants, and to every process that was started on
/// the profile (crash handlers leave the family).
pub(crate) fn kill_family(root: u32, profile: &Path) {
    let victims = family(root, profile);
    if victims.is_empty() {
        return;
    }
    // One call for all of them: none has time to notice that another one is gone.
    let ids = victims.iter().map(u32::to_string);
    Command::new("kill").arg("-KILL").args(ids).output().ok();
}

/// Blocks until none of the family is left, so that nothing writes to the profile any more.
pub(crate) fn await_end(root: u32, profile: &Path) {
    let begin = Instant::now();
    while !family(root, profile).is_empty() && begin.elapsed() < PATIENCE {
        thread::sleep(INTERVAL);
    }
}

fn family(root: u32, profile: &Path) -> HashSet<u32> {
    let processes: Vec<Process> = processes().collect();
    let profile = profile.to_string_lossy();
    let mut family: HashSet<u32> = processes
        .iter()
        .filter(|process| process.id == root || process.command.contains(&*profile))
        .map(|process| process.id)
        .collect();
    loop {
        let before = family.len();
        for process in &processes {
            if family.contains(&process.parent) {
                family.insert(process.id);
            }
        }
        if family.len() == before {
            return family;
        }
    }
}

struct Process {
    id: u32,
    parent: u32,
    command: String,
}

fn processes() -> impl Iterator<Item = Process> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| process(entry.file_name().to_str()?.parse().ok()?))
}

/// Reads one process; `None` if it has ended, also when nobody has asked for its result yet.
fn process(id: u32) -> Option<Process> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace();
    let state = fields.next()?;
    let parent = fields.next()?.parse().ok()?;
    let command = fs::read(format!("/proc/{id}/cmdline")).ok()?;
    (state != "Z").then(|| Process {
        id,
        parent,
        command: String::from_utf8_lossy(&command).replace('\0', " "),
    })
}

//! A hostile sequencer, by script: what it does to devices that meet, to one that comes in, and to
//! one that is in. Nothing of it is accepted, and each time the device says what happened.

mod attacks;
mod loot;

use crate::device::Device;
use crate::link::{host_and_new, let_in, shown, taken, until};
use crate::stage::{Kind, Place, Server};
use attacks::{ENTERING, MEETING, SYNCING};
use loot::{Loot, Script};
use thoughtstream_core::message::{Command, LinkCommand, LinkStatus, SyncCommand, SyncPhase};
use thoughtstream_core::message::{LinkTrouble, SyncTrouble};
use thoughtstream_core::session::Reply;
use thoughtstream_core::wire::{Body, ManifestIs, PutManifest};

/// Whose answers are changed, and who has to notice.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Victim {
    New,
    Host,
}

/// What is done, to whom, and a part of what is said then.
struct Attack {
    name: &'static str,
    victim: Victim,
    /// Whether the code is scanned.
    scanned: bool,
    script: Script,
    says: &'static str,
}

fn why(status: &LinkStatus) -> String {
    match status {
        LinkStatus::Failed(trouble) => trouble.to_string(),
        other => format!("{other:?}"),
    }
}

/// Both people do as the screens say, until one device gives up.
async fn until_it_fails(host: &mut Device, new: &mut Device) {
    let failed = |device: &Device| matches!(device.link, LinkStatus::Failed(_));
    for _ in 0..600 {
        if failed(host) || failed(new) {
            break;
        }
        if let (LinkStatus::Asked { .. }, LinkStatus::Checking { check, .. }) =
            (&host.link, &new.link)
        {
            let check = check.clone();
            host.link(LinkCommand::LetIn { check }).unwrap();
        }
        if matches!(new.link, LinkStatus::Offered { .. }) {
            return;
        }
        host.step().await;
        new.step().await;
    }
    // The other one hears of it, or its time is over.
    for _ in 0..200 {
        host.step().await;
        new.step().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_gets_between_two_devices_that_meet() {
    assert!(MEETING.len() + ENTERING.len() + SYNCING.len() >= 25);
    for Attack { name, victim, scanned, script, says } in MEETING {
        let place = Place::new(Kind::Sqlite);
        let server = place.serve().await;
        let (mut host, mut new) = host_and_new(&server).await;
        let between = script.between(Loot::new());
        match victim {
            Victim::Host => host.between = Some(between),
            Victim::New => new.between = Some(between),
        }
        let (code, picture) = shown(&mut host, &mut new).await;
        host.link(LinkCommand::Take { code: if *scanned { picture } else { code } }).unwrap();
        until_it_fails(&mut host, &mut new).await;
        let said = why(if *victim == Victim::Host { &host.link } else { &new.link });
        assert!(said.contains(says), "{name}: {said}");
        assert_eq!(new.status.phase, SyncPhase::Off, "{name}");
        assert_eq!(new.reads(1), None, "{name}");
        host.between = None;
        host.sync().await;
        assert_eq!(host.devices(), (vec![1], vec![]), "{name}: nobody stays on the list");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_device_comes_into_its_vault_and_no_other() {
    for Attack { name, script, says, .. } in ENTERING {
        let place = Place::new(Kind::Sqlite);
        let server = place.serve().await;
        let (mut host, mut new) = host_and_new(&server).await;
        let (code, _) = shown(&mut host, &mut new).await;
        let check = taken(&mut host, &mut new, code).await;
        host.link(LinkCommand::LetIn { check }).unwrap();
        until(&mut host, &mut new, |_, new| matches!(new, LinkStatus::Offered { .. })).await;
        new.between = Some(script.between(Loot::new()));
        new.link(LinkCommand::Enter).unwrap();
        for _ in 0..40 {
            new.step().await;
        }
        let said = match (&new.link, &new.status.phase) {
            (LinkStatus::Failed(LinkTrouble::Untrusted(why)), SyncPhase::Off) => why.clone(),
            (_, SyncPhase::Stopped(SyncTrouble::Untrusted(why))) => why.clone(),
            other => panic!("{name}: {other:?}"),
        };
        assert!(said.contains(says), "{name}: {said}");
        assert_eq!([new.reads(1), new.reads(2)], [None, None], "{name}");
    }
}

/// Two devices that are in step, and something new that the first has written.
async fn two_in_step(server: &Server) -> (Device, Device) {
    let (mut host, mut new) = host_and_new(server).await;
    let (code, _) = shown(&mut host, &mut new).await;
    let check = taken(&mut host, &mut new, code).await;
    let_in(&mut host, &mut new, check).await;
    new.sync().await;
    host.sync().await;
    host.write(3, "Only for one's own.");
    host.write(4, "And this.");
    host.write(5, "And that.");
    host.sync().await;
    (host, new)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_takes_nothing_that_cannot_be_right() {
    for Attack { name, script, says, .. } in SYNCING {
        let place = Place::new(Kind::Sqlite);
        let server = place.serve().await;
        let (_, mut device) = two_in_step(&server).await;
        device.between = Some(script.between(Loot::new()));
        device.sync().await;
        let SyncPhase::Stopped(SyncTrouble::Untrusted(said)) = &device.status.phase else {
            panic!("{name}: {:?}", device.status.phase)
        };
        assert!(said.contains(says), "{name}: {said}");
        assert_eq!([3, 4, 5].map(|number| device.reads(number)), [None, None, None], "{name}");
        assert_eq!(device.devices().0, [1, 2], "{name}");
        // Without the script all is well again.
        device.between = None;
        device.ask(Command::Sync(SyncCommand::Now)).unwrap();
        device.settle().await;
        assert_eq!(device.reads(4).unwrap(), "And this.", "{name}");
    }
}

/// A list that follows on the same one as another, which a device has seen.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_devices_are_not_shown_two_lists() {
    let place = Place::new(Kind::Sqlite);
    let server = place.serve().await;
    let (mut host, mut device) = two_in_step(&server).await;
    let rename = |name: &str| {
        let device = thoughtstream_caller::device(2);
        Command::Sync(SyncCommand::Rename { device, name: name.to_owned() })
    };
    // A copy of the first device makes the other list; it does not get to the server.
    let mut twin = host.twin();
    let (keep, kept) = std::sync::mpsc::channel();
    twin.between = Some(Box::new(move |request, _| {
        let is_list = request.url.ends_with("/v1/manifest") && !request.body.is_empty();
        let put = PutManifest::decode(&request.body).ok().filter(|_| is_list)?;
        keep.send(put.manifest).ok()?;
        Some(Reply::Unreachable)
    }));
    twin.ask(rename("Elsewhere")).unwrap();
    for _ in 0..20 {
        twin.step().await;
    }
    let fork = kept.try_recv().expect("the copy has made a list");
    host.ask(rename("Here")).unwrap();
    host.settle().await;
    device.sync().await;
    assert_eq!(device.status.phase, SyncPhase::Synced);
    let said = is_shown(&mut device, fork).await;
    assert!(said.contains("two devices changed it at once, or the server shows"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_does_not_go_back_to_before_a_device_was_put_out() {
    let place = Place::new(Kind::Sqlite);
    let server = place.serve().await;
    let (mut host, mut device) = two_in_step(&server).await;
    let mut third = Device::new(3, server.address);
    third.join(&host.words()).await;
    let (keep, kept) = std::sync::mpsc::channel();
    device.between = Some(Box::new(move |request, reply| {
        let Reply::Answer { body, .. } = reply? else { return None };
        let list = ManifestIs::decode(&body).ok();
        let list = list.filter(|_| request.url.ends_with("/v1/manifest"))?;
        keep.send(list.manifest).ok()?;
        None
    }));
    device.sync().await;
    let older = kept.try_iter().last().expect("it has read the list with the third on it");
    let out = SyncCommand::PutOut { device: thoughtstream_caller::device(3) };
    host.ask(Command::Sync(out)).unwrap();
    host.settle().await;
    device.between = None;
    device.sync().await;
    assert_eq!(device.devices().0, [1, 2]);
    let said = is_shown(&mut device, older).await;
    assert!(said.contains("restored from an older copy"), "{said}");
    assert_eq!(device.devices().0, [1, 2], "it stays out");
}

/// What a device says that is shown this list.
async fn is_shown(device: &mut Device, list: Vec<u8>) -> String {
    let loot = Loot { list, ..Loot::new() };
    device.between = Some(Script::Manifest(|loot, _| loot.list.clone()).between(loot));
    device.sync().await;
    match &device.status.phase {
        SyncPhase::Stopped(SyncTrouble::Untrusted(said)) => said.clone(),
        other => panic!("{other:?}"),
    }
}

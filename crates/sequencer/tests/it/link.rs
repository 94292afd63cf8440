//! A new device is let in by one of the vault, through the real sequencer; on both databases.

use crate::device::Device;
use crate::stage::{Place, Server, on_both};
use thoughtstream_core::message::{
    Answer, Command, LinkCommand, LinkStatus, LinkTrouble, Query, SyncCommand, SyncPhase,
    SyncTrouble,
};

on_both! {
    a_new_device_is_let_in_by_a_typed_code
    a_new_device_is_let_in_by_a_picture
    who_is_declined_hears_it
    a_wrong_check_code_ends_it
    every_device_is_told_of_a_new_one
    a_device_gets_another_name
}

/// A device with a vault and an entry in it, and a new one.
pub(crate) async fn host_and_new(server: &Server) -> (Device, Device) {
    let mut host = Device::new(1, server.address);
    let invitation = server.invitation().await;
    let hex: String = invitation.iter().map(|byte| format!("{byte:02x}")).collect();
    host.create(&hex).await;
    host.write(1, "Slept in the barn.");
    host.write(2, "Walked to the sea.");
    host.sync().await;
    (host, Device::new(2, server.address))
}

/// Lets both go on until this is so. (Their clocks go on with their pauses.)
pub(crate) async fn until(
    host: &mut Device,
    new: &mut Device,
    is_so: impl Fn(&LinkStatus, &LinkStatus) -> bool,
) {
    for _ in 0..200 {
        if is_so(&host.link, &new.link) {
            return;
        }
        host.step().await;
        new.step().await;
    }
    panic!("host: {:?}, new: {:?}", host.link, new.link);
}

/// The code that a new device shows, and its picture.
pub(crate) async fn shown(host: &mut Device, new: &mut Device) -> (String, String) {
    new.show();
    until(host, new, |_, new| matches!(new, LinkStatus::Showing { .. })).await;
    match &new.link {
        LinkStatus::Showing { code, picture, .. } => (code.clone(), picture.clone()),
        other => panic!("{other:?}"),
    }
}

/// Gives the host the code; both know then what is asked for. Gives the check code.
pub(crate) async fn taken(host: &mut Device, new: &mut Device, code: String) -> String {
    host.link(LinkCommand::Take { code }).unwrap();
    until(host, new, |host, _| matches!(host, LinkStatus::Asked { .. })).await;
    match &new.link {
        LinkStatus::Checking { check, .. } => check.clone(),
        other => panic!("{other:?}"),
    }
}

/// Lets the new device in, all the way.
pub(crate) async fn let_in(host: &mut Device, new: &mut Device, check: String) {
    host.link(LinkCommand::LetIn { check }).unwrap();
    until(host, new, |_, new| matches!(new, LinkStatus::Offered { .. })).await;
    new.link(LinkCommand::Enter).unwrap();
    until(host, new, |host, new| {
        matches!(host, LinkStatus::LetIn { .. }) && *new == LinkStatus::Idle
    })
    .await;
    new.settle().await;
}

async fn a_new_device_is_let_in_by_a_typed_code(place: Place) {
    let server = place.serve().await;
    let (mut host, mut new) = host_and_new(&server).await;
    let (code, _) = shown(&mut host, &mut new).await;
    comes_in(host, new, code).await;
}

async fn a_new_device_is_let_in_by_a_picture(place: Place) {
    let server = place.serve().await;
    let (mut host, mut new) = host_and_new(&server).await;
    let (_, picture) = shown(&mut host, &mut new).await;
    comes_in(host, new, picture).await;
}

async fn comes_in(mut host: Device, mut new: Device, code: String) {
    new.write(3, "Written before.");
    let check = taken(&mut host, &mut new, code.to_lowercase()).await;
    let LinkStatus::Asked { name, browser, origin, .. } = &host.link else { panic!() };
    assert_eq!([&name[..], browser], ["device 2", "Firefox on Linux"]);
    assert_eq!(origin, crate::device::ORIGIN);
    host.link(LinkCommand::LetIn { check }).unwrap();
    until(&mut host, &mut new, |_, new| matches!(new, LinkStatus::Offered { .. })).await;
    assert_eq!(new.link, LinkStatus::Offered { devices: vec!["device 1".into()] });
    assert_eq!(new.status.phase, SyncPhase::Off, "nothing is sent before it is the right vault");
    new.link(LinkCommand::Enter).unwrap();
    until(&mut host, &mut new, |_, new| *new == LinkStatus::Idle).await;
    new.settle().await;
    assert_eq!(new.status.phase, SyncPhase::Synced);
    assert_eq!(new.reads(1).unwrap(), "Slept in the barn.");
    host.sync().await;
    assert_eq!(host.reads(3).unwrap(), "Written before.");
    assert_eq!(host.link, LinkStatus::LetIn { name: "device 2".into() });
    assert_eq!((host.devices().0, new.devices().0), (vec![1, 2], vec![1, 2]));
    let new = &mut new.restart();
    new.sync().await;
    assert_eq!(new.status.phase, SyncPhase::Synced, "and after the next start");
    host.write(4, "Later.");
    host.sync().await;
    new.sync().await;
    assert_eq!(new.reads(4).unwrap(), "Later.");
    let Ok(Answer::Devices(devices)) = host.ask(Command::Query(Query::Devices)) else { panic!() };
    assert_eq!(devices[1].browser, "Firefox on Linux");
    assert!(devices[1].linked_at.is_some());
    assert!(devices.iter().all(|device| device.wrote_at.is_some()));
}

async fn who_is_declined_hears_it(place: Place) {
    let server = place.serve().await;
    let (mut host, mut new) = host_and_new(&server).await;
    let (code, _) = shown(&mut host, &mut new).await;
    taken(&mut host, &mut new, code).await;
    host.link(LinkCommand::Stop).unwrap();
    until(&mut host, &mut new, |host, new| {
        *host == LinkStatus::Idle && *new == LinkStatus::Failed(LinkTrouble::Declined)
    })
    .await;
    assert_eq!(host.devices().0, [1]);
    assert_eq!(new.status.phase, SyncPhase::Off);
    // And it may ask again.
    let (code, _) = shown(&mut host, &mut new).await;
    let check = taken(&mut host, &mut new, code).await;
    let_in(&mut host, &mut new, check).await;
    assert_eq!(host.devices().0, [1, 2]);
}

async fn a_wrong_check_code_ends_it(place: Place) {
    let server = place.serve().await;
    let (mut host, mut new) = host_and_new(&server).await;
    let (code, _) = shown(&mut host, &mut new).await;
    let check = taken(&mut host, &mut new, code.clone()).await;
    let wrong = format!("{:06}", (check.parse::<u32>().unwrap() + 1) % 1_000_000);
    host.link(LinkCommand::LetIn { check: wrong }).unwrap();
    // There is no second attempt, and the code is used up.
    host.link(LinkCommand::LetIn { check }).unwrap();
    until(&mut host, &mut new, |_, new| *new == LinkStatus::Failed(LinkTrouble::Declined)).await;
    let LinkStatus::Failed(LinkTrouble::Exchange(why)) = &host.link else { panic!() };
    assert!(why.contains("not the check code"), "{why}");
    host.link(LinkCommand::Take { code }).unwrap();
    until(&mut host, &mut new, |host, _| *host == LinkStatus::Failed(LinkTrouble::NoCode)).await;
    host.sync().await;
    assert_eq!(host.devices().0, [1]);
}

async fn every_device_is_told_of_a_new_one(place: Place) {
    let server = place.serve().await;
    let (mut host, mut new) = host_and_new(&server).await;
    let mut third = Device::new(3, server.address);
    third.join(&host.words()).await;
    let told = |device: &Device| -> Vec<String> {
        device.status.newcomers.iter().map(|device| device.name.clone()).collect()
    };
    host.sync().await;
    assert_eq!(told(&host), ["device 3"], "who came by the words is told of, too");
    host.ask(Command::Sync(SyncCommand::NewcomersSeen)).unwrap();
    assert!(told(&host).is_empty());
    let (code, _) = shown(&mut host, &mut new).await;
    let check = taken(&mut host, &mut new, code).await;
    let_in(&mut host, &mut new, check).await;
    third.sync().await;
    assert_eq!((told(&host), told(&new)), (vec![], vec![]), "these two know");
    assert_eq!(told(&third), ["device 2"]);
    let mut third = third.restart();
    third.sync().await;
    assert_eq!(told(&third), ["device 2"], "until somebody has looked");
    // “This is not me”: one command, and it is out.
    let device = third.status.newcomers[0].id;
    third.ask(Command::Sync(SyncCommand::PutOut { device })).unwrap();
    third.settle().await;
    assert!(told(&third).is_empty());
    new.sync().await;
    assert_eq!(new.status.phase, SyncPhase::Stopped(SyncTrouble::PutOut));
}

async fn a_device_gets_another_name(place: Place) {
    let server = place.serve().await;
    let (mut host, mut new) = host_and_new(&server).await;
    let (code, _) = shown(&mut host, &mut new).await;
    let check = taken(&mut host, &mut new, code).await;
    let_in(&mut host, &mut new, check).await;
    let names = |device: &mut Device| match device.ask(Command::Query(Query::Devices)) {
        Ok(Answer::Devices(devices)) => {
            devices.into_iter().map(|device| device.name).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    let rename = |name: &str| {
        let device = thoughtstream_caller::device(2);
        Command::Sync(SyncCommand::Rename { device, name: name.to_owned() })
    };
    assert!(host.ask(rename("  ")).is_err());
    host.ask(rename("Kitchen")).unwrap();
    host.settle().await;
    new.sync().await;
    assert_eq!([names(&mut host), names(&mut new)], [["device 1", "Kitchen"]; 2]);
    new.ask(rename("Attic")).unwrap();
    new.settle().await;
    host.sync().await;
    assert_eq!(names(&mut host), ["device 1", "Attic"]);
}

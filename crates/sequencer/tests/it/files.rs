//! Photos and files: in parts, in order, once, within the quota; on both databases.

use crate::stage::{Place, on_both};
use thoughtstream_caller::{Called, Caller};
use thoughtstream_core::id::FileAddress;
use thoughtstream_core::wire::{
    AskFile, AskPart, Code, DeleteVault, Done, DropFile, FileIs, FileLimits, PartIs, PutPart,
};

on_both! {
    a_file_comes_in_parts_and_goes_out_in_parts
    an_upload_goes_on_where_it_broke_off
    the_quota_of_files_is_announced_and_kept
    the_words_read_files_and_send_none
}

const SEA: FileAddress = FileAddress([0x5e; 32]);

fn part(number: u64, parts: u64) -> PutPart {
    let sealed = vec![number as u8 + 1; 700 + number as usize];
    PutPart { address: SEA, parts, number, sealed }
}

async fn put(caller: &mut Caller, part: &PutPart) -> Called<FileIs> {
    caller.call("POST", "/v1/files/part", part).await
}

async fn there(caller: &mut Caller) -> FileIs {
    let ask = AskFile { address: SEA };
    caller.call("POST", "/v1/files/ask", &ask).await.unwrap().unwrap()
}

async fn fetch(caller: &mut Caller, number: u64) -> Called<PartIs> {
    caller.call("POST", "/v1/files/fetch", &AskPart { address: SEA, number }).await
}

async fn used(caller: &mut Caller) -> FileLimits {
    let reply = caller.send("GET", "/v1/files", vec![]).await.unwrap();
    reply.read::<FileLimits>().unwrap().unwrap()
}

async fn a_file_comes_in_parts_and_goes_out_in_parts(place: Place) {
    let server = place.serve().await;
    let (person, _) = server.vault(1).await;
    let mut first = server.enter(&person, 1).await;
    assert_eq!(there(&mut first).await, FileIs { there: 0, parts: 0 });
    for number in 0..3 {
        let now = put(&mut first, &part(number, 3)).await.unwrap().unwrap();
        assert_eq!(now, FileIs { there: number + 1, parts: 3 });
    }
    assert_eq!(used(&mut first).await.used_bytes, 700 + 701 + 702);
    let mut second = server.enter(&person, 2).await;
    for number in 0..3 {
        let got = fetch(&mut second, number).await.unwrap().unwrap();
        assert_eq!(got, PartIs { parts: 3, sealed: part(number, 3).sealed });
    }
    let none = fetch(&mut second, 3).await.unwrap().unwrap_err();
    assert_eq!(none.code, Code::NotFound);
    let drop = DropFile { address: SEA };
    for _ in 0..2 {
        second.call::<Done>("POST", "/v1/files/drop", &drop).await.unwrap().unwrap();
    }
    assert_eq!(there(&mut first).await, FileIs { there: 0, parts: 0 });
    assert_eq!(used(&mut first).await.used_bytes, 0);
    put(&mut first, &part(0, 3)).await.unwrap().unwrap();
    let delete = DeleteVault { vault: person.vault };
    first.call::<Done>("DELETE", "/v1/vault", &delete).await.unwrap().unwrap();
}

async fn an_upload_goes_on_where_it_broke_off(place: Place) {
    let server = place.serve().await;
    let (person, _) = server.vault(1).await;
    let mut caller = server.enter(&person, 1).await;
    put(&mut caller, &part(0, 3)).await.unwrap().unwrap();
    let gap = put(&mut caller, &part(2, 3)).await.unwrap().unwrap_err();
    assert_eq!((gap.code, gap.detail), (Code::Conflict, 1));
    let other = put(&mut caller, &part(1, 4)).await.unwrap().unwrap_err();
    assert_eq!(other.code, Code::Conflict, "it has another number of parts");
    let again = put(&mut caller, &part(0, 3)).await.unwrap().unwrap();
    assert_eq!(again, FileIs { there: 1, parts: 3 }, "a part whose answer was lost");
    assert_eq!(used(&mut caller).await.used_bytes, 700);
    let changed = PutPart { sealed: vec![9; 5], ..part(0, 3) };
    put(&mut caller, &changed).await.unwrap().unwrap();
    let kept = fetch(&mut caller, 0).await.unwrap().unwrap();
    assert_eq!(kept.sealed, part(0, 3).sealed, "the first one stays");
    for wrong in
        [part(5, 5), PutPart { parts: 5_000, ..part(0, 3) }, PutPart { parts: 0, ..part(0, 1) }]
    {
        let refusal = put(&mut caller, &wrong).await.unwrap().unwrap_err();
        assert_eq!(refusal.code, Code::Malformed);
    }
    let long = PutPart { sealed: vec![1; (1 << 20) + 1], ..part(1, 3) };
    let refusal = put(&mut caller, &long).await.unwrap().unwrap_err();
    assert!(matches!(refusal.code, Code::RowTooLarge | Code::BatchTooLarge));
    // Two devices that bring the same file at once: each part is there once.
    let (mut one, mut two) = (server.enter(&person, 1).await, server.enter(&person, 2).await);
    for number in 1..3 {
        let part = part(number, 3);
        let both = tokio::join!(put(&mut one, &part), put(&mut two, &part));
        assert_eq!(both.0.unwrap().unwrap(), both.1.unwrap().unwrap());
    }
    assert_eq!(used(&mut caller).await.used_bytes, 700 + 701 + 702);
}

async fn the_quota_of_files_is_announced_and_kept(mut place: Place) {
    place.config.files_bytes = 1_500;
    let server = place.serve().await;
    let (person, _) = server.vault(1).await;
    let mut caller = server.enter(&person, 1).await;
    let limits = used(&mut caller).await;
    assert_eq!((limits.quota_bytes, limits.used_bytes), (1_500, 0));
    put(&mut caller, &part(0, 3)).await.unwrap().unwrap();
    put(&mut caller, &part(1, 3)).await.unwrap().unwrap();
    let full = put(&mut caller, &part(2, 3)).await.unwrap().unwrap_err();
    assert_eq!((full.code, full.detail), (Code::QuotaFull, 1_500));
    put(&mut caller, &part(1, 3)).await.unwrap().expect("what is there takes no room");
    let (other, _) = server.vault(2).await;
    let mut other = server.enter(&other, 1).await;
    put(&mut other, &part(0, 3)).await.unwrap().expect("each vault has its own");
}

async fn the_words_read_files_and_send_none(place: Place) {
    let server = place.serve().await;
    let (person, _) = server.vault(1).await;
    let mut owner = server.enter(&person, 1).await;
    put(&mut owner, &part(0, 1)).await.unwrap().unwrap();
    let mut words = server.caller();
    words.recover(&person).await.unwrap().unwrap();
    let drop = DropFile { address: SEA };
    let refused = words.call::<Done>("POST", "/v1/files/drop", &drop).await.unwrap().unwrap_err();
    assert_eq!(refused.code, Code::Forbidden);
    let refused = put(&mut words, &part(0, 1)).await.unwrap().unwrap_err();
    assert_eq!(refused.code, Code::Forbidden);
    fetch(&mut words, 0).await.unwrap().expect("whoever has the words may read");
}

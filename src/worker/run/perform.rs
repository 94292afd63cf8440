//! Carrying out what the engine wants.

use super::{Shared, Worker, handle_in, own};
use crate::bridge::FromWorker;
use crate::worker::tabs::BetweenTabs;
use crate::worker::transport::{self, Listening};
use std::cell::RefMut;
use thoughtstream_core::engine::{Input, Output};
use thoughtstream_core::message::codec::Packed;
use wasm_bindgen_futures::spawn_local;

pub(super) fn perform(shared: &Shared, mut worker: RefMut<'_, Worker>, outputs: Vec<Output>) {
    for output in outputs {
        match output {
            Output::Answer { to, answer } => {
                let Ok(said) = Packed::of(&FromWorker::Answer { to, answer }) else { continue };
                if worker.tab == Some(to.tab) {
                    worker.post.pass_on(&said);
                } else {
                    worker.post.others(&BetweenTabs::Answer { to: to.tab, said });
                }
            }
            Output::Broadcast(event) => worker.tell(event),
            Output::Wake { after_ms } => worker.alarm.set(after_ms),
            Output::SyncAt { after_ms } => worker.sync_alarm.set(after_ms),
            Output::LinkAt { after_ms } => worker.link_alarm.set(after_ms),
            Output::Fetch { number, request } => {
                let (shared, round) = (shared.clone(), worker.round);
                spawn_local(async move {
                    let reply = transport::fetch(&request).await;
                    handle_in(&shared, round, Input::Fetched { number, reply });
                });
            }
            Output::Listen { number, request } => {
                let (shared, round) = (shared.clone(), worker.round);
                worker.live = Listening::start(request, move |piece| {
                    handle_in(&shared, round, Input::Heard { number, piece });
                });
            }
            Output::Unlisten => worker.live = None,
            Output::Reopen => {
                let lock = worker.leave();
                spawn_local(own(shared.clone(), worker.round, lock, true));
            }
        }
    }
}

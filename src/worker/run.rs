//! The loop: what happens comes in as one kind of event after the other, the engine answers, and
//! its outputs are carried out. Everything the worker knows is in [`Worker`].

mod perform;

use super::guest;
use super::opening::{Trouble, open};
use super::storage::Pool;
use super::tabs::{BetweenTabs, NAME, Post};
use super::transport::Listening;
use crate::bridge::{FromWorker, ToWorker};
use crate::platform::locks::{self, Election, Lock};
use crate::platform::timer::{self, Alarm};
use crate::platform::{channel, clock, random};
use perform::perform;
use std::cell::{RefCell, RefMut};
use std::rc::Rc;
use thoughtstream_core::engine::{Engine, Input};
use thoughtstream_core::id::TabId;
use thoughtstream_core::message::codec::{self, Packed};
use thoughtstream_core::message::{Condition, Event};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// How long files that somebody holds are waited for before the person is told.
const TELL_AFTER_TRIES: u32 = 12;

/// Everything one worker knows.
struct Worker {
    post: Post,
    tab: Option<TabId>,
    role: Role,
    condition: Condition,
    /// Whether this tab takes part; not while its page sleeps or has gone.
    awake: bool,
    /// Rises with every release and resume, so that an election under way notices.
    round: u64,
    election: Election,
    alarm: Alarm,
    /// Rings when the sync wants to go on.
    sync_alarm: Alarm,
    /// Rings when another device may have said something.
    link_alarm: Alarm,
    /// The sequencer's nudges, while they are listened to.
    live: Option<Listening>,
}

/// Whether this worker owns the database.
enum Role {
    /// Another tab does, or none yet; the epoch of the owner, if one is known.
    Other {
        owner: Option<u64>,
    },
    Owner {
        epoch: u64,
        engine: Box<Engine>,
        files: Option<Pool>,
        lock: Option<Lock>,
    },
}

type Shared = Rc<RefCell<Worker>>;

/// Starts the loop; it ends with the worker.
pub fn start() {
    if guest::is_here() {
        return guest::start();
    }
    let shared: Shared = Rc::new_cyclic(|weak: &std::rc::Weak<RefCell<Worker>>| {
        let hear = weak.clone();
        let post = Post::open(move |message| {
            if let Some(worker) = hear.upgrade() {
                hear_tab(&worker, message);
            }
        });
        let alarm = |input: fn() -> Input| {
            let ring = weak.clone();
            Alarm::new(move || {
                if let Some(worker) = ring.upgrade() {
                    handle(&worker, input());
                }
            })
        };
        RefCell::new(Worker {
            post,
            tab: None,
            role: Role::Other { owner: None },
            condition: Condition::Opening,
            awake: true,
            round: 0,
            election: Election::new(),
            alarm: alarm(|| Input::Idle),
            sync_alarm: alarm(|| Input::SyncDue),
            link_alarm: alarm(|| Input::LinkDue),
            live: None,
        })
    });
    listen(&shared);
    shared.borrow().post.screen(&FromWorker::Listening);
    shared.borrow().post.others(&BetweenTabs::WhoOwns);
    spawn_local(stand_for_owner(shared));
}

fn listen(shared: &Shared) {
    let worker = shared.clone();
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(Ok(message)) = channel::bytes(&event).map(|bytes| codec::decode(&bytes)) {
            hear_screen(&worker, message);
        }
    });
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    scope.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    listener.forget(); // it is needed as long as the worker lives
    let worker = shared.clone();
    let online = Closure::<dyn FnMut()>::new(move || handle(&worker, Input::Online));
    scope.set_ononline(Some(online.as_ref().unchecked_ref()));
    online.forget();
}

fn hear_screen(shared: &Shared, message: ToWorker) {
    match message {
        ToWorker::Hello { tab } => {
            let mut worker = shared.borrow_mut();
            worker.tab = Some(tab);
            for event in worker.standing() {
                worker.post.screen(&FromWorker::Event(event));
            }
            if let Some(epoch) = worker.role.epoch() {
                worker.post.screen(&FromWorker::Owner { epoch });
            }
        }
        ToWorker::Request { epoch, request } => {
            let owner = shared.borrow().role.epoch() == Some(epoch);
            match (owner, shared.borrow().role.is_owner()) {
                // The screen sends it again as soon as it hears of the owner there is by then.
                (false, _) => return,
                (true, true) => {}
                (true, false) => {
                    shared.borrow().post.others(&BetweenTabs::Request { epoch, request });
                    return;
                }
            }
            if let Ok(request) = request.unpack() {
                handle(shared, Input::Request(request));
            }
        }
        ToWorker::Release => release(shared),
        ToWorker::Resume => resume(shared),
    }
}

fn hear_tab(shared: &Shared, message: BetweenTabs) {
    let mut worker = shared.borrow_mut();
    if !worker.awake {
        return;
    }
    match message {
        BetweenTabs::WhoOwns => {
            if let Role::Owner { epoch, .. } = worker.role {
                worker.post.others(&BetweenTabs::Owner { epoch });
                for event in worker.standing() {
                    worker.tell_others(event);
                }
            }
        }
        BetweenTabs::Owner { epoch } => {
            if !worker.role.is_owner() {
                worker.role = Role::Other { owner: Some(epoch) };
                worker.post.screen(&FromWorker::Owner { epoch });
            }
        }
        BetweenTabs::Request { epoch, request } => {
            let ours = worker.role.is_owner() && worker.role.epoch() == Some(epoch);
            drop(worker);
            if let (true, Ok(request)) = (ours, request.unpack()) {
                handle(shared, Input::Request(request));
            }
        }
        BetweenTabs::Answer { to, said } => {
            if worker.tab == Some(to) {
                worker.post.pass_on(&said);
            }
        }
        BetweenTabs::Event { said, condition } => {
            if let Some(condition) = condition {
                worker.condition = condition;
            }
            worker.post.pass_on(&said);
        }
    }
}

/// Gives the engine an input, if this worker owns it, and carries out what it wants.
fn handle(shared: &Shared, input: Input) {
    let mut worker = shared.borrow_mut();
    let Role::Owner { engine, .. } = &mut worker.role else { return };
    let outputs = engine.handle(input, clock::now());
    perform(shared, worker, outputs);
}

/// Gives the engine an input that is meant for the owner of this round, and for no later one.
fn handle_in(shared: &Shared, round: u64, input: Input) {
    if shared.borrow().round == round {
        handle(shared, input);
    }
}

impl Worker {
    /// How things stand, as far as this worker knows, for whoever has just come.
    fn standing(&self) -> Vec<Event> {
        match &self.role {
            Role::Owner { engine, .. } => engine.standing(),
            Role::Other { .. } => vec![Event::Condition(self.condition.clone())],
        }
    }

    /// Tells every tab.
    fn tell(&mut self, event: Event) {
        if let Event::Condition(condition) = &event {
            self.condition = condition.clone();
        }
        if let Some(said) = self.tell_others(event) {
            self.post.pass_on(&said);
        }
    }

    /// Tells every other tab, and returns what it told.
    fn tell_others(&self, event: Event) -> Option<Packed<FromWorker>> {
        let condition = match &event {
            Event::Condition(condition) => Some(condition.clone()),
            _ => None,
        };
        let said = Packed::of(&FromWorker::Event(event)).ok()?;
        let message = BetweenTabs::Event { said, condition };
        self.post.others(&message);
        match message {
            BetweenTabs::Event { said, .. } => Some(said),
            _ => None,
        }
    }

    /// Tells the screen of this tab alone how it stands with the journal.
    fn tell_screen(&mut self, condition: Condition) {
        if self.condition != condition {
            self.condition = condition.clone();
            self.post.screen(&FromWorker::Event(Event::Condition(condition)));
        }
    }

    /// Lets the database go, if it is this worker's, and begins a new round; the lock is given
    /// back to the caller, who may keep it.
    fn leave(&mut self) -> Option<Lock> {
        self.round += 1;
        self.alarm.clear();
        self.sync_alarm.clear();
        self.live = None;
        match std::mem::replace(&mut self.role, Role::Other { owner: None }) {
            Role::Other { .. } => None,
            Role::Owner { engine, files, lock, .. } => {
                engine.close();
                if let Some(files) = files {
                    files.release();
                }
                lock
            }
        }
    }
}

impl Role {
    fn epoch(&self) -> Option<u64> {
        match self {
            Self::Other { owner } => *owner,
            Self::Owner { epoch, .. } => Some(*epoch),
        }
    }

    fn is_owner(&self) -> bool {
        matches!(self, Self::Owner { .. })
    }
}

fn release(shared: &Shared) {
    let mut worker = shared.borrow_mut();
    worker.awake = false;
    // A page that sleeps must not be given the lock: nobody could take it away again.
    worker.election.abort();
    drop(worker.leave());
}

fn resume(shared: &Shared) {
    let mut worker = shared.borrow_mut();
    if worker.awake {
        return;
    }
    worker.awake = true;
    worker.round += 1;
    worker.post.others(&BetweenTabs::WhoOwns);
    drop(worker);
    spawn_local(stand_for_owner(shared.clone()));
}

/// Waits until no other tab owns the database, then owns it.
async fn stand_for_owner(shared: Shared) {
    let election = Election::new();
    let round = {
        let mut worker = shared.borrow_mut();
        worker.election = election.clone();
        worker.round
    };
    let lock = locks::acquire(NAME, &election).await;
    own(shared, round, lock, false).await;
}

/// Opens the journal and tells everybody, unless another round has begun meanwhile. Files that
/// somebody else holds are waited for: "busy" is not "absent".
async fn own(shared: Shared, round: u64, mut lock: Option<Lock>, suspect: bool) {
    let mut tries = 0;
    while shared.borrow().round == round {
        let opened = open(suspect).await;
        tries += 1;
        if is_settled(&shared, round, opened, &mut lock, tries >= TELL_AFTER_TRIES) {
            return;
        }
        timer::sleep((tries * 30).min(500)).await;
    }
}

/// Takes what an attempt to open came to; `false` if it is worth another.
fn is_settled(
    shared: &Shared,
    round: u64,
    opened: Result<(Engine, Option<Pool>), Trouble>,
    lock: &mut Option<Lock>,
    tell: bool,
) -> bool {
    let mut worker = shared.borrow_mut();
    match opened {
        Ok((engine, files)) if worker.round == round => {
            become_owner(shared, worker, engine, files, lock.take());
        }
        Ok((engine, files)) => {
            engine.close();
            if let Some(files) = files {
                files.release();
            }
        }
        Err(Trouble::Final(condition)) => worker.tell_screen(condition),
        Err(Trouble::Passing(condition)) => {
            if tell {
                worker.tell_screen(condition);
            }
            return false;
        }
    }
    true
}

fn become_owner(
    shared: &Shared,
    mut worker: RefMut<'_, Worker>,
    mut engine: Engine,
    files: Option<Pool>,
    lock: Option<Lock>,
) {
    let epoch = u64::from_le_bytes(random::bytes());
    let mut outputs = engine.start();
    outputs.extend(engine.handle(Input::Seed(random::bytes()), clock::now()));
    worker.role = Role::Owner { epoch, engine: Box::new(engine), files, lock };
    worker.post.others(&BetweenTabs::Owner { epoch });
    worker.post.screen(&FromWorker::Owner { epoch });
    perform(shared, worker, outputs);
}

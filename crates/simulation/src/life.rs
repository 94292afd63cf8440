//! A life from a seed: devices come in, people write, everything goes wrong; then the network
//! heals, and what has to be is compared with what is.

use crate::device::Device;
use crate::lineage::Revives;
use crate::misfortune::{PLANS, Plan};
use crate::model::{Word, words};
use crate::network::Network;
use crate::server::Copy;
use crate::world::World;
use std::collections::{BTreeMap, BTreeSet};
use thoughtstream_core::engine::Input;
use thoughtstream_core::id::EntryId;
use thoughtstream_core::message::{Answer, Query};

const MINUTE: i64 = 60_000;
/// Rounds of a quarter of a minute in which everything has to come to rest once all is well. A
/// pause after a failure can last five minutes.
const ROUNDS_MAX: usize = 120;
/// Inputs and requests after which a life goes round in a circle: the busiest need half of it.
const STEPS_MAX: u64 = 20_000;
/// Rounds after which nothing is under way any more that went wrong before all was well.
const ROUNDS_OLD: usize = 3;

/// What a life came to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Report {
    /// Inputs of devices and requests to the sequencer.
    pub steps: u64,
    pub devices: usize,
    /// Rounds until everything was at rest.
    pub rounds: usize,
}

/// Lives through a seed.
///
/// # Errors
/// Says what is not as it has to be.
pub fn live(seed: u64) -> Result<Report, String> {
    let mut world = World::new(seed);
    let plan = PLANS[(seed % PLANS.len() as u64) as usize];
    let devices = 2 + world.chance.below(if seed.is_multiple_of(10) { 11 } else { 4 });
    world.network = network(&mut world);
    for _ in 0..devices {
        world.add_device();
    }
    if plan == Plan::Copied {
        come_in_first(&mut world)?;
    }
    world.cuts = [0, 400, 60][world.chance.below(3)];
    world.faults = [0, 300, 40][world.chance.below(3)];
    let mut copies = Vec::new();
    for _ in 0..120 + world.chance.below(240) {
        do_something(&mut world, plan, &mut copies);
        check_anew(&world, plan)?;
        check_steps(&world)?;
    }
    heal(&mut world);
    let rounds = come_to_rest(&mut world)?;
    check(&mut world, plan)?;
    Ok(Report { steps: world.steps, devices: world.devices.len(), rounds })
}

fn network(world: &mut World) -> Network {
    let chance = &mut world.chance;
    Network {
        loses: [6, 20, 200][chance.below(3)],
        truncates: [30, 300][chance.below(2)],
        tampers: [100, 1_000][chance.below(2)],
        doubles: [10, 100][chance.below(2)],
        slowest: [30, 1_000, 8_000][chance.below(3)],
    }
}

/// Brings all devices into the vault before anything goes wrong.
fn come_in_first(world: &mut World) -> Result<(), String> {
    let network = std::mem::replace(&mut world.network, Network::GOOD);
    come_to_rest(world)?;
    world.network = network;
    Ok(())
}

fn do_something(world: &mut World, plan: Plan, copies: &mut Vec<Copy>) {
    let device = world.chance.below(world.devices.len());
    match world.chance.below(20) {
        0..14 => world.edit_something(device),
        14..16 => world.help(device),
        16 => world.suffer(plan, copies),
        _ => {}
    }
    let pause = [0, 50, 2_000, 20_000][world.chance.below(4)];
    let pause = world.chance.below(pause + 1) as i64;
    world.pass(pause);
}

/// The network is well again, everything is switched on; clocks stay as wrong as they are.
fn heal(world: &mut World) {
    (world.cuts, world.faults) = (0, 0);
    world.network = Network::GOOD;
    for device in 0..world.devices.len() {
        world.devices[device].stops = 0;
        world.switch_on(device);
        world.connect(device, true);
    }
}

/// Until nothing is left to do, and looking for news does not change that: a device hears only
/// then that it was put out.
fn come_to_rest(world: &mut World) -> Result<usize, String> {
    let mut looked = false;
    for round in 0..ROUNDS_MAX {
        // Two vaults are not one, however quiet both are.
        let settled = |device: &Device| device.is_quiet() && device.words == world.words;
        if world.devices.iter().all(settled) && world.under_way == 0 {
            if looked {
                return Ok(round);
            }
            look_for_news(world);
            looked = true;
        } else {
            looked = false;
            if round == ROUNDS_OLD {
                world.distrusted = 0;
            }
            // One that was put back has an older list of devices, too.
            if world.distrusted > 0 && world.restored == 0 && round > ROUNDS_OLD {
                return Err("a device distrusts a sequencer that does nothing wrong".into());
            }
            for device in 0..world.devices.len() {
                world.help(device);
            }
        }
        world.pass(MINUTE / 4);
        check_steps(world)?;
    }
    let mut why = format!("no rest after {ROUNDS_MAX} rounds");
    for device in &world.devices {
        let status = device.status.as_ref().map(|status| (&status.phase, status.waiting));
        why += &format!("\n  {}: {status:?}", device.id);
    }
    Err(why)
}

fn check_steps(world: &World) -> Result<(), String> {
    if world.steps <= STEPS_MAX {
        return Ok(());
    }
    Err(format!("{} steps, and no rest", world.steps))
}

fn look_for_news(world: &mut World) {
    for device in 0..world.devices.len() {
        drop(world.handle(device, Input::Online));
    }
}

fn check(world: &mut World, plan: Plan) -> Result<(), String> {
    check_rest(world)?;
    let mut digests = BTreeSet::new();
    let all = world.devices.iter().filter_map(|device| device.engine.as_ref());
    let read = |error| format!("a disk failed: {error}");
    let mut every = Vec::new();
    for engine in all {
        digests.insert(engine.digest().map_err(read)?);
        every.push(engine.versions().map_err(read)?);
    }
    for versions in &every {
        world.model.observe(versions.clone(), i64::MAX / 2);
    }
    for (device, versions) in every.iter().enumerate() {
        world.model.check_rows(versions).map_err(|why| format!("device {device}: {why}"))?;
    }
    if digests.len() != 1 {
        return Err(format!("{} devices have {} digests", every.len(), digests.len()));
    }
    // Who reads a log from its start, or joins again, knows no more what was edited here, and a
    // copied device not what its twin has seen: those go by stamps alone.
    let strict = plan == Plan::Plain && world.left == 0;
    let revives = if strict { Revives::Writing } else { Revives::AnyEdit };
    world.model.check_dead(revives, &world.shared)?;
    check_log(world)?;
    let found = texts(world);
    world.model.check_words(&found)?;
    check_anew(world, plan)
}

/// No log is read anew without a reason.
fn check_anew(world: &World, plan: Plan) -> Result<(), String> {
    if world.restored == 0 && plan != Plan::Wiped && world.begun_again > 0 {
        return Err("a log was read anew, and it had not been put back".into());
    }
    Ok(())
}

/// The sequencer has placed each change once, however often it was pushed.
fn check_log(world: &World) -> Result<(), String> {
    let words = world.words.as_deref().unwrap_or_default();
    let log = world.server.whole_log(words).map_err(|error| error.to_string())?;
    let mut placed = BTreeSet::new();
    for change in &log {
        if !placed.insert((change.row.0, change.stamp, &change.sealed)) {
            return Err(format!("a change of {} was placed twice", change.stamp));
        }
    }
    Ok(())
}

/// With nothing to send, looking for news sends nothing.
fn check_rest(world: &mut World) -> Result<(), String> {
    let before = world.pushes;
    for _ in 0..2 {
        look_for_news(world);
        world.pass(6 * MINUTE);
    }
    if world.pushes == before { Ok(()) } else { Err("a pull alone caused a push".into()) }
}

/// The words of each entry that are to be found on any device, shown or in the history.
fn texts(world: &mut World) -> BTreeMap<EntryId, BTreeSet<Word>> {
    let mut found: BTreeMap<EntryId, BTreeSet<Word>> = BTreeMap::new();
    for device in 0..world.devices.len() {
        for (_, row) in world.entries(device) {
            let here = found.entry(row.id).or_default();
            here.extend(words(&row.body));
            let asked = world.query(device, Query::Revisions { entry: row.id });
            if let Some(Answer::Revisions(kept)) = asked {
                here.extend(kept.iter().flat_map(|one| words(&one.body)));
            }
        }
    }
    found
}

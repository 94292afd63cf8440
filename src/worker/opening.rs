//! Opening the journal: with the browser's files where it has them, else in memory.

use super::storage::{NoFolder, Pool};
use crate::platform::random;
use crate::platform::zones::IntlZones;
use thoughtstream_core::engine::Engine;
use thoughtstream_core::id::DeviceId;
use thoughtstream_core::message::Condition;
use thoughtstream_core::schema::{SchemaError, VERSION};
use thoughtstream_core::store::OpenError;

/// Why the journal is not open.
pub(super) enum Trouble {
    /// It may be over in a moment.
    Passing(Condition),
    Final(Condition),
}

pub(super) async fn open(suspect: bool) -> Result<(Engine, Option<Pool>), Trouble> {
    let device = DeviceId(random::bytes());
    let zones = Box::<IntlZones>::default();
    let pool = match Pool::take().await {
        Ok(pool) => pool,
        Err(NoFolder::Absent(reason)) => {
            let engine = Engine::in_memory(device, zones, reason);
            return engine.map(|engine| (engine, None)).map_err(|error| failed(&error));
        }
        Err(NoFolder::Held) => return Err(Trouble::Passing(Condition::Busy)),
        Err(NoFolder::Broken(why)) => return Err(Trouble::Passing(Condition::Failed(why))),
    };
    match Engine::open(&pool, suspect, device, zones) {
        Ok(engine) => Ok((engine, Some(pool))),
        Err(error) => {
            pool.release();
            Err(failed(&error))
        }
    }
}

fn failed(error: &OpenError) -> Trouble {
    match error {
        OpenError::Schema(SchemaError::Newer { found }) => {
            Trouble::Final(Condition::Newer { found: *found, known: VERSION })
        }
        other => Trouble::Passing(Condition::Failed(other.to_string())),
    }
}

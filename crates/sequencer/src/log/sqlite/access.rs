//! Who may come in, in the file: invitations, vaults, keys, tokens.

use super::{Store, fault};
use crate::log::{LogError, Login, NewManifest, NewVault, VaultNumber};
use crate::session::{Grant, Session};
use rusqlite::{OptionalExtension, Params};
use thoughtstream_core::id::{DeviceId, VaultId};
use thoughtstream_core::wire::{Body, Code, Hash, Manifest, PublicKey, Recovery, Role, Who};

impl Store<'_> {
    fn run(&self, sql: &str, values: impl Params) -> Result<usize, LogError> {
        self.connection.prepare_cached(sql).map_err(fault)?.execute(values).map_err(fault)
    }

    /// Keeps the hash of an invitation.
    ///
    /// # Errors
    /// The database's, as everywhere below.
    pub fn invite(&self, invitation: Hash, expires: u64) -> Result<(), LogError> {
        let sql = "INSERT OR REPLACE INTO invitations VALUES (?1, ?2)";
        self.run(sql, (invitation.0, expires as i64)).map(drop)
    }

    /// Whether there is no vault and no invitation.
    ///
    /// # Errors
    /// The database's.
    pub fn is_new(&self, now: u64) -> Result<bool, LogError> {
        let sql = "SELECT NOT EXISTS (SELECT 1 FROM vaults)
            AND NOT EXISTS (SELECT 1 FROM invitations WHERE expires > ?1)";
        self.connection.query_row(sql, [now as i64], |row| row.get(0)).map_err(fault)
    }

    /// Makes a vault.
    ///
    /// # Errors
    /// `NotInvited`; `Exists` if its id or its recovery id is taken.
    pub fn create(&self, vault: &NewVault, now: u64) -> Result<VaultNumber, LogError> {
        let sql = "SELECT 1 FROM invitations WHERE hash = ?1 AND expires > ?2";
        let invited = (vault.invitation.0, now as i64);
        let found = self.connection.query_row(sql, invited, |_| Ok(())).optional();
        found.map_err(fault)?.ok_or_else(|| LogError::refused(Code::NotInvited, 0))?;
        let sql = "SELECT EXISTS (SELECT 1 FROM vaults WHERE id = ?1)
            OR EXISTS (SELECT 1 FROM recoveries WHERE id = ?2)";
        let ids = (vault.id.0, vault.recovery.id.0);
        if self.connection.query_row(sql, ids, |row| row.get(0)).map_err(fault)? {
            return Err(LogError::refused(Code::Exists, 0));
        }
        self.run("DELETE FROM invitations WHERE hash = ?1", [vault.invitation.0])?;
        let sql = "INSERT INTO vaults (id, incarnation) VALUES (?1, ?2)";
        self.run(sql, (vault.id.0, vault.incarnation.0))?;
        let number = self.connection.last_insert_rowid();
        let papers = (number, vault.version as i64, &vault.manifest, &vault.keyring);
        self.run("INSERT INTO papers VALUES (?1, ?2, ?3, ?4)", papers)?;
        let recovery = (vault.recovery.id.0, number, vault.recovery.key.0);
        self.run("INSERT INTO recoveries VALUES (?1, ?2, ?3)", recovery)?;
        Ok(number)
    }

    /// Who logs in with which key.
    ///
    /// # Errors
    /// The database's.
    pub fn login(&self, who: &Who) -> Result<Option<Login>, LogError> {
        match *who {
            Who::Device { vault: id, device } => {
                let sql = "SELECT number, manifest FROM vaults JOIN papers ON vault = number
                    WHERE id = ?1";
                let found = self
                    .connection
                    .query_row(sql, [id.0], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?)))
                    .optional()
                    .map_err(fault)?;
                Ok(found.and_then(|(vault, manifest)| Login::device(vault, id, device, &manifest)))
            }
            Who::Recovery { id } => {
                let sql = "SELECT vault, vaults.id, key FROM recoveries
                    JOIN vaults ON number = vault WHERE recoveries.id = ?1";
                let login = self.connection.query_row(sql, [id.0], |row| {
                    let (vault, id, key) = (row.get(0)?, VaultId(row.get(1)?), row.get(2)?);
                    Ok(Login { vault, id, key: PublicKey(key), device: None })
                });
                login.optional().map_err(fault)
            }
        }
    }

    /// Marks a challenge as used.
    ///
    /// # Errors
    /// The database's.
    pub fn spend(&self, challenge: Hash, expires: u64) -> Result<bool, LogError> {
        let sql = "INSERT INTO spent VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        self.run(sql, (challenge.0, expires as i64)).map(|rows| rows == 1)
    }

    /// Keeps a token's hash.
    ///
    /// # Errors
    /// The database's.
    pub fn grant(&self, token: Hash, grant: &Grant) -> Result<(), LogError> {
        let device = grant.device.map(|device| device.0);
        let times = (grant.expires as i64, grant.touched as i64);
        let values = (token.0, grant.vault, device, times.0, times.1);
        self.run("INSERT INTO tokens VALUES (?1, ?2, ?3, ?4, ?5)", values).map(drop)
    }

    /// Whose token this is.
    ///
    /// # Errors
    /// The database's.
    pub fn session(&self, token: Hash, now: u64) -> Result<Option<Session>, LogError> {
        let sql = "SELECT tokens.vault, device, expires, touched, id, manifest FROM tokens
            JOIN vaults ON number = tokens.vault JOIN papers ON papers.vault = number
            WHERE hash = ?1";
        let mut statement = self.connection.prepare_cached(sql).map_err(fault)?;
        let found = statement.query_row([token.0], |row| {
            let grant = Grant {
                vault: row.get(0)?,
                device: row.get::<_, Option<[u8; 8]>>(1)?.map(DeviceId),
                expires: row.get::<_, i64>(2)? as u64,
                touched: row.get::<_, i64>(3)? as u64,
            };
            Ok(Session::of(grant, VaultId(row.get(4)?), &row.get::<_, Vec<u8>>(5)?, now))
        });
        found.optional().map(Option::flatten).map_err(fault)
    }

    /// Notes that a token was used.
    ///
    /// # Errors
    /// The database's.
    pub fn touch(&self, token: Hash, now: u64) -> Result<(), LogError> {
        self.run("UPDATE tokens SET touched = ?2 WHERE hash = ?1", (token.0, now as i64)).map(drop)
    }

    /// The manifest in force and its version.
    ///
    /// # Errors
    /// `NotFound` if the vault is gone.
    pub fn manifest(&self, vault: VaultNumber) -> Result<(u64, Vec<u8>), LogError> {
        let sql = "SELECT version, manifest FROM papers WHERE vault = ?1";
        let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)? as u64, row.get(1)?));
        let found = self.connection.query_row(sql, [vault], read).optional().map_err(fault)?;
        found.ok_or_else(|| LogError::refused(Code::NotFound, 0))
    }

    /// Puts a manifest in the place of another.
    ///
    /// # Errors
    /// `Conflict` if another one is in force than was expected.
    pub fn put_manifest(&self, vault: VaultNumber, new: &NewManifest) -> Result<(), LogError> {
        let (version, manifest) = self.manifest(vault)?;
        if version != new.expected || Hash::of(&manifest) != new.previous {
            return Err(LogError::refused(Code::Conflict, version));
        }
        let sql = "UPDATE papers SET version = ?2, manifest = ?3 WHERE vault = ?1";
        self.run(sql, (vault, new.version as i64, &new.manifest)).map(drop)
    }

    /// The keyring.
    ///
    /// # Errors
    /// `NotFound` if the vault is gone.
    pub fn keyring(&self, vault: VaultNumber) -> Result<Vec<u8>, LogError> {
        let sql = "SELECT keyring FROM papers WHERE vault = ?1";
        let found = self.connection.query_row(sql, [vault], |row| row.get(0)).optional();
        found.map_err(fault)?.ok_or_else(|| LogError::refused(Code::NotFound, 0))
    }

    /// Puts a keyring in the place of the one with that hash.
    ///
    /// # Errors
    /// `Conflict` if another one is in force.
    pub fn put_keyring(
        &self,
        vault: VaultNumber,
        expected: Hash,
        new: &[u8],
    ) -> Result<(), LogError> {
        if Hash::of(&self.keyring(vault)?) != expected {
            return Err(LogError::refused(Code::Conflict, 0));
        }
        self.run("UPDATE papers SET keyring = ?2 WHERE vault = ?1", (vault, new)).map(drop)
    }

    /// Gives the vault another recovery key.
    ///
    /// # Errors
    /// `Exists` if another vault has a recovery key of that id.
    pub fn put_recovery(&self, vault: VaultNumber, recovery: &Recovery) -> Result<(), LogError> {
        let sql = "SELECT 1 FROM recoveries WHERE id = ?1 AND vault <> ?2";
        let taken = self.connection.query_row(sql, (recovery.id.0, vault), |_| Ok(())).optional();
        if taken.map_err(fault)?.is_some() {
            return Err(LogError::refused(Code::Exists, 0));
        }
        let sql = "UPDATE recoveries SET id = ?2, key = ?3 WHERE vault = ?1";
        self.run(sql, (vault, recovery.id.0, recovery.key.0))?;
        self.run("DELETE FROM tokens WHERE vault = ?1 AND device IS NULL", [vault]).map(drop)
    }

    /// Deletes a device's tokens.
    ///
    /// # Errors
    /// The database's.
    pub fn leave(&self, vault: VaultNumber, device: DeviceId) -> Result<(), LogError> {
        let sql = "DELETE FROM tokens WHERE vault = ?1 AND device = ?2";
        self.run(sql, (vault, device.0)).map(drop)
    }

    /// Deletes one token.
    ///
    /// # Errors
    /// The database's.
    pub fn forget(&self, token: Hash) -> Result<(), LogError> {
        self.run("DELETE FROM tokens WHERE hash = ?1", [token.0]).map(drop)
    }

    /// Throws away what has expired.
    ///
    /// # Errors
    /// The database's.
    pub fn sweep(&self, now: u64) -> Result<(), LogError> {
        for table in ["invitations", "tokens", "spent", "rendezvous"] {
            self.run(&format!("DELETE FROM {table} WHERE expires <= ?1"), [now as i64])?;
        }
        self.sweep_guests(now)
    }
}

impl Login {
    /// The login of a device that the manifest has and has not retired.
    pub(crate) fn device(
        vault: VaultNumber,
        id: VaultId,
        device: DeviceId,
        manifest: &[u8],
    ) -> Option<Self> {
        let manifest = Manifest::decode(manifest).ok()?;
        let member = manifest.member(device).filter(|member| member.role != Role::Retired)?;
        Some(Self { vault, id, key: member.auth, device: Some(device) })
    }
}

impl Store<'_> {
    /// What `doctor` says of the file: a line each.
    ///
    /// # Errors
    /// The database's.
    pub fn describe(&self, path: &str) -> Result<Vec<String>, LogError> {
        let text = |sql: &str| self.connection.query_row(sql, [], |row| row.get::<_, String>(0));
        let number = |sql: &str| self.connection.query_row(sql, [], |row| row.get::<_, i64>(0));
        let version = number("PRAGMA user_version").map_err(fault)?;
        let (pages, size) = (number("PRAGMA page_count"), number("PRAGMA page_size"));
        let bytes = pages.map_err(fault)? * size.map_err(fault)?;
        let vaults = number("SELECT count(*) FROM vaults").map_err(fault)?;
        let mut lines = vec![
            format!("SQLite {} in {path}, tables of version {version}", rusqlite::version()),
            format!("{vaults} vaults, {bytes} bytes"),
        ];
        let health = text("PRAGMA quick_check(1)").map_err(fault)?;
        if health != "ok" {
            lines.push(format!("WARNING: the file is damaged ({health}): restore a backup."));
        }
        Ok(lines)
    }
}

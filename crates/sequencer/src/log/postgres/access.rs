//! Who may come in, in PostgreSQL: invitations, vaults, keys, tokens.

use super::{PostgresLog, array, column, fault, number};
use crate::log::{LogError, Login, NewManifest, NewVault, VaultNumber};
use crate::session::{Grant, Session};
use thoughtstream_core::id::{DeviceId, VaultId};
use thoughtstream_core::wire::{Code, Hash, PublicKey, Recovery, Who};
use tokio_postgres::error::SqlState;

impl PostgresLog {
    pub(super) async fn keep_invitation(
        &self,
        invitation: Hash,
        expires: u64,
    ) -> Result<(), LogError> {
        let sql = "INSERT INTO invitations VALUES ($1, $2) ON CONFLICT DO NOTHING";
        self.run(sql, &[&&invitation.0[..], &(expires as i64)]).await.map(drop)
    }

    pub(super) async fn has_nobody(&self, now: u64) -> Result<bool, LogError> {
        let sql = "SELECT NOT EXISTS (SELECT 1 FROM vaults)
            AND NOT EXISTS (SELECT 1 FROM invitations WHERE expires > $1)";
        match self.one(sql, &[&(now as i64)]).await? {
            Some(row) => column(&row, 0),
            None => Ok(false),
        }
    }

    pub(super) async fn make_vault(
        &self,
        vault: NewVault,
        now: u64,
    ) -> Result<VaultNumber, LogError> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await.map_err(fault)?;
        // Deleting locks the row, so that of two who come with one invitation one comes too late.
        let sql = "DELETE FROM invitations WHERE hash = $1 AND expires > $2";
        let invited = transaction.execute(sql, &[&&vault.invitation.0[..], &(now as i64)]).await;
        if invited.map_err(fault)? == 0 {
            return Err(LogError::refused(Code::NotInvited, 0));
        }
        let sql = "INSERT INTO vaults (id, incarnation) VALUES ($1, $2) RETURNING number";
        let (id, incarnation) = (&vault.id.0[..], &vault.incarnation.0[..]);
        let row = transaction.query_one(sql, &[&id, &incarnation]).await.map_err(taken)?;
        let made: VaultNumber = column(&row, 0)?;
        let sql = "INSERT INTO papers VALUES ($1, $2, $3, $4)";
        let version = vault.version as i64;
        transaction
            .execute(sql, &[&made, &version, &vault.manifest, &vault.keyring])
            .await
            .map_err(fault)?;
        let sql = "INSERT INTO recoveries VALUES ($1, $2, $3)";
        let (id, key) = (&vault.recovery.id.0[..], &vault.recovery.key.0[..]);
        transaction.execute(sql, &[&id, &made, &key]).await.map_err(taken)?;
        transaction.commit().await.map_err(fault)?;
        Ok(made)
    }

    pub(super) async fn find_login(&self, who: Who) -> Result<Option<Login>, LogError> {
        match who {
            Who::Device { vault: id, device } => {
                let sql = "SELECT number, manifest FROM vaults JOIN papers ON vault = number
                    WHERE id = $1";
                let Some(row) = self.one(sql, &[&&id.0[..]]).await? else { return Ok(None) };
                Ok(Login::device(column(&row, 0)?, id, device, column(&row, 1)?))
            }
            Who::Recovery { id } => {
                let sql = "SELECT vault, vaults.id, key FROM recoveries
                    JOIN vaults ON number = vault WHERE recoveries.id = $1";
                let Some(row) = self.one(sql, &[&&id.0[..]]).await? else { return Ok(None) };
                let (vault, id) = (column(&row, 0)?, VaultId(array(&row, 1)?));
                let key = PublicKey(array(&row, 2)?);
                Ok(Some(Login { vault, id, key, device: None }))
            }
        }
    }

    pub(super) async fn use_challenge(
        &self,
        challenge: Hash,
        expires: u64,
    ) -> Result<bool, LogError> {
        let sql = "INSERT INTO spent VALUES ($1, $2) ON CONFLICT DO NOTHING";
        self.run(sql, &[&&challenge.0[..], &(expires as i64)]).await.map(|rows| rows == 1)
    }

    pub(super) async fn keep_token(&self, token: Hash, grant: Grant) -> Result<(), LogError> {
        let sql = "INSERT INTO tokens VALUES ($1, $2, $3, $4, $5)";
        let device = grant.device.map(|device| device.0.to_vec());
        let (expires, touched) = (grant.expires as i64, grant.touched as i64);
        let values: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
            [&&token.0[..], &grant.vault, &device, &expires, &touched];
        self.run(sql, &values).await.map(drop)
    }

    pub(super) async fn find_session(
        &self,
        token: Hash,
        now: u64,
    ) -> Result<Option<Session>, LogError> {
        let sql = "SELECT tokens.vault, device, expires, touched, id, manifest FROM tokens
            JOIN vaults ON number = tokens.vault JOIN papers ON papers.vault = number
            WHERE hash = $1";
        let Some(row) = self.one(sql, &[&&token.0[..]]).await? else { return Ok(None) };
        let device: Option<&[u8]> = column(&row, 1)?;
        let grant = Grant {
            vault: column(&row, 0)?,
            device: device.and_then(|bytes| bytes.try_into().ok()).map(DeviceId),
            expires: number(&row, 2)?,
            touched: number(&row, 3)?,
        };
        Ok(Session::of(grant, VaultId(array(&row, 4)?), column(&row, 5)?, now))
    }

    pub(super) async fn note_use(&self, token: Hash, now: u64) -> Result<(), LogError> {
        let sql = "UPDATE tokens SET touched = $2 WHERE hash = $1";
        self.run(sql, &[&&token.0[..], &(now as i64)]).await.map(drop)
    }

    pub(super) async fn read_manifest(
        &self,
        vault: VaultNumber,
    ) -> Result<(u64, Vec<u8>), LogError> {
        let sql = "SELECT version, manifest FROM papers WHERE vault = $1";
        let row = self.one(sql, &[&vault]).await?;
        let row = row.ok_or_else(|| LogError::refused(Code::NotFound, 0))?;
        Ok((number(&row, 0)?, column(&row, 1)?))
    }

    pub(super) async fn replace_manifest(
        &self,
        vault: VaultNumber,
        new: NewManifest,
    ) -> Result<(), LogError> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await.map_err(fault)?;
        let sql = "SELECT version, manifest FROM papers WHERE vault = $1 FOR UPDATE";
        let row = transaction.query_opt(sql, &[&vault]).await.map_err(fault)?;
        let row = row.ok_or_else(|| LogError::refused(Code::NotFound, 0))?;
        let version = number(&row, 0)?;
        if version != new.expected || Hash::of(column(&row, 1)?) != new.previous {
            return Err(LogError::refused(Code::Conflict, version));
        }
        let sql = "UPDATE papers SET version = $2, manifest = $3 WHERE vault = $1";
        let version = new.version as i64;
        transaction.execute(sql, &[&vault, &version, &new.manifest]).await.map_err(fault)?;
        transaction.commit().await.map_err(fault)?;
        self.nudges.forget(vault);
        Ok(())
    }

    pub(super) async fn read_keyring(&self, vault: VaultNumber) -> Result<Vec<u8>, LogError> {
        let row = self.one("SELECT keyring FROM papers WHERE vault = $1", &[&vault]).await?;
        column(&row.ok_or_else(|| LogError::refused(Code::NotFound, 0))?, 0)
    }

    pub(super) async fn replace_keyring(
        &self,
        vault: VaultNumber,
        expected: Hash,
        new: Vec<u8>,
    ) -> Result<(), LogError> {
        let mut client = self.client().await?;
        let transaction = client.transaction().await.map_err(fault)?;
        let sql = "SELECT keyring FROM papers WHERE vault = $1 FOR UPDATE";
        let row = transaction.query_opt(sql, &[&vault]).await.map_err(fault)?;
        let row = row.ok_or_else(|| LogError::refused(Code::NotFound, 0))?;
        if Hash::of(column(&row, 0)?) != expected {
            return Err(LogError::refused(Code::Conflict, 0));
        }
        let sql = "UPDATE papers SET keyring = $2 WHERE vault = $1";
        transaction.execute(sql, &[&vault, &new]).await.map_err(fault)?;
        transaction.commit().await.map_err(fault)
    }

    pub(super) async fn replace_recovery(
        &self,
        vault: VaultNumber,
        recovery: Recovery,
    ) -> Result<(), LogError> {
        let sql = "UPDATE recoveries SET id = $2, key = $3 WHERE vault = $1";
        let (id, key) = (&recovery.id.0[..], &recovery.key.0[..]);
        let client = self.client().await?;
        client.execute(sql, &[&vault, &id, &key]).await.map_err(taken)?;
        let sql = "DELETE FROM tokens WHERE vault = $1 AND device IS NULL";
        client.execute(sql, &[&vault]).await.map_err(fault)?;
        self.nudges.forget(vault);
        Ok(())
    }

    pub(super) async fn end_tokens(
        &self,
        vault: VaultNumber,
        device: DeviceId,
    ) -> Result<(), LogError> {
        let sql = "DELETE FROM tokens WHERE vault = $1 AND device = $2";
        self.run(sql, &[&vault, &&device.0[..]]).await?;
        self.nudges.forget(vault);
        Ok(())
    }

    pub(super) async fn throw_away(&self, now: u64) -> Result<(), LogError> {
        for table in ["invitations", "tokens", "spent", "rendezvous"] {
            let sql = format!("DELETE FROM {table} WHERE expires <= $1");
            self.run(&sql, &[&(now as i64)]).await?;
        }
        self.sweep_guests(now).await
    }

    pub(super) async fn forget_token(&self, token: Hash) -> Result<(), LogError> {
        self.run("DELETE FROM tokens WHERE hash = $1", &[&&token.0[..]]).await.map(drop)
    }

    pub(super) async fn say_what_it_is(&self) -> Result<Vec<String>, LogError> {
        let sql = "SELECT current_setting('server_version'), current_setting('fsync'),
            current_setting('synchronous_commit'), (SELECT max(step) FROM migrations),
            (SELECT count(*) FROM vaults), pg_database_size(current_database()),
            (extract(epoch FROM clock_timestamp()) * 1000)::bigint";
        let row = self.one(sql, &[]).await?;
        let row = row.ok_or_else(|| LogError::Fault("the database says nothing".to_owned()))?;
        let (version, fsync, commit): (&str, &str, &str) =
            (column(&row, 0)?, column(&row, 1)?, column(&row, 2)?);
        let mut lines = vec![
            format!("PostgreSQL {version}, tables of version {}", column::<i64>(&row, 3)?),
            format!("{} vaults, {} bytes", column::<i64>(&row, 4)?, column::<i64>(&row, 5)?),
        ];
        if fsync != "on" || commit == "off" {
            lines.push(format!(
                "WARNING: fsync is {fsync} and synchronous_commit {commit}: what is answered may \
                 be lost in a power cut. Switch both on."
            ));
        }
        Ok(lines)
    }
}

/// A unique key that another vault has is a refusal and no failure.
fn taken(error: tokio_postgres::Error) -> LogError {
    match error.code() {
        Some(&SqlState::UNIQUE_VIOLATION) => LogError::refused(Code::Exists, 0),
        _ => fault(error),
    }
}

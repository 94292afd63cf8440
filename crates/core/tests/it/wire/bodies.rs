//! One of every body, made of numbers from one source.

use std::fmt::Debug;
use thoughtstream_core::clock::{MILLIS_MAX, Stamp};
use thoughtstream_core::id::{
    Chain, DeviceId, FileAddress, GuestId, Incarnation, RecoveryId, RendezvousId, RowId, ServerId,
    VaultId,
};
use thoughtstream_core::wire::{
    AskChallenge, AskFile, AskPart, AskToken, Await, Awaited, Body, Challenge, ChallengeBytes,
    Code, CreateVault, Created, DeleteVault, Done, DropFile, DropItems, EndGuest, EnterGuest,
    FileIs, FileLimits, GuestIs, GuestRow, GuestStands, GuestsAre, Hash, Hear, Heard, InboxIs,
    InboxItem, ItemName, KeyringIs, Leave, Limits, Manifest, ManifestIs, Meet, Member, Met,
    OpenGuest, Page, PartIs, PublicKey, Push, Pushed, PutItem, PutKeyring, PutManifest, PutPart,
    PutRecovery, Recovery, Refusal, Role, Say, SealedChange, Secret, Signature, Token, Who,
};

/// Where numbers come from: counted for the golden bytes, by chance from a seed for the laws.
pub(crate) struct Numbers {
    state: u64,
    counts: bool,
}

impl Numbers {
    pub(crate) fn counting() -> Self {
        Self { state: 0, counts: true }
    }

    pub(crate) fn seeded(seed: u64) -> Self {
        Self { state: seed, counts: false }
    }

    /// The next number; by chance, all magnitudes are equally likely (splitmix64).
    pub(crate) fn next(&mut self) -> u64 {
        if self.counts {
            self.state += 1;
            return self.state;
        }
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed >> (self.state >> 32 & 63)
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn raw<const N: usize>(&mut self) -> [u8; N] {
        [(); N].map(|()| self.next() as u8)
    }

    fn bytes(&mut self) -> Vec<u8> {
        let length = if self.counts { 3 } else { self.below(200) };
        (0..length).map(|_| self.next() as u8).collect()
    }

    fn list<T>(&mut self, item: fn(&mut Self) -> T) -> Vec<T> {
        let length = if self.counts { 2 } else { self.below(4) };
        (0..length).map(|_| item(self)).collect()
    }
}

fn change(n: &mut Numbers) -> SealedChange {
    let millis = n.below(MILLIS_MAX as u64 + 1) as i64;
    let stamp = Stamp::new(millis, n.next() as u16, DeviceId(n.raw())).unwrap();
    SealedChange { row: RowId(n.raw()), stamp, sealed: n.bytes() }
}

fn member(n: &mut Numbers) -> Member {
    Member {
        device: DeviceId(n.raw()),
        auth: PublicKey(n.raw()),
        wrap: PublicKey(n.raw()),
        role: [Role::Full, Role::Full, Role::Retired][n.below(3) as usize],
        note: n.bytes(),
    }
}

fn who(n: &mut Numbers) -> Who {
    match n.below(2) {
        0 => Who::Recovery { id: RecoveryId(n.raw()) },
        _ => Who::Device { vault: VaultId(n.raw()), device: DeviceId(n.raw()) },
    }
}

fn recovery(n: &mut Numbers) -> Recovery {
    Recovery { id: RecoveryId(n.raw()), key: PublicKey(n.raw()) }
}

fn limits(n: &mut Numbers) -> Limits {
    Limits {
        server: ServerId(n.raw()),
        now: n.next(),
        row_bytes: n.next(),
        batch_changes: n.next(),
        batch_bytes: n.next(),
        page_bytes: n.next(),
        quota_bytes: n.next(),
        future_millis: n.next(),
    }
}

fn files(n: &mut Numbers) -> FileLimits {
    let (part_bytes, parts) = (n.next(), n.next());
    FileLimits { part_bytes, parts, quota_bytes: n.next(), used_bytes: n.next() }
}

fn part(n: &mut Numbers) -> PutPart {
    let (address, parts) = (FileAddress(n.raw()), n.next());
    PutPart { address, parts, number: n.next(), sealed: n.bytes() }
}

fn awaits(n: &mut Numbers) -> Await {
    Await { id: RendezvousId(n.raw()), ticket: Secret(n.raw()), message: n.bytes() }
}

fn say(n: &mut Numbers) -> Say {
    let (id, ticket) = (RendezvousId(n.raw()), Secret(n.raw()));
    Say { id, ticket, number: n.next(), message: n.bytes() }
}

fn hear(n: &mut Numbers) -> Hear {
    Hear { id: RendezvousId(n.raw()), ticket: Secret(n.raw()), number: n.next() }
}

fn page(n: &mut Numbers) -> Page {
    Page {
        incarnation: Incarnation(n.raw()),
        after: n.next(),
        head: n.next(),
        chain: Chain(n.raw()),
        changes: n.list(change),
    }
}

fn manifest(n: &mut Numbers) -> Manifest {
    Manifest {
        version: n.next(),
        previous: Hash(n.raw()),
        signing: PublicKey(n.raw()),
        devices: n.list(member),
        signature: Signature(n.raw()),
    }
}

fn create(n: &mut Numbers) -> CreateVault {
    CreateVault {
        invitation: n.bytes(),
        vault: VaultId(n.raw()),
        manifest: n.bytes(),
        recovery: recovery(n),
        keyring: n.bytes(),
    }
}

fn refusal(n: &mut Numbers) -> Refusal {
    let code = Code::ALL[n.below(Code::ALL.len() as u64) as usize];
    Refusal { code, now: n.next(), detail: n.next(), text: format!("à {}", n.next()) }
}

fn open_guest(n: &mut Numbers) -> OpenGuest {
    OpenGuest {
        guest: GuestId(n.raw()),
        right: Hash(n.raw()),
        until: n.next(),
        length: n.next(),
        note: n.bytes(),
        sealed: n.bytes(),
    }
}

fn guest(n: &mut Numbers) -> GuestRow {
    GuestRow {
        guest: GuestId(n.raw()),
        until: n.next(),
        began: n.next(),
        ends: n.next(),
        seen: n.next(),
        items: n.next(),
        note: n.bytes(),
    }
}

fn guest_is(n: &mut Numbers) -> GuestIs {
    GuestIs {
        token: Secret(n.raw()),
        now: n.next(),
        ends: n.next(),
        vault: VaultId(n.raw()),
        guest: GuestId(n.raw()),
        sealed: n.bytes(),
    }
}

fn item(n: &mut Numbers) -> InboxItem {
    InboxItem { guest: GuestId(n.raw()), slot: n.next(), sealed: n.bytes() }
}

fn item_name(n: &mut Numbers) -> ItemName {
    ItemName { guest: GuestId(n.raw()), slot: n.next() }
}

/// The name and the bytes of one of every body; each has been read back and compared.
pub(crate) fn bodies(n: &mut Numbers) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        there("Limits", &limits(n)),
        there("CreateVault", &create(n)),
        there("Created", &Created { incarnation: Incarnation(n.raw()) }),
        there("AskChallenge", &AskChallenge { who: who(n) }),
        there("AskChallenge", &AskChallenge { who: who(n) }),
        there("Challenge", &Challenge { challenge: ChallengeBytes(n.raw()), expires: n.next() }),
        there(
            "AskToken",
            &AskToken {
                who: who(n),
                challenge: ChallengeBytes(n.raw()),
                signature: Signature(n.raw()),
            },
        ),
        there(
            "Token",
            &Token { token: Secret(n.raw()), expires: n.next(), vault: VaultId(n.raw()) },
        ),
        there("Push", &Push { incarnation: Incarnation(n.raw()), changes: n.list(change) }),
        there(
            "Pushed",
            &Pushed {
                incarnation: Incarnation(n.raw()),
                head: n.next(),
                sequences: n.list(Numbers::next),
            },
        ),
        there("Page", &page(n)),
        there("Manifest", &manifest(n)),
        there("ManifestIs", &ManifestIs { manifest: n.bytes() }),
        there("PutManifest", &PutManifest { expected: n.next(), manifest: n.bytes() }),
        there("KeyringIs", &KeyringIs { keyring: n.bytes() }),
        there("PutKeyring", &PutKeyring { keyring: n.bytes(), expected: Hash(n.raw()) }),
        there("PutRecovery", &PutRecovery { recovery: recovery(n) }),
        there("Leave", &Leave { device: DeviceId(n.raw()) }),
        there("DeleteVault", &DeleteVault { vault: VaultId(n.raw()) }),
        there("Done", &Done {}),
        there("Refusal", &refusal(n)),
        // No bodies, but bytes that are hashed or signed.
        ("Chain", Chain::START.over(&n.list(change)).0.to_vec()),
        ("signed Manifest", manifest(n).signed()),
        (
            "signed AskToken",
            AskToken::signed(&ServerId(n.raw()), &ChallengeBytes(n.raw()), &who(n)),
        ),
        there("FileLimits", &files(n)),
        there("AskFile", &AskFile { address: FileAddress(n.raw()) }),
        there("FileIs", &FileIs { there: n.next(), parts: n.next() }),
        there("PutPart", &part(n)),
        there("AskPart", &AskPart { address: FileAddress(n.raw()), number: n.next() }),
        there("PartIs", &PartIs { parts: n.next(), sealed: n.bytes() }),
        there("DropFile", &DropFile { address: FileAddress(n.raw()) }),
        there("Await", &awaits(n)),
        there("Awaited", &Awaited { expires: n.next() }),
        there("Meet", &Meet { id: RendezvousId(n.raw()), ticket: Secret(n.raw()) }),
        there("Met", &Met { expires: n.next(), message: n.bytes() }),
        there("Say", &say(n)),
        there("Hear", &hear(n)),
        there("Heard", &Heard { message: n.bytes() }),
        there("OpenGuest", &open_guest(n)),
        there("GuestsAre", &GuestsAre { guests: n.list(guest) }),
        there("EndGuest", &EndGuest { guest: GuestId(n.raw()) }),
        there("EnterGuest", &EnterGuest { right: Secret(n.raw()) }),
        there("GuestIs", &guest_is(n)),
        there("GuestStands", &GuestStands { now: n.next(), ends: n.next() }),
        there("PutItem", &PutItem { slot: n.next(), version: n.next(), sealed: n.bytes() }),
        there("InboxIs", &InboxIs { open: n.next(), items: n.list(item) }),
        there("DropItems", &DropItems { items: n.list(item_name) }),
    ]
}

fn there<T: Body + PartialEq + Debug>(name: &'static str, body: &T) -> (&'static str, Vec<u8>) {
    let bytes = body.encode();
    assert_eq!(T::decode(&bytes).as_ref(), Ok(body), "{name}");
    (name, bytes)
}

/// Reads an input as every body there is; gives back what those that succeed are written as.
pub(crate) fn decode_as_each(input: &[u8]) -> Vec<Vec<u8>> {
    fn again<T: Body>(input: &[u8]) -> Option<Vec<u8>> {
        T::decode(input).ok().map(|body| body.encode())
    }
    let all = [
        again::<Limits>(input),
        again::<CreateVault>(input),
        again::<Created>(input),
        again::<AskChallenge>(input),
        again::<Challenge>(input),
        again::<AskToken>(input),
        again::<Token>(input),
        again::<Push>(input),
        again::<Pushed>(input),
        again::<Page>(input),
        again::<Manifest>(input),
        again::<ManifestIs>(input),
        again::<PutManifest>(input),
        again::<PutKeyring>(input),
        again::<PutRecovery>(input),
        again::<Leave>(input),
        again::<DeleteVault>(input),
        again::<Done>(input),
        again::<FileLimits>(input),
        again::<AskFile>(input),
        again::<PutPart>(input),
        again::<AskPart>(input),
        again::<PartIs>(input),
        again::<Await>(input),
        again::<Meet>(input),
        again::<Met>(input),
        again::<Say>(input),
        again::<Hear>(input),
        again::<Refusal>(input),
        again::<OpenGuest>(input),
        again::<GuestsAre>(input),
        again::<EndGuest>(input),
        again::<EnterGuest>(input),
        again::<GuestIs>(input),
        again::<GuestStands>(input),
        again::<PutItem>(input),
        again::<InboxIs>(input),
        again::<DropItems>(input),
    ];
    all.into_iter().flatten().collect()
}

//! The exchange between a new device and one of the vault: it comes to an end in one way only.

use super::{each_flip, frozen};
use crate::support::Chance;
use proptest::prelude::*;
use thoughtstream_core::seal::exchange::{
    Ask, Asked, Asking, ExchangeError, Granting, Purpose, Taken, Taking,
};

/// How the code gets from one device to the other.
#[derive(Clone, Copy, Debug)]
enum Way {
    Typed,
    Scanned,
}

fn ask() -> Ask {
    Ask {
        purpose: Purpose::Device,
        origin: "https://journal.example".into(),
        browser: "Firefox 140 on Linux".into(),
        request: frozen::counting::<24>(0).to_vec(),
    }
}

fn asking(seed: u64) -> Asking {
    Asking::begin(&mut Chance::new(seed))
}

fn taking(asking: &Asking, way: Way, seed: u64) -> Taking {
    let code = match way {
        Way::Typed => asking.code(),
        Way::Scanned => asking.picture(),
    };
    Taking::begin(&code, &mut Chance::new(seed)).unwrap()
}

/// All four messages, and both ends.
struct Talk {
    hello: Vec<u8>,
    reveal: Vec<u8>,
    asked: Asked,
    taken: Taken,
}

fn talk(way: Way) -> Talk {
    let new = asking(1);
    let (waiting, hello) = taking(&new, way, 2).answer(&new.promise()).unwrap();
    let (asked, reveal) = new.answer(&hello, &ask()).unwrap();
    let taken = waiting.judge(&reveal).unwrap();
    Talk { hello, reveal, asked, taken }
}

fn granting(talk: Talk) -> (Asked, Granting) {
    let granting = talk.taken.check(&talk.asked.check_code()).unwrap();
    (talk.asked, granting)
}

#[test]
fn its_bytes_are_frozen() {
    for (way, name) in [(Way::Typed, "typed"), (Way::Scanned, "scanned")] {
        let talk = talk(way);
        frozen::is(&format!("exchange {name} 1 hello"), &talk.hello);
        frozen::is(&format!("exchange {name} 2 reveal"), &talk.reveal);
        frozen::is(&format!("exchange {name} check code"), talk.asked.check_code().as_bytes());
        let grant = granting(talk).1.grant(b"grant".to_vec());
        frozen::is(&format!("exchange {name} 3 grant"), &grant);
    }
    let new = asking(1);
    frozen::is("exchange 0 promise", &new.promise());
    frozen::is("exchange place", &new.id().0);
    frozen::is("exchange code", new.code().as_bytes());
    frozen::is("exchange picture", new.picture().as_bytes());
}

#[test]
fn both_ways_come_to_the_same_end() {
    for way in [Way::Typed, Way::Scanned] {
        let talk = talk(way);
        assert_eq!(talk.taken.ask, ask(), "{way:?}");
        let (asked, granting) = granting(talk);
        let opened = asked.open(&granting.grant(b"the keys".to_vec())).unwrap();
        assert_eq!(&opened[..], b"the keys", "{way:?}");
    }
}

#[test]
fn a_code_may_be_typed_carelessly() {
    let (new, mut chance) = (asking(5), Chance::new(3));
    let (code, id) = (new.code(), new.id());
    let careless = code.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
    for typed in [code.clone(), careless, format!(" {code}\n")] {
        assert_eq!(Taking::begin(&typed, &mut chance).map(|one| one.id()).ok(), Some(id));
    }
    assert_eq!(taking(&new, Way::Scanned, 1).id(), id);
}

#[test]
fn what_is_no_code_is_said_to_be_none() {
    let picture = asking(1).picture();
    let cases = [
        ("", ExchangeError::Length { found: 0 }),
        ("ABCDE-FGHJ", ExchangeError::Length { found: 9 }),
        ("ABCDE-FGHJK-M", ExchangeError::Length { found: 11 }),
        ("ABCDE-FGHJU", ExchangeError::Character('U')),
        ("ABCDE-FGHJ\u{e9}", ExchangeError::Character('\u{e9}')),
        ("https://journal.example", ExchangeError::Character(':')),
        ("TS1:", ExchangeError::Picture),
        ("TS1:ABCDEFGHJK", ExchangeError::Picture),
        (&picture[..picture.len() - 1], ExchangeError::Picture),
        (&format!("{picture}0"), ExchangeError::Picture),
    ];
    for (code, expected) in cases {
        let found = Taking::begin(code, &mut Chance::new(1)).err();
        assert_eq!(found, Some(expected), "{code}");
    }
}

/// What somebody between the two devices can do to each message.
#[test]
fn any_byte_that_was_changed_is_noticed() {
    for way in [Way::Typed, Way::Scanned] {
        let talk = talk(way);
        each_flip(&asking(1).promise(), |at, promise| {
            let answered = taking(&asking(1), way, 2).answer(promise);
            let judged = answered.and_then(|(waiting, _)| waiting.judge(&talk.reveal));
            assert!(judged.is_err(), "promise, byte {at}");
        });
        each_flip(&talk.hello, |at, hello| {
            let Ok((_, reveal)) = asking(1).answer(hello, &ask()) else { return };
            let (waiting, _) = taking(&asking(1), way, 2).answer(&asking(1).promise()).unwrap();
            assert!(waiting.judge(&reveal).is_err(), "hello, byte {at}");
        });
        each_flip(&talk.reveal, |at, reveal| {
            let (waiting, _) = taking(&asking(1), way, 2).answer(&asking(1).promise()).unwrap();
            assert!(waiting.judge(reveal).is_err(), "reveal, byte {at}");
        });
        let (asked, granting) = granting(talk);
        each_flip(&granting.grant(b"the keys".to_vec()), |at, grant| {
            assert!(asked.open(grant).is_err(), "grant, byte {at}");
        });
    }
}

#[test]
fn who_stands_between_with_a_key_of_its_own_is_found_out() {
    let (honest, between) = (asking(1), asking(9));
    // It passes the promise on, then says another key.
    for way in [Way::Typed, Way::Scanned] {
        let (waiting, hello) = taking(&honest, way, 2).answer(&honest.promise()).unwrap();
        let (_, reveal) = between.answer(&hello, &ask()).unwrap();
        assert_eq!(waiting.judge(&reveal).err(), Some(ExchangeError::Promise));
    }
    // It promises its own key: without the code there is no proof, and the picture tells the key.
    for (way, expected) in
        [(Way::Typed, ExchangeError::Proof), (Way::Scanned, ExchangeError::OtherKey)]
    {
        let (waiting, hello) = taking(&honest, way, 2).answer(&between.promise()).unwrap();
        let (_, reveal) = between.answer(&hello, &ask()).unwrap();
        assert_eq!(waiting.judge(&reveal).err(), Some(expected));
    }
}

/// Who knows even the code, and puts its own key in the place of the device's, has to guess.
#[test]
fn the_check_code_is_of_one_pair_of_keys() {
    let new = asking(1);
    let check_code = |seed| {
        let (_, hello) = taking(&new, Way::Typed, seed).answer(&new.promise()).unwrap();
        new.answer(&hello, &ask()).unwrap().0.check_code()
    };
    let right = check_code(2);
    assert_eq!(right, check_code(2));
    assert!((100..150).all(|seed| check_code(seed) != right));
}

#[test]
fn a_check_code_is_typed_as_it_is_shown() {
    let right = talk(Way::Typed).asked.check_code();
    assert_eq!(right.len(), 6);
    let spaced = format!(" {} {} ", &right[..3], &right[3..]);
    let another = format!("{:06}", (right.parse::<u32>().unwrap() + 1) % 1_000_000);
    let tries = [(right.clone(), true), (spaced, true), (another, false), (String::new(), false)];
    for (typed, expected) in tries {
        let checked = talk(Way::Typed).taken.check(&typed);
        assert_eq!(checked.is_ok(), expected, "{typed}");
        assert!(expected || checked.err() == Some(ExchangeError::CheckCode));
    }
}

#[test]
fn a_key_that_is_none_is_refused() {
    let small_order = [&[1, 0][..], &[0; 32]].concat();
    assert_eq!(asking(1).answer(&small_order, &ask()).err(), Some(ExchangeError::Damaged));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_bytes_make_it_fall_over(
        message in prop::collection::vec(any::<u8>(), 0..300),
        code in "\\PC{0,20}",
        first in 0_u8..3,
    ) {
        let mut message = message;
        if let Some(byte) = message.first_mut() {
            *byte = first;
        }
        let new = asking(1);
        let _ = Taking::begin(&code, &mut Chance::new(1));
        let _ = new.answer(&message, &ask());
        let _ = taking(&new, Way::Typed, 2).answer(&message);
        let (waiting, _) = taking(&new, Way::Scanned, 2).answer(&new.promise()).unwrap();
        prop_assert!(waiting.judge(&message).is_err());
        prop_assert!(talk(Way::Typed).asked.open(&message).is_err());
    }

    #[test]
    fn every_ask_and_grant_arrives_as_it_was_said(
        (new, device) in any::<(u64, u64)>(),
        (origin, browser) in ("\\PC{0,40}", "\\PC{0,40}"),
        request in prop::collection::vec(any::<u8>(), 0..300),
        guest: bool,
    ) {
        let purpose = if guest { Purpose::Guest } else { Purpose::Device };
        let ask = Ask { purpose, origin, browser, request: request.clone() };
        let new = asking(new);
        let way = if guest { Way::Typed } else { Way::Scanned };
        let (waiting, hello) = taking(&new, way, device).answer(&new.promise()).unwrap();
        let (asked, reveal) = new.answer(&hello, &ask).unwrap();
        let taken = waiting.judge(&reveal).unwrap();
        prop_assert_eq!(&taken.ask, &ask);
        let granting = taken.check(&asked.check_code()).unwrap();
        let opened = asked.open(&granting.grant(request.clone())).unwrap();
        prop_assert_eq!(&opened[..], &request[..]);
    }
}

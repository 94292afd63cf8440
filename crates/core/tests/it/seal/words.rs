//! The recovery words: BIP-39 to the letter, and kind to who types them.

use super::frozen;
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use thoughtstream_core::seal::Recovery;

/// The list of BIP-39 is known by this hash of its lines; the first eleven bits are the first word.
#[test]
fn the_list_is_that_of_bip_39() {
    let mut lines = String::new();
    for index in 0..2048_u16 {
        let mut secret = [0; 32];
        secret[..2].copy_from_slice(&(index << 5).to_be_bytes());
        let words = Recovery::new(secret).words();
        lines.push_str(words.split(' ').next().unwrap());
        lines.push('\n');
    }
    let hash = frozen::hex(&Sha256::digest(&lines));
    assert_eq!(hash, "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda");
}

/// The vectors of 256 bits in trezor/python-mnemonic, `vectors.json`.
#[test]
fn the_official_vectors() {
    let mut art = "abandon ".repeat(23);
    art.push_str("art");
    let mut vote = "zoo ".repeat(23);
    vote.push_str("vote");
    let cases = [
        ("0000000000000000000000000000000000000000000000000000000000000000", art.as_str()),
        ("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", &vote),
        (
            "7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f",
            "legal winner thank year wave sausage worth useful legal winner thank year wave \
             sausage worth useful legal winner thank year wave sausage worth title",
        ),
        (
            "8080808080808080808080808080808080808080808080808080808080808080",
            "letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd \
             amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic bless",
        ),
        (
            "68a79eaca2324873eacc50cb9c6eca8cc68ea5d936f98787c60c7ebc74e6ce7c",
            "hamster diagram private dutch cause delay private meat slide toddler razor book \
             happy fancy gospel tennis maple dilemma loan word shrug inflict delay length",
        ),
        (
            "9f6a2878b2520799a44ef18bc7df394e7061a224d2c33cd015b157d746869863",
            "panda eyebrow bullet gorilla call smoke muffin taste mesh discover soft ostrich \
             alcohol speed nation flash devote level hobby quick inner drive ghost inside",
        ),
        (
            "066dca1a2bb7e8a1db2832148ce9933eea0f3ac9548d793112d9a95c9407efad",
            "all hour make first leader extend hole alien behind guard gospel lava path output \
             census museum junior mass reopen famous sing advance salt reform",
        ),
        (
            "f585c11aec520db57dd353c69554b21a89b20fb0650966fa0a9d6f74fd989d8f",
            "void come effort suffer camp survey warrior heavy shoot primary clutch crush open \
             amazing screen patrol group space point ten exist slush involve unfold",
        ),
    ];
    for (secret, words) in cases {
        assert_eq!(Recovery::new(frozen::bytes(secret)).words(), words);
        assert_eq!(Recovery::from_words(words).unwrap().words(), words);
    }
}

#[test]
fn what_a_person_types_is_understood_or_explained() {
    let good = Recovery::new([7; 32]).words();
    let spread = format!("  {}\n", good.to_uppercase().replace(' ', " \t\n"));
    assert_eq!(Recovery::from_words(&spread).unwrap().words(), good);
    let words: Vec<&str> = good.split(' ').collect();
    let mut swapped = words.clone();
    swapped.swap(0, 1);
    let cases = [
        (words[..23].join(" "), "there are 24 recovery words, and these are 23"),
        (format!("{good} zoo"), "these are 25"),
        (String::new(), "these are 0"),
        (good.replacen(words[2], "teh", 1), "word 3, “teh”, is not one of"),
        (good.replacen(words[23], "0abandon", 1), "word 24, “0abandon”"),
        (swapped.join(" "), "together they are not right"),
    ];
    for (text, expected) in cases {
        let error = Recovery::from_words(&text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
}

#[test]
fn what_follows_from_the_words_is_frozen() {
    let recovery = Recovery::new(frozen::counting(0));
    frozen::is("recovery id", &recovery.id().0);
    frozen::is("recovery key", &recovery.auth_key());
    frozen::is("recovery login", &recovery.sign_login(&[1; 16], &[2; 32], b"who"));
    assert_eq!(format!("{recovery:?}"), "Recovery(Secret)");
}

proptest! {
    #[test]
    fn words_and_back(secret: [u8; 32]) {
        let recovery = Recovery::new(secret);
        let again = Recovery::from_words(&recovery.words()).unwrap();
        prop_assert_eq!(again.words(), recovery.words());
        prop_assert_eq!(again.auth_key(), recovery.auth_key());
    }
}

//! Packing and padding: small, and no smaller than what hides it.

use super::frozen;
use proptest::prelude::*;
use thoughtstream_core::seal::Packer;
use thoughtstream_core::seal::pack::{UNPACKED_MAX, pad, unpack, unpad};

#[test]
fn padding_hides_the_last_bits() {
    // Two bytes of each length are the length itself.
    let cases = [(0, 256), (254, 256), (255, 272), (1_000, 1_024), (100_000, 100_352)];
    for (length, expected) in cases {
        assert_eq!(pad(&vec![1; length]).len(), expected, "{length}");
    }
}

/// Frozen: another dictionary could not unpack what this one packed.
#[test]
fn the_dictionary_is_the_one_of_the_format() {
    let text = "The end of the year. Yesterday I went to the river.\n";
    frozen::is("packed", &Packer::default().pack(text.as_bytes()));
    assert_eq!(unpack(&frozen::of("packed")).unwrap(), text.as_bytes());
}

/// No language pays for the English in the dictionary.
#[test]
fn other_languages_cost_no_more_than_without() {
    let texts = [
        "Heute war ich lange im Garten; die Äpfel sind fast reif, und am Abend kam Besuch.",
        "Ce matin, il faisait beau : nous avons marché le long de la rivière jusqu'au soir.",
        "Сегодня утром шёл дождь, и мы остались дома, читали и пили чай до самого вечера.",
        "今日は朝から雨が降っていたので、家で本を読んで過ごした。夜は友だちと電話で話した。",
        "今天早上下雨，我们在家里看书喝茶，晚上朋友来吃饭，聊到很晚才回去。",
        "오늘은 아침부터 비가 와서 집에서 책을 읽었다. 저녁에는 친구와 통화했다.",
        "كان الطقس جميلا اليوم، فمشينا على طول النهر ثم عدنا إلى البيت وقت الغروب.",
        "Dnes ráno pršelo, tak jsme zůstali doma, četli a pili čaj až do večera.",
    ];
    let packer = Packer::default();
    for text in texts {
        let without = miniz_oxide::deflate::compress_to_vec(text.as_bytes(), 8);
        let with = packer.pack(text.as_bytes());
        assert!(pad(&with).len() <= pad(&without).len(), "{text}");
        // Before the padding, an unlucky reference to the dictionary may cost a byte.
        assert!(with.len() <= without.len() + 2, "{} of {}: {text}", with.len(), without.len());
    }
}

#[test]
fn a_short_input_does_not_unpack_to_more_than_the_longest_row() {
    let zeros = vec![0; UNPACKED_MAX + 1];
    let packed = Packer::default().pack(&zeros);
    assert!(unpack(&packed).is_err());
    assert_eq!(unpack(&Packer::default().pack(&zeros[1..])).unwrap().len(), UNPACKED_MAX);
}

proptest! {
    #[test]
    fn whatever_is_packed_and_padded_comes_out_again(text: Vec<u8>, words in ".{0,400}") {
        for text in [text, words.into_bytes()] {
            let packed = Packer::default().pack(&text);
            prop_assert!(packed.len() <= text.len() + 1);
            let padded = pad(&packed);
            prop_assert_eq!(unpack(unpad(&padded).unwrap()).unwrap(), text);
        }
    }

    #[test]
    fn bytes_of_any_kind_are_read_or_refused(bytes: Vec<u8>) {
        let _ = unpad(&bytes).and_then(unpack);
        let _ = unpack(&[&[1], &bytes[..]].concat());
    }
}

//! Letters without case and diacritics, as the index sees them: for showing what was found.

/// Base letters, each followed by the letters that are read as it: the lower-case letters of
/// Latin-1, Latin Extended, Vietnamese and Greek whose Unicode decomposition begins with it, and
/// some that carry a stroke instead of a mark.
const READ_AS: [&str; 35] = [
    "aàáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ",
    "bḃḅḇ",
    "cçćĉċčḉ",
    "dďḋḍḏḑḓđ",
    "eèéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ",
    "fḟ",
    "gĝğġģǧǵḡ",
    "hĥȟḣḥḧḩḫẖħ",
    "iìíîïĩīĭįǐȉȋḭḯỉịı",
    "jĵǰ",
    "kķǩḱḳḵ",
    "lĺļľḷḹḻḽł",
    "mḿṁṃ",
    "nñńņňǹṅṇṉṋ",
    "oòóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợø",
    "pṕṗ",
    "rŕŗřȑȓṙṛṝṟ",
    "sśŝşšșṡṣṥṧṩ",
    "tţťțṫṭṯṱẗŧ",
    "uùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự",
    "vṽṿ",
    "wŵẁẃẅẇẉẘ",
    "xẋẍ",
    "yýÿŷȳẏẙỳỵỷỹ",
    "zźżžẑẓẕ",
    "αάἀἁἂἃἄἅἆἇὰάᾀᾁᾂᾃᾄᾅᾆᾇᾰᾱᾲᾳᾴᾶᾷ",
    "εέἐἑἒἓἔἕὲέ",
    "ηήἠἡἢἣἤἥἦἧὴήᾐᾑᾒᾓᾔᾕᾖᾗῂῃῄῆῇ",
    "ιΐίϊἰἱἲἳἴἵἶἷὶίῐῑῒΐῖῗ",
    "οόὀὁὂὃὄὅὸό",
    "ρῤῥ",
    "σς",
    "υΰϋύὐὑὒὓὔὕὖὗὺύῠῡῢΰῦῧ",
    "ωώὠὡὢὣὤὥὦὧὼώᾠᾡᾢᾣᾤᾥᾦᾧῲῳῴῶῷ",
    "ϒϓϔ",
];

/// The letter that `c` is read as; `None` for a combining mark, which is not read at all.
pub(super) fn fold(c: char) -> Option<char> {
    if c.is_ascii() {
        return Some(c.to_ascii_lowercase());
    }
    if matches!(c, '\u{300}'..='\u{36f}') {
        return None;
    }
    let lower = c.to_lowercase().next().unwrap_or(c);
    if !matches!(lower, '\u{e0}'..='\u{24f}' | '\u{370}'..='\u{3ff}' | '\u{1e00}'..='\u{1fff}') {
        return Some(lower);
    }
    let base = READ_AS.iter().find(|letters| letters.contains(lower));
    Some(base.and_then(|letters| letters.chars().next()).unwrap_or(lower))
}

/// Letters that the index's tokenizer, which knows marks on Latin letters only, does not read as
/// a person who has them not on the keyboard: as what they go into the index instead.
pub(super) fn spelled(c: char) -> Option<Spelled> {
    match c {
        'ß' | 'ẞ' => Some(Spelled::Two('s', 's')),
        'æ' | 'Æ' => Some(Spelled::Two('a', 'e')),
        'œ' | 'Œ' => Some(Spelled::Two('o', 'e')),
        'ł' | 'Ł' | 'ø' | 'Ø' | 'đ' | 'Đ' | 'ı' | 'ħ' | 'Ħ' | 'ŧ' | 'Ŧ' => {
            fold(c).map(Spelled::One)
        }
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => fold(c).map(Spelled::One),
        _ => None,
    }
}

/// What one letter is spelled as.
pub(super) enum Spelled {
    One(char),
    Two(char, char),
}

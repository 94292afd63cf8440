//! Letters without case and diacritics, as the index sees them: for showing what was found.

/// Base letters, each followed by the letters that are read as it: the lower-case letters of
/// Latin-1, Latin Extended and Vietnamese whose Unicode decomposition begins with an ASCII letter.
const READ_AS: [&str; 25] = [
    "aàáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ",
    "bḃḅḇ",
    "cçćĉċčḉ",
    "dďḋḍḏḑḓ",
    "eèéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ",
    "fḟ",
    "gĝğġģǧǵḡ",
    "hĥȟḣḥḧḩḫẖ",
    "iìíîïĩīĭįǐȉȋḭḯỉị",
    "jĵǰ",
    "kķǩḱḳḵ",
    "lĺļľḷḹḻḽ",
    "mḿṁṃ",
    "nñńņňǹṅṇṉṋ",
    "oòóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ",
    "pṕṗ",
    "rŕŗřȑȓṙṛṝṟ",
    "sśŝşšșṡṣṥṧṩ",
    "tţťțṫṭṯṱẗ",
    "uùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự",
    "vṽṿ",
    "wŵẁẃẅẇẉẘ",
    "xẋẍ",
    "yýÿŷȳẏẙỳỵỷỹ",
    "zźżžẑẓẕ",
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
    if !matches!(lower, '\u{e0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}') {
        return Some(lower);
    }
    let base = READ_AS.iter().find(|letters| letters.contains(lower));
    Some(base.and_then(|letters| letters.chars().next()).unwrap_or(lower))
}

//! The generated journal: as long as asked for, ten entries a day up to today, in the words of a
//! real diary and as often as it uses them; the same seed gives everyone the same bytes.

use anyhow::Context;
use flate2::read::GzDecoder;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;

/// Entries in one batch, the most that the app takes in at once.
pub(crate) const BATCH: usize = 2_000;
/// The batch of the small journal, whose entries are the newest of all.
pub(crate) const SMALL: &str = "small";
const SMALL_ENTRIES: usize = 100;
const ENTRIES_A_DAY: usize = 10;
const DAY_MILLIS: i64 = 86_400_000;
/// One entry of so many has a sentence in a script without spaces, or in Korean.
const FOREIGN_EVERY: usize = 33;
const SENTENCES: [&str; 12] = [
    "今日は天気がとても良かったので、東京の公園まで歩いた。",
    "夕方に友人と一緒に寿司を食べて、映画を見た。",
    "図書館で古い本を読みながら、静かな午後を過ごした。",
    "今天天气很好，我去图书馆读书，晚上和朋友吃饭。",
    "早上下雨，下午去北京路买了一本日记本。",
    "我们在公园里散步，看见很多孩子在放风筝。",
    "오늘은 날씨가 좋아서 친구와 함께 공원을 걸었다.",
    "저녁에 가족과 밥을 먹고 오래된 일기를 읽었다.",
    "비가 오는 아침에 도서관에서 책을 빌렸다.",
    "วันนี้อากาศดีมาก ฉันไปเดินเล่นที่สวนสาธารณะกับเพื่อน",
    "ตอนเย็นกินข้าวกับครอบครัวแล้วอ่านหนังสือ",
    "เช้านี้ฝนตก จึงอยู่บ้านเขียนบันทึกประจำวัน",
];

/// What the diary is made of.
pub(crate) struct Diary {
    words: Vec<String>,
    /// Words of each entry.
    lengths: Vec<usize>,
    /// The letters-only words in lower case, the most frequent first.
    ranked: Vec<String>,
}

impl Diary {
    pub(crate) fn read(file: &Path) -> anyhow::Result<Self> {
        let (mut words, mut lengths) = (Vec::new(), Vec::new());
        let file = File::open(file).with_context(|| format!("no diary in {}", file.display()))?;
        for line in BufReader::new(GzDecoder::new(file)).lines() {
            let entry: Value = serde_json::from_str(&line?)?;
            let text = entry["text"].as_str().context("a line of the diary has no text")?;
            let before = words.len();
            words.extend(text.split_whitespace().map(str::to_owned));
            lengths.push(words.len() - before);
        }
        let ranked = rank(&words);
        Ok(Self { words, lengths, ranked })
    }

    /// Forty queries: beginnings of two letters, words from everywhere to nowhere, pairs of them,
    /// and two letters of Chinese, Japanese, Korean and Thai.
    pub(crate) fn queries(&self) -> Vec<String> {
        let word = |part: f64| {
            #[expect(clippy::cast_possible_truncation, reason = "a rank is a small number")]
            #[expect(clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "as above")]
            let rank = (part * (self.ranked.len() - 1) as f64) as usize;
            self.ranked[rank].clone()
        };
        let fixed = [
            "th",
            "co",
            "wh",
            "qu",
            "xe",
            "yo",
            "zy",
            "ab",
            "zyzzyva",
            "quokka",
            "xylophonist",
            "天気",
            "図書",
            "图书",
            "北京",
            "날씨",
            "일기",
            "อา",
            "วัน",
        ];
        let frequent = [0, 1, 2, 5, 10, 20].map(|rank| self.ranked[rank].clone());
        let mid = [0.01, 0.02, 0.04, 0.08, 0.1].map(word);
        let rare = [0.5, 0.7, 0.9, 0.95, 1.0].map(word);
        let pair = |first: &String, second: &String| format!("{first} {second}");
        let pairs = [
            pair(&frequent[0], &frequent[1]),
            pair(&frequent[2], &mid[0]),
            pair(&mid[1], &mid[2]),
            pair(&frequent[3], &rare[0]),
            pair(&rare[1], &rare[2]),
        ];
        let all = fixed.map(str::to_owned).into_iter().chain(frequent).chain(mid);
        all.chain(rare).chain(pairs).collect()
    }

    fn entry(&self, chance: &mut Chance) -> String {
        let length = self.lengths[chance.below(self.lengths.len())];
        let mut body = String::new();
        for number in 0..length {
            if number > 0 {
                body.push_str(if number % 90 == 0 { "\n\n" } else { " " });
            }
            body.push_str(&self.words[chance.below(self.words.len())]);
        }
        if chance.below(FOREIGN_EVERY) == 0 {
            body.push_str("\n\n");
            body.push_str(SENTENCES[chance.below(SENTENCES.len())]);
        }
        body
    }
}

fn rank(words: &[String]) -> Vec<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for word in words {
        let word = word.trim_matches(|letter: char| !letter.is_alphabetic()).to_lowercase();
        if word.len() > 1 && word.chars().all(|letter| letter.is_ascii_lowercase()) {
            *counts.entry(word).or_default() += 1;
        }
    }
    let mut ranked: Vec<(String, usize)> = counts.into_iter().collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    ranked.into_iter().map(|(word, _)| word).collect()
}

/// Writes the journal in batches named by number, and the small one; `today` counts from 1970.
pub(crate) fn write(
    diary: &Diary,
    folder: &Path,
    entries: usize,
    today: i64,
) -> anyhow::Result<()> {
    let mark = folder.join("written");
    let key = format!("{entries} entries to day {today}");
    if fs::read_to_string(&mark).is_ok_and(|written| written == key) {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let mut batch = Vec::with_capacity(BATCH);
    for number in 0..entries {
        let back = entries - 1 - number;
        let day = today - i64::try_from(back / ENTRIES_A_DAY)?;
        let hour = i64::try_from(ENTRIES_A_DAY - back % ENTRIES_A_DAY)?;
        let time = day * DAY_MILLIS + hour * 7_200_000;
        let id = format!("{:016x}{:016x}", chance.next(), chance.next());
        batch.push(json!({ "id": id, "time": time, "body": diary.entry(&mut chance) }));
        if batch.len() == BATCH || back == 0 {
            let file = folder.join(format!("{}.json", number / BATCH));
            fs::write(file, serde_json::to_vec(&batch)?)?;
            if back == 0 {
                let newest = &batch[batch.len().saturating_sub(SMALL_ENTRIES)..];
                fs::write(folder.join(format!("{SMALL}.json")), serde_json::to_vec(newest)?)?;
            }
            batch.clear();
        }
    }
    fs::write(mark, key)?;
    Ok(())
}

/// Chance, the same in every run.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() >> 16).unwrap_or_default() % limit.max(1)
    }
}

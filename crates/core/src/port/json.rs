//! The JSON of one line, read value by value: nothing is built that nobody asks for, and a number
//! is never more than its digits.

use std::borrow::Cow;

/// A value; of a list or an object only the beginning.
pub(super) enum Value<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    Text(Cow<'a, str>),
    List,
    Object,
}

/// Why a line is not JSON, and at which character, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}, character {character}")]
pub(super) struct Fault {
    what: &'static str,
    character: usize,
}

/// A reader of one line.
pub(super) struct Json<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Json<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// How many characters have been read.
    pub(super) fn characters(&self) -> usize {
        self.text.get(..self.at).unwrap_or_default().chars().count()
    }

    /// The next value. What is in a list or an object is read by [`Json::item`] or [`Json::key`].
    pub(super) fn value(&mut self) -> Result<Value<'a>, Fault> {
        match self.next_byte() {
            None => Err(self.fault("EOF while parsing a value")),
            Some(b'"') => Ok(Value::Text(self.string()?)),
            Some(b'{') => Ok(self.begin(Value::Object)),
            Some(b'[') => Ok(self.begin(Value::List)),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => Err(self.fault("expected value")),
        }
    }

    /// The next key of an object; `None` at its end.
    pub(super) fn key(&mut self, first: bool) -> Result<Option<Cow<'a, str>>, Fault> {
        if !self.goes_on(b'}', first)? {
            return Ok(None);
        }
        if self.next_byte() != Some(b'"') {
            return Err(self.fault("key must be a string"));
        }
        let key = self.string()?;
        if self.next_byte() != Some(b':') {
            return Err(self.fault("expected `:`"));
        }
        self.at += 1;
        Ok(Some(key))
    }

    /// Whether a list has another item.
    pub(super) fn item(&mut self, first: bool) -> Result<bool, Fault> {
        self.goes_on(b']', first)
    }

    /// Passes over what is in a value; a list instead of recursion, so that no depth is too deep.
    pub(super) fn skip(&mut self, value: &Value<'_>) -> Result<(), Fault> {
        let mut open = vec![Inside::of(value)];
        while let Some(inside) = open.last_mut() {
            let more = match inside {
                Inside::Nothing => false,
                Inside::List { first } => self.item(std::mem::take(first))?,
                Inside::Object { first } => self.key(std::mem::take(first))?.is_some(),
            };
            if more {
                open.push(Inside::of(&self.value()?));
            } else {
                open.pop();
            }
        }
        Ok(())
    }

    /// Whether nothing more is there.
    pub(super) fn end(&mut self) -> Result<(), Fault> {
        match self.next_byte() {
            None => Ok(()),
            Some(_) => Err(self.fault("trailing characters")),
        }
    }

    fn begin(&mut self, value: Value<'a>) -> Value<'a> {
        self.at += 1;
        value
    }

    fn word(&mut self, word: &str, value: Value<'a>) -> Result<Value<'a>, Fault> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.fault("expected value"));
        }
        self.at += word.len();
        Ok(value)
    }

    /// Whether a list or an object goes on, behind the comma if there has to be one.
    fn goes_on(&mut self, end: u8, first: bool) -> Result<bool, Fault> {
        match self.next_byte() {
            Some(byte) if byte == end => {
                self.at += 1;
                Ok(false)
            }
            None => Err(self.fault("EOF while parsing a list or an object")),
            Some(_) if first => Ok(true),
            Some(b',') => {
                self.at += 1;
                match self.next_byte() {
                    Some(byte) if byte == end => Err(self.fault("trailing comma")),
                    _ => Ok(true),
                }
            }
            Some(_) => Err(self.fault("expected `,` or the end")),
        }
    }

    fn number(&mut self) -> Result<Value<'a>, Fault> {
        let start = self.at;
        self.at += usize::from(self.byte() == Some(b'-'));
        let zero = self.byte() == Some(b'0');
        if self.digits()? > 1 && zero {
            return Err(self.fault("invalid number"));
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Ok(Value::Number(&self.text[start..self.at]))
    }

    fn digits(&mut self) -> Result<usize, Fault> {
        let start = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start { Err(self.fault("invalid number")) } else { Ok(self.at - start) }
    }

    /// A text, borrowed from the line unless there is an escape in it.
    fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        self.at += 1;
        let mut whole: Option<String> = None;
        loop {
            let start = self.at;
            while self.byte().is_some_and(|byte| byte >= b' ' && !matches!(byte, b'"' | b'\\')) {
                self.at += 1;
            }
            let plain = &self.text[start..self.at];
            match self.byte() {
                None => return Err(self.fault("EOF while parsing a string")),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(match whole {
                        None => plain.into(),
                        Some(whole) => (whole + plain).into(),
                    });
                }
                Some(b'\\') => {
                    let whole = whole.get_or_insert_default();
                    whole.push_str(plain);
                    self.at += 1;
                    whole.push(self.escape()?);
                }
                Some(_) => return Err(self.fault(CONTROL)),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let byte = self.byte().ok_or_else(|| self.fault("EOF while parsing a string"))?;
        let escaped = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.at += 1;
                return self.unicode();
            }
            _ => return Err(self.fault("invalid escape")),
        };
        self.at += 1;
        Ok(escaped)
    }

    /// `\u` with four digits, or a pair of them for what is beyond.
    fn unicode(&mut self) -> Result<char, Fault> {
        let mut code = self.hex()?;
        if (0xd800..0xdc00).contains(&code) {
            if !self.text[self.at..].starts_with("\\u") {
                return Err(self.fault("unexpected end of hex escape"));
            }
            self.at += 2;
            let low = self.hex()?;
            code = match low {
                0xdc00..0xe000 => 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00),
                _ => low,
            };
        }
        char::from_u32(code).ok_or_else(|| self.fault("lone surrogate in hex escape"))
    }

    fn hex(&mut self) -> Result<u32, Fault> {
        let digits = self.text.get(self.at..self.at + 4);
        let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let code = code.ok_or_else(|| self.fault("invalid escape"))?;
        self.at += 4;
        Ok(code)
    }

    /// The byte at which something begins, behind what space there is.
    fn next_byte(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.byte() {
            self.at += 1;
        }
        self.byte()
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn fault(&self, what: &'static str) -> Fault {
        let over = usize::from(self.at < self.text.len());
        Fault { what, character: self.characters() + over }
    }
}

const CONTROL: &str = "control character (\\u0000-\\u001F) found while parsing a string";

/// What a value that is passed over still has in it.
enum Inside {
    Nothing,
    List { first: bool },
    Object { first: bool },
}

impl Inside {
    fn of(value: &Value<'_>) -> Self {
        match value {
            Value::List => Self::List { first: true },
            Value::Object => Self::Object { first: true },
            _ => Self::Nothing,
        }
    }
}

/// Appends a text in quotes.
pub(super) fn write_text(text: &str, out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => out.extend([b'\\', byte]),
            b'\n' => out.extend(b"\\n"),
            b'\r' => out.extend(b"\\r"),
            b'\t' => out.extend(b"\\t"),
            0..b' ' => {
                out.extend(b"\\u00");
                out.extend([HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
            }
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

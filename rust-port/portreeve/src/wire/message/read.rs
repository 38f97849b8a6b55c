//! A frame to a message. One pass over the bytes checks the whole term (depth, counts, lengths, tags) and finds
//! the pieces; nothing is copied and nothing is decoded that is not needed to know what the message says.

use std::borrow::Cow;

use crate::etf;

/// A message from the host. Every slice is one whole term of the frame, without the version byte.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Message<'a> {
    /// The host's own hello: a map.
    Hello(&'a [u8]),
    Call {
        id: &'a [u8],
        function: Name<'a>,
        arguments: &'a [u8],
        options: Option<&'a [u8]>,
    },
    Cast {
        function: Name<'a>,
        arguments: &'a [u8],
    },
    Cancel(&'a [u8]),
    Credit {
        id: &'a [u8],
        count: u64,
    },
    Feed {
        id: &'a [u8],
        index: u64,
        items: &'a [u8],
    },
    Fed {
        id: &'a [u8],
        index: u64,
        error: Option<&'a [u8]>,
    },
    Reply {
        id: &'a [u8],
        term: &'a [u8],
    },
    Error {
        id: &'a [u8],
        map: &'a [u8],
    },
    Part {
        key: &'a [u8],
        piece: &'a [u8],
        last: bool,
    },
    Release(&'a [u8]),
    Ping(&'a [u8]),
    Pong,
    Stop,
}

/// The text of the atom (or binary) that names a function, as it stands in the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Name<'a>(pub &'a [u8]);

/// Why a frame is no message.
#[derive(Debug)]
pub(crate) enum Refused<'a> {
    /// Not one whole term: the pipe itself cannot be trusted any more. `id` is that of the call that it was to be, as far
    /// as that can be read.
    Bad {
        id: Option<&'a [u8]>,
        at: usize,
        why: String,
    },
    /// A call whose Id can be read, so that it can be answered with `badarg`.
    Call {
        id: &'a [u8],
        why: Cow<'static, str>,
    },
    /// A known word in a wrong form: dropped, with one warning.
    Malformed(Cow<'static, str>),
    /// A compressed term: [`inflate`](super::inflate) it and read again.
    Compressed,
    /// A word that this version does not know: ignored, for that is how the protocol grows.
    Unknown,
}

/// Reads one frame: the version byte 131 and one term (erl_ext_dist, "Introduction"), nothing after it.
pub(crate) fn read(frame: &[u8]) -> Result<Message<'_>, Refused<'_>> {
    if frame.first() != Some(&VERSION) {
        return Err(Refused::Bad {
            id: None,
            at: 0,
            why: format!("{:?} is not the version byte 131", frame.first()),
        });
    }
    if frame.get(1) == Some(&COMPRESSED) {
        return Err(Refused::Compressed);
    }
    let (top, over) = Top::split(frame)?;
    match over {
        None => top.message(),
        Some(why) => top.over_a_limit(&why),
    }
}

/// Elements of the longest word of version 1; what stands after them is checked and not looked at.
const LONGEST: usize = 5;

/// The top of a term: its word and the elements after it.
struct Top<'a> {
    word: &'a [u8],
    /// Element 0 of this array is the one after the word.
    rest: [&'a [u8]; LONGEST],
    /// How many elements stand after the word.
    len: usize,
    is_tuple: bool,
}

impl<'a> Top<'a> {
    /// Checks the whole frame and finds the pieces, in one pass; the error is that of a term over one of the limits.
    fn split(frame: &'a [u8]) -> Result<(Self, Option<etf::Error>), Refused<'a>> {
        let mut over = None;
        let (mut at, arity) = header(frame);
        let mut top = Top {
            word: &[],
            rest: [&[]; LONGEST],
            len: arity.unwrap_or(1).saturating_sub(1),
            is_tuple: arity.is_some(),
        };
        for index in 0..arity.unwrap_or(1) {
            let end =
                end_of(frame, at, &mut over).map_err(|error| top.bad(at, error.to_string()))?;
            top.keep(index, &frame[at..end]);
            at = end;
        }
        if at != frame.len() {
            return Err(top.bad(
                at,
                format!("{} bytes stand after the term", frame.len() - at),
            ));
        }
        Ok((top, over))
    }

    #[cold]
    fn bad(&self, at: usize, why: String) -> Refused<'a> {
        let is_call = self.is_tuple && name(self.word) == Some(b"call");
        // The Id is kept once it was read whole.
        let id = (is_call && !self.rest[0].is_empty()).then_some(self.rest[0]);
        Refused::Bad { id, at, why }
    }

    /// A term that is one, but deeper or larger than the limits of [`etf`], costs only its own call. An answer goes on to
    /// whoever waits for it, and is refused there.
    #[cold]
    fn over_a_limit(&self, why: &etf::Error) -> Result<Message<'a>, Refused<'a>> {
        let message = self.message();
        let text = |what| Cow::Owned(format!("{what}: {why}"));
        match message {
            Ok(Message::Call { id, .. }) => Err(Refused::Call {
                id,
                why: text("a term in the call is over a limit"),
            }),
            Ok(Message::Cast { .. }) => Err(Refused::Malformed(text("a cast over a limit"))),
            _ => message,
        }
    }

    fn keep(&mut self, index: usize, element: &'a [u8]) {
        match index.checked_sub(1) {
            None => self.word = element,
            Some(index) if index < LONGEST => self.rest[index] = element,
            Some(_) => {}
        }
    }

    fn message(&self) -> Result<Message<'a>, Refused<'a>> {
        let rest = self.rest;
        let word = name(self.word).ok_or(Refused::Malformed("a message without a word".into()))?;
        match (word, self.len) {
            (b"stop", 0) if !self.is_tuple => Ok(Message::Stop),
            _ if !self.is_tuple => Err(Refused::Unknown),
            (b"call", 0) => Err(Refused::Malformed("`call` without an Id".into())),
            (b"call", len) => call(rest, len),
            (b"cast", 2) => cast(rest).ok_or(Refused::Malformed(
                "`cast` is {cast, Function, Args}".into(),
            )),
            (b"cancel", 1) => Ok(Message::Cancel(rest[0])),
            (b"ping", 1) => Ok(Message::Ping(rest[0])),
            (b"pong", 1) => Ok(Message::Pong),
            (b"hello", 1) => map(rest[0])
                .map(Message::Hello)
                .ok_or(Refused::Malformed("`hello` is {hello, Map}".into())),
            (b"reply", 2) => Ok(Message::Reply {
                id: rest[0],
                term: rest[1],
            }),
            (b"error", 2) => Ok(Message::Error {
                id: rest[0],
                map: rest[1],
            }),
            (b"part", 2 | 3) => part(rest, self.len).ok_or(Refused::Malformed(
                "`part` is {part, Key, Binary[, last]}".into(),
            )),
            (b"release", 1) => Ok(Message::Release(rest[0])),
            (b"credit", 2) => count(rest[1])
                .map(|count| Message::Credit { id: rest[0], count })
                .ok_or(Refused::Malformed("`credit` is {credit, Id, N}".into())),
            (b"feed", 3) => count(rest[1])
                .map(|index| Message::Feed {
                    id: rest[0],
                    index,
                    items: rest[2],
                })
                .ok_or(Refused::Malformed(
                    "`feed` is {feed, Id, Index, [Term]}".into(),
                )),
            (b"fed", 2 | 3) => fed(rest, self.len).ok_or(Refused::Malformed(
                "`fed` is {fed, Id, Index[, Map]}".into(),
            )),
            (word, _) if is_known(word) => Err(Refused::Malformed(
                "a known word with a wrong number of elements".into(),
            )),
            _ => Err(Refused::Unknown),
        }
    }
}

const VERSION: u8 = 131;
/// `131 80 Size zlib` (erl_ext_dist, "Introduction").
const COMPRESSED: u8 = 80;

/// A compressed frame as a plain one of at most `max` bytes.
pub(crate) fn inflate(frame: &[u8], max: usize) -> Result<Vec<u8>, etf::Error> {
    let payload = etf::payload(frame, max)?;
    Ok([&[VERSION], &*payload].concat())
}

/// The value of a key that is an atom or a binary, in a map that was checked.
pub(crate) fn entry<'a>(map: &'a [u8], wanted: &[u8]) -> Option<&'a [u8]> {
    let &[116, a, b, c, d, ..] = map else {
        return None;
    };
    let mut at = 5;
    for _ in 0..u32::from_be_bytes([a, b, c, d]) {
        let value = etf::skip(map, at).ok()?;
        let end = etf::skip(map, value).ok()?;
        let key = &map[at..value];
        if name(key).or_else(|| bytes(key)) == Some(wanted) {
            return Some(&map[value..end]);
        }
        at = end;
    }
    None
}

/// Where the element at `at` ends. What Ids and names are made of is passed at sight; the guard has the rest. What is only
/// over a limit is noted in `over`.
#[inline]
fn end_of(frame: &[u8], at: usize, over: &mut Option<etf::Error>) -> Result<usize, etf::Error> {
    match frame.get(at..).unwrap_or_default() {
        [97, _, ..] => Ok(at + 2),
        [98, _, _, _, _, ..] => Ok(at + 5),
        [106, ..] => Ok(at + 1),
        [119, len, text @ ..] if text.get(..usize::from(*len)).is_some_and(<[u8]>::is_ascii) => {
            Ok(at + 2 + usize::from(*len))
        }
        _ => etf::skip(frame, at).or_else(|error| end_of_large(frame, at, error, over)),
    }
}

#[cold]
fn end_of_large(
    frame: &[u8],
    at: usize,
    error: etf::Error,
    over: &mut Option<etf::Error>,
) -> Result<usize, etf::Error> {
    if error.kind() != etf::ErrorKind::Limit {
        return Err(error);
    }
    let end = etf::extent(frame, at)?;
    over.get_or_insert(error);
    Ok(end)
}

/// Where the first element of a tuple stands and how many there are; any other term is its own first element.
fn header(frame: &[u8]) -> (usize, Option<usize>) {
    match *frame {
        [_, 104, arity, ..] if arity > 0 => (3, Some(arity.into())),
        [_, 105, a, b, c, d, ..] if [a, b, c, d] != [0; 4] => {
            // A claim of 2^32 elements ends at the first one that is not there.
            (6, Some(u32::from_be_bytes([a, b, c, d]) as usize))
        }
        _ => (1, None),
    }
}

fn is_known(word: &[u8]) -> bool {
    const WORDS: [&[u8]; 12] = [
        b"cast", b"cancel", b"credit", b"feed", b"fed", b"reply", b"error", b"part", b"release",
        b"ping", b"pong", b"hello",
    ];
    WORDS.contains(&word)
}

fn call<'a>(rest: [&'a [u8]; LONGEST], len: usize) -> Result<Message<'a>, Refused<'a>> {
    let id = rest[0];
    let refuse = |why| {
        Err(Refused::Call {
            id,
            why: Cow::Borrowed(why),
        })
    };
    if !(3..=4).contains(&len) {
        return refuse(
            "a call is {call, Id, Function, Args} or {call, Id, Function, Args, Options}",
        );
    }
    let Some(function) = function(rest[1]) else {
        return refuse("the function of a call is an atom or a binary");
    };
    if !is_list(rest[2]) {
        return refuse("the arguments of a call are a proper list");
    }
    let options = (len == 4).then_some(rest[3]);
    if options.is_some_and(|options| map(options).is_none()) {
        return refuse("the options of a call are a map");
    }
    Ok(Message::Call {
        id,
        function,
        arguments: rest[2],
        options,
    })
}

fn cast<'a>(rest: [&'a [u8]; LONGEST]) -> Option<Message<'a>> {
    Some(Message::Cast {
        function: function(rest[0])?,
        arguments: is_list(rest[1]).then_some(rest[1])?,
    })
}

fn part<'a>(rest: [&'a [u8]; LONGEST], len: usize) -> Option<Message<'a>> {
    Some(Message::Part {
        key: rest[0],
        piece: bytes(rest[1])?,
        last: len == 3 && name(rest[2])? == b"last",
    })
}

fn fed<'a>(rest: [&'a [u8]; LONGEST], len: usize) -> Option<Message<'a>> {
    Some(Message::Fed {
        id: rest[0],
        index: count(rest[1])?,
        error: (len == 3).then_some(rest[2]),
    })
}

fn function(term: &[u8]) -> Option<Name<'_>> {
    name(term).or_else(|| bytes(term)).map(Name)
}

/// The text of an atom: ATOM_EXT 100, SMALL_ATOM_EXT 115, ATOM_UTF8_EXT 118, SMALL_ATOM_UTF8_EXT 119. The first
/// two are Latin-1, which is the same bytes for the ASCII words and names that are compared here.
pub(super) fn name(term: &[u8]) -> Option<&[u8]> {
    match term {
        [115 | 119, _, text @ ..] | [100 | 118, _, _, text @ ..] => Some(text),
        _ => None,
    }
}

/// The bytes of a binary: BINARY_EXT 109, or BIT_BINARY_EXT 77 of whole bytes.
pub(crate) fn bytes(term: &[u8]) -> Option<&[u8]> {
    match term {
        [109, _, _, _, _, bytes @ ..] | [77, _, _, _, _, 8, bytes @ ..] => Some(bytes),
        [77, 0, 0, 0, 0, 0] => Some(&[]),
        _ => None,
    }
}

fn map(term: &[u8]) -> Option<&[u8]> {
    (term.first() == Some(&116)).then_some(term)
}

/// NIL_EXT, STRING_EXT, or a LIST_EXT; whether that one is proper is seen when its elements are read.
fn is_list(term: &[u8]) -> bool {
    matches!(term.first(), Some(106..=108))
}

/// A number of items: SMALL_INTEGER_EXT, or a positive INTEGER_EXT.
fn count(term: &[u8]) -> Option<u64> {
    match *term {
        [97, byte] => Some(byte.into()),
        [98, a, b, c, d] => u64::try_from(i32::from_be_bytes([a, b, c, d])).ok(),
        _ => None,
    }
}

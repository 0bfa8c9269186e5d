//! A program's code, taken apart by what its bytes mean: instructions here, the locals they name
//! there, constants, calls and so on elsewhere. Like lies beside like then, and packs a twelfth
//! smaller. Nothing is left out but what comes out by itself: the sizes of functions, and natural
//! alignments. Locals, functions and addresses are told by how long ago they were named last, which
//! says more than a number, or, most often, as the last function before that nobody has called.

use crate::{
    named::{Addresses, Called, Recent},
    walk::{ADDRESS, CONSTANT, Side, USES, walk},
};
use alloc::vec::Vec;
use core::ops::Range;

/// What a byte is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// What is not code: the rest of the program, and where its code belongs.
    Rest,
    /// In the file these are told in pairs (see `pairs`).
    Instructions,
    Pairs,
    Calls,
    Gets,
    Sets,
    Floats,
    /// Constants that are addresses.
    Addresses,
    /// Where those lie that were not named before.
    Distances,
    BlockTypes,
    Locals,
    Labels,
    ConditionalLabels,
    I64,
    Loads,
    Stores,
    /// All but the first byte of numbers of `Stores`.
    FarStores,
    Others,
    /// Constants, by the sort of instruction that uses them.
    I32(u8),
}

impl Stream {
    /// How many there are.
    pub const COUNT: usize = Self::I32(USES).place();

    /// Those from this place on hold small numbers, which are much alike: packed as one they say
    /// something about each other.
    pub const ALIKE: usize = Self::BlockTypes.place();

    /// Its place among the streams.
    pub const fn place(self) -> usize {
        match self {
            Self::Rest => 0,
            Self::Instructions => 1,
            Self::Pairs => 2,
            Self::Calls => 3,
            Self::Gets => 4,
            Self::Sets => 5,
            Self::Floats => 6,
            Self::Addresses => 7,
            Self::Distances => 8,
            Self::BlockTypes => 9,
            Self::Locals => 10,
            Self::Labels => 11,
            Self::ConditionalLabels => 12,
            Self::I64 => 13,
            Self::Loads => 14,
            Self::Stores => 15,
            Self::FarStores => 16,
            Self::Others => 17,
            Self::I32(used) => 18 + used as usize,
        }
    }

    /// Where all but the first byte of its numbers are.
    pub fn behind_first(self) -> Stream {
        if self == Self::Stores { Self::FarStores } else { self }
    }
}

/// Stands behind a load or a store whose alignment is not the natural one, with that added.
const UNNATURAL: u8 = 0xe0;

/// The streams' bytes.
pub type Streams = [Vec<u8>; Stream::COUNT];

/// A program taken apart; `imports` is how many functions it imports, `code` is where its code
/// section's content lies, and `bodies` where in the program each function's content does. The
/// error is where an instruction begins that is not known.
pub fn take_apart(
    program: &[u8],
    imports: usize,
    code: Range<usize>,
    bodies: &[Range<usize>],
) -> Result<Streams, usize> {
    let mut apart = Apart {
        program,
        at: 0,
        streams: Streams::default(),
        recent: Recent::default(),
        called: Called::default(),
        addresses: Addresses::default(),
    };
    let header = leb_bytes(code.len());
    let head = &program[..code.start - header];
    let rest = &mut apart.streams[Stream::Rest.place()];
    for number in [head.len(), bodies.len(), imports] {
        rest.extend_from_slice(&(number as u32).to_le_bytes());
    }
    rest.extend_from_slice(head);
    rest.extend_from_slice(&program[code.end..]);
    for (nth, body) in bodies.iter().enumerate() {
        apart.program = &program[..body.end];
        apart.at = body.start;
        apart.recent.known.clear();
        if walk(&mut apart).is_none() || apart.at != body.end {
            return Err(apart.at.saturating_sub(1));
        }
        apart.called.waiting.push(imports + nth);
    }
    Ok(apart.streams)
}

/// The program again; None if the streams are not those of one.
pub fn put_together(streams: &Streams) -> Option<Vec<u8>> {
    let rest = &streams[Stream::Rest.place()];
    let number = |at: usize| Some(u32::from_le_bytes(rest.get(at..at + 4)?.try_into().ok()?));
    let (head, functions, imports) =
        (number(0)? as usize, number(4)? as usize, number(8)? as usize);
    let (head, tail) = rest.get(12..)?.split_at_checked(head)?;
    let mut code = Vec::new();
    push_leb(functions, &mut code);
    let mut together = Together {
        streams,
        read: [0; Stream::COUNT],
        body: Vec::new(),
        recent: Recent::default(),
        called: Called::default(),
        addresses: Addresses::default(),
    };
    for nth in 0..functions {
        together.body.clear();
        together.recent.known.clear();
        walk(&mut together)?;
        push_leb(together.body.len(), &mut code);
        code.extend_from_slice(&together.body);
        together.called.waiting.push(imports.wrapping_add(nth));
    }
    let mut program = head.to_vec();
    push_leb(code.len(), &mut program);
    program.extend_from_slice(&code);
    program.extend_from_slice(tail);
    Some(program)
}

/// From a program into its streams.
struct Apart<'a> {
    program: &'a [u8],
    at: usize,
    streams: Streams,
    recent: Recent,
    called: Called,
    addresses: Addresses,
}

impl Apart<'_> {
    fn push(&mut self, number: usize, stream: Stream) {
        push_leb(number, &mut self.streams[stream.place()]);
    }

    fn next(&mut self) -> Option<u8> {
        let byte = *self.program.get(self.at)?;
        self.at += 1;
        Some(byte)
    }
}

impl Side for Apart<'_> {
    fn byte(&mut self, stream: Stream) -> Option<u8> {
        let byte = self.next()?;
        self.streams[stream.place()].push(byte);
        Some(byte)
    }

    fn behind_number(&self) -> Option<u8> {
        let rest = self.program.get(self.at..)?;
        rest.get(rest.iter().position(|byte| *byte < 0x80)? + 1).copied()
    }

    fn local(&mut self, stream: Stream) -> Option<()> {
        let local = leb(|| self.next())?;
        let since = self.recent.name(local)?;
        let told = if stream == Stream::Gets { since } else { local };
        push_leb(told, &mut self.streams[stream.place()]);
        Some(())
    }

    fn call(&mut self) -> Option<()> {
        let function = leb(|| self.next())?;
        push_leb(self.called.tell(function)?, &mut self.streams[Stream::Calls.place()]);
        Some(())
    }

    fn address(&mut self) -> Option<bool> {
        if !matches!(self.program.get(self.at..)?, [0x80..=0xff, 0x80..=0xff, 0xc0..=0xff, 0, ..]) {
            return Some(false);
        }
        let address = leb(|| self.next())?;
        *self.streams[Stream::Instructions.place()].last_mut()? = ADDRESS;
        let known = self.addresses.recent.known.iter().position(|one| *one == address);
        self.push(known.map_or(0, |since| since + 1), Stream::Addresses);
        let since = known.unwrap_or_else(|| {
            let distance = address.wrapping_sub(self.addresses.newest);
            // Twice as much, or, of what lies before, one less.
            let back = (distance as isize >> (isize::BITS - 1)) as usize;
            self.push(distance << 1 ^ back, Stream::Distances);
            self.addresses.add(distance)
        });
        self.addresses.recent.again(since)?;
        Some(true)
    }

    fn alignment(&mut self, natural: u8) -> Option<()> {
        let alignment = self.next()?;
        if alignment != natural {
            self.streams[Stream::Instructions.place()].push(UNNATURAL | alignment);
        }
        (alignment < 0x10).then_some(())
    }
}

/// From the streams into a function.
struct Together<'a> {
    streams: &'a Streams,
    read: [usize; Stream::COUNT],
    body: Vec<u8>,
    recent: Recent,
    called: Called,
    addresses: Addresses,
}

impl Together<'_> {
    fn next(&mut self, stream: Stream) -> Option<u8> {
        let next = &mut self.read[stream.place()];
        let byte = *self.streams[stream.place()].get(*next)?;
        *next += 1;
        Some(byte)
    }
}

impl Side for Together<'_> {
    fn byte(&mut self, stream: Stream) -> Option<u8> {
        let byte = self.next(stream)?;
        self.body.push(byte);
        Some(byte)
    }

    fn behind_number(&self) -> Option<u8> {
        let stream = Stream::Instructions.place();
        self.streams[stream].get(self.read[stream]).copied()
    }

    fn local(&mut self, stream: Stream) -> Option<()> {
        let told = leb(|| self.next(stream))?;
        let local = if stream == Stream::Gets {
            self.recent.named(told)?
        } else {
            self.recent.name(told)?;
            told
        };
        push_leb(local, &mut self.body);
        Some(())
    }

    fn call(&mut self) -> Option<()> {
        let told = leb(|| self.next(Stream::Calls))?;
        push_leb(self.called.told(told)?, &mut self.body);
        Some(())
    }

    fn address(&mut self) -> Option<bool> {
        let instruction = self.body.last_mut()?;
        if *instruction != ADDRESS {
            return Some(false);
        }
        *instruction = CONSTANT;
        let since = match leb(|| self.next(Stream::Addresses))?.checked_sub(1) {
            Some(since) => since,
            None => {
                let told = leb(|| self.next(Stream::Distances))?;
                self.addresses.add(told >> 1 ^ (told & 1).wrapping_neg())
            }
        };
        let address = self.addresses.recent.again(since)?;
        self.body.extend([0, 7, 14].map(|place| (address >> place) as u8 | 0x80));
        self.body.push(0);
        Some(true)
    }

    fn alignment(&mut self, natural: u8) -> Option<()> {
        let told = self.behind_number().filter(|next| next & 0xf0 == UNNATURAL);
        if told.is_some() {
            self.next(Stream::Instructions)?;
        }
        self.body.push(told.map_or(natural, |told| told & 0x0f));
        Some(())
    }
}

/// A number of variable length.
fn leb(mut next: impl FnMut() -> Option<u8>) -> Option<usize> {
    let mut number = 0;
    for place in 0..4 {
        let part = next()?;
        number |= usize::from(part & 0x7f) << (7 * place);
        if part < 0x80 {
            return Some(number);
        }
    }
    None
}

fn push_leb(mut number: usize, to: &mut Vec<u8>) {
    while number >= 0x80 {
        to.push(number as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

fn leb_bytes(number: usize) -> usize {
    let mut bytes = Vec::new();
    push_leb(number, &mut bytes);
    bytes.len()
}

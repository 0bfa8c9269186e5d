//! What `static/boot.js` calls: it hands over what came over the wire and gets the program. Not
//! part of the program, since it must be there before the program is.

// A foreign caller hands over addresses: there is no other way into a bare module.
#![allow(unsafe_code)]

use crate::streams::{Streams, put_together};
use alloc::vec;
use core::{arch::wasm32, panic::PanicInfo, slice};
use lol_alloc::{AssumeSingleThreaded, LeakingAllocator};
use lzma_rust2::{LzmaReader, Read};

#[global_allocator]
// SAFETY: a module without shared memory has one thread.
static MEMORY: AssumeSingleThreaded<LeakingAllocator> =
    unsafe { AssumeSingleThreaded::new(LeakingAllocator::new()) };

#[panic_handler]
fn stop(_: &PanicInfo) -> ! {
    wasm32::unreachable()
}

/// Bytes of this module's memory to write into; they are never given back, because the module is
/// dropped when it has done its one thing.
#[unsafe(no_mangle)]
pub extern "C" fn room(bytes: usize) -> *mut u8 {
    vec![0_u8; bytes].leak().as_mut_ptr()
}

/// Unpacks `packed_bytes` at `packed` into `program_bytes` at `program`; false when that is not
/// what they hold.
///
/// # Safety
/// Both must come from [`room`], with these sizes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unpack(
    packed: *const u8,
    packed_bytes: usize,
    program: *mut u8,
    program_bytes: usize,
) -> bool {
    // SAFETY: the caller's promise above.
    let packed = unsafe { slice::from_raw_parts(packed, packed_bytes) };
    // SAFETY: as above.
    let room = unsafe { slice::from_raw_parts_mut(program, program_bytes) };
    let whole =
        unpacked(packed).and_then(|(streams, numbers)| put_together(&streams, numbers, room.len()));
    whole.is_some_and(|program| {
        let fits = program.len() == room.len();
        if fits {
            room.copy_from_slice(&program);
        }
        fits
    })
}

/// Behind the program's length, each stream is its packed length and an LZMA file; the rest is the
/// packed numbers.
fn unpacked(packed: &[u8]) -> Option<(Streams, &[u8])> {
    let mut streams = Streams::default();
    let mut rest = packed.get(4..)?;
    for stream in &mut streams {
        let (length, files) = rest.split_at_checked(4)?;
        let length = u32::from_le_bytes(length.try_into().ok()?) as usize;
        let (file, others) = files.split_at_checked(length)?;
        let bytes = u32::from_le_bytes(file.get(5..9)?.try_into().ok()?) as usize;
        *stream = vec![0; bytes];
        LzmaReader::new_mem_limit(file, u32::MAX, None).ok()?.read_exact(stream).ok()?;
        rest = others;
    }
    Some((streams, rest))
}

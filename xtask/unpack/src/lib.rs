//! The few bytes of WebAssembly that open the packed program: `static/boot.js` hands it what came
//! over the wire, and it writes the program behind it. Not part of the program, since it must be
//! there before the program is.

#![cfg(target_arch = "wasm32")]
#![no_std]
// A foreign caller hands over addresses: there is no other way into a bare module.
#![allow(unsafe_code)]

extern crate alloc;

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

/// Unpacks `packed_bytes` at `packed` into `program_bytes` at `program`; false when they are not a
/// whole LZMA file of that length.
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
    let program = unsafe { slice::from_raw_parts_mut(program, program_bytes) };
    LzmaReader::new_mem_limit(packed, u32::MAX, None)
        .is_ok_and(|mut reader| reader.read_exact(program).is_ok())
}

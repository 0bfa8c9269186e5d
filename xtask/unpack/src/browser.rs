//! What `static/boot.js` calls: it hands over what came over the wire and gets the program. Not
//! part of the program, since it must be there before the program is.

// A foreign caller hands over addresses: there is no other way into a bare module.
#![allow(unsafe_code)]

use crate::file::open;
use alloc::vec;
use core::{arch::wasm32, panic::PanicInfo, slice};
use lol_alloc::{AssumeSingleThreaded, LeakingAllocator};

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
    open(packed).is_some_and(|program| {
        let fits = program.len() == room.len();
        if fits {
            room.copy_from_slice(&program);
        }
        fits
    })
}

//! The binary: the page on wasm32, the command line natively.

#[cfg(not(target_arch = "wasm32"))]
mod cli;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    cli::main()
}

#[cfg(all(target_arch = "wasm32", feature = "app"))]
mod app;

#[cfg(target_arch = "wasm32")]
fn main() {
    #[cfg(feature = "app")]
    app::mount();
}

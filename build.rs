//! Keeps the links between the functions of the screen in its wasm, by which the release build
//! splits it in two (docs/decisions/0003-build.md).

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(thoughtstream_split)");
    if std::env::var_os("CARGO_CFG_THOUGHTSTREAM_SPLIT").is_some() {
        println!("cargo::rustc-link-arg-bin=app=--emit-relocs");
    }
}

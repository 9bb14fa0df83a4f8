//! Writes what callers may call, `abi.json`, from the same sources that are compiled. `../build.ts` takes it from there.

use std::path::Path;
use std::{env, fs};

use calimero_wasm_abi::emitter::emit_manifest_from_crate;

fn main() {
    println!("cargo:rerun-if-changed=src");
    let mut sources = Vec::new();
    let files = fs::read_dir("src").expect("src is beside build.rs");
    for file in files {
        let path = file.expect("src can be listed").path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            sources.push((name, fs::read_to_string(&path).expect("a source can be read")));
        }
    }
    // The order in which a folder is listed differs between machines.
    sources.sort();
    let mut manifest = emit_manifest_from_crate(&sources).expect("lib.rs has an ABI");
    let library = &sources.iter().find(|(name, _)| name == "lib.rs").expect("src has lib.rs").1;
    for method in &mut manifest.methods {
        // The emitter does not look into a `Result`.
        let signature = library.split_once(&format!("pub fn {}(", method.name)).and_then(|(_, rest)| rest.split_once('{'));
        if signature.is_some_and(|(signature, _)| signature.contains("-> Result<Option<")) {
            method.returns_nullable = Some(true);
        }
    }
    let json = serde_json::to_string_pretty(&manifest).expect("an ABI is JSON") + "\n";
    let folder = env::var("OUT_DIR").expect("cargo says where");
    fs::write(Path::new(&folder).join("abi.json"), json).expect("the ABI can be written");
}

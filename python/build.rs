//! Links the host so that it finds, at run time, exactly the libpython it was built against.

fn main() {
    pyo3_build_config::add_libpython_rpath_link_args();
    // The tests make virtual environments of the interpreter that belongs to that library.
    if let Some(python) = pyo3_build_config::get().executable() {
        println!("cargo:rustc-env=RESOLVE_PYTHON_BUILT_WITH={python}");
    }
}

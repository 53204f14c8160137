//! Links the host so that it finds, at run time, exactly the libpython it was built against.

fn main() {
    pyo3_build_config::add_libpython_rpath_link_args();
}

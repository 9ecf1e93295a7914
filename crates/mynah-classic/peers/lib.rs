//! Empty: the package has only benches.

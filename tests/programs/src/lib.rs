//! Has no code: its tests are programs that use the crates of this workspace as libraries.

//! Connection phase.

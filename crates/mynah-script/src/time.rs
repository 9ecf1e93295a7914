/// What time a script's budget is counted in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Time {
    /// As it passes.
    #[default]
    Real,
    /// By the script's work: 200 ns for each instruction of the engine. It is the same on each machine, however busy
    /// that is; for tests.
    Work,
}

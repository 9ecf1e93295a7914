/// The clock that a script's budget is measured by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Time {
    /// Real time.
    #[default]
    Real,
    /// By the script's work: 200 ns for each instruction of the engine. It is the same on each machine, however busy
    /// that is; for tests.
    Work,
}

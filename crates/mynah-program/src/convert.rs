use clap::Args;

/// The arguments behind `convert`, which both programs have.
#[derive(Debug, Args)]
pub struct ConvertArgs {
    /// what is read: a recording, its journal, packets in hex (.hex), or a folder of .hex files
    #[arg(value_name = "IN")]
    pub from: Option<String>,

    /// the file that is written
    #[arg(value_name = "OUT")]
    pub to: Option<String>,

    /// the form of OUT: recording, or a script in js or json (default: js if its name ends in .js, else recording)
    #[arg(long = "to", value_name = "FORM")]
    pub form: Option<String>,

    /// convert only this part of the recording, and the part setup (default: all parts)
    #[arg(long, value_name = "NAME")]
    pub part: Option<String>,
}

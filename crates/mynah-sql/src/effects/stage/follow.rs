use super::*;
use crate::effects::watch::Watch;

impl Watch<'_> {
    pub(in crate::effects) fn see_statement(&mut self, next: &Lexeme) {
        self.stage = match std::mem::take(&mut self.stage) {
            Stage::Start | Stage::Query if next.is_sign(b'(') => Stage::Query,
            Stage::Start => self.verb(next),
            Stage::Query => {
                let is_query = next.is_one_of(&[b"SELECT", b"TABLE", b"VALUES", b"WITH"]);
                self.add_if(!is_query, Effect::Unknown);
                Stage::Rest
            }
            Stage::Explain => match next.word() {
                b"SELECT" | b"WITH" | b"TABLE" | b"VALUES" | b"INSERT" | b"REPLACE" | b"UPDATE"
                | b"DELETE" => self.verb(next),
                _ => Stage::Explain,
            },
            Stage::After(verb) => self.after(verb, next),
            Stage::Name { is_named } => {
                let is_part = next.is_sign(b'.') || self.last_is_sign(b'.');
                match next.word() {
                    _ if is_part => Stage::Name { is_named: true },
                    b"LOW_PRIORITY" | b"DELAYED" | b"HIGH_PRIORITY" | b"IGNORE" | b"INTO"
                        if !is_named =>
                    {
                        Stage::Name { is_named }
                    }
                    _ if !is_named && next.is_name() => Stage::Name { is_named: true },
                    _ => Stage::Rest,
                }
            }
            Stage::Load if next.is(b"SET") => Stage::Rest,
            Stage::Load => {
                if next.is(b"LOCAL") {
                    self.effects.add(Effect::LoadLocal);
                }
                Stage::Load
            }
            Stage::Begin => {
                if !(next.is(b"WORK") && self.last_is(b"BEGIN")) {
                    // The beginning of a block.
                    self.effects.add(Effect::Unknown);
                }
                Stage::Begin
            }
            Stage::Finish(finish) => Stage::Finish(self.finish(finish, next)),
            Stage::Flush => {
                let locks = next.is(b"EXPORT") || (next.is(b"LOCK") && self.last_is(b"READ"));
                self.add_if(locks, Effect::ReadLock);
                Stage::Flush
            }
            Stage::Show => {
                let asks = next.is_one_of(&[b"WARNINGS", b"ERRORS"]);
                self.add_if(asks, Effect::AskDiagnostics);
                let asks = next.is_one_of(&[b"VARIABLES", b"STATUS"]) && !self.last_is(b"GLOBAL");
                self.add_if(asks, Effect::AskSession);
                Stage::Show
            }
            Stage::Account => {
                self.names_own(next);
                Stage::Account
            }
            Stage::OwnAccount => {
                self.names_own(next);
                match next.word() {
                    b"FOR" => Stage::Account,
                    _ => Stage::OwnAccount,
                }
            }
            Stage::Define(define) => self.define(define, next),
            Stage::Set(set) => self.set(set, next),
            stage @ (Stage::Rest | Stage::Diagnostics | Stage::Analyze) => stage,
        };
    }

    /// Follows the first word of a statement.
    fn verb(&mut self, first: &Lexeme) -> Stage {
        let (effect, stage) = match first.word() {
            b"SELECT" | b"TABLE" | b"VALUES" | b"WITH" | b"UPDATE" | b"DELETE" | b"DO"
            | b"TRUNCATE" | b"HELP" | b"SIGNAL" | b"RESIGNAL" | b"CHECK" | b"CHECKSUM"
            | b"OPTIMIZE" | b"REPAIR" | b"CACHE" | b"RESET" | b"IMPORT" | b"INSTALL"
            | b"UNINSTALL" | b"SHUTDOWN" | b"RESTART" | b"CLONE" | b"CHANGE" | b"STOP"
            | b"PURGE" => return Stage::Rest,
            b"EXPLAIN" | b"DESCRIBE" | b"DESC" => return Stage::Explain,
            b"INSERT" | b"REPLACE" => return Stage::Name { is_named: false },
            b"ANALYZE" => return Stage::After(Verb::Analyze),
            b"LOAD" => return Stage::After(Verb::Load),
            b"RENAME" => return Stage::After(Verb::Rename),
            b"START" => return Stage::After(Verb::Start),
            b"LOCK" => return Stage::After(Verb::Lock),
            b"UNLOCK" => return Stage::After(Verb::Unlock),
            b"BACKUP" => return Stage::After(Verb::Backup),
            b"XA" => return Stage::After(Verb::Xa),
            b"COMMIT" | b"ROLLBACK" => return Stage::Finish(Finish::default()),
            b"FLUSH" => return Stage::Flush,
            b"SHOW" => return Stage::Show,
            b"CREATE" => return Stage::Define(Define::of_create()),
            b"ALTER" => return Stage::Define(Define::of_alter()),
            b"DROP" => return Stage::Define(Define::of_drop()),
            b"SET" => return Stage::Set(Set::default()),
            b"CALL" => (Effect::Call, Stage::Name { is_named: false }),
            b"USE" => (Effect::Schema, Stage::After(Verb::Use)),
            b"GRANT" | b"REVOKE" => (Effect::Account, Stage::Account),
            b"GET" => (Effect::AskDiagnostics, Stage::Diagnostics),
            b"BEGIN" => (Effect::Begin, Stage::Begin),
            b"SAVEPOINT" | b"RELEASE" => (Effect::Savepoint, Stage::Rest),
            b"HANDLER" => (Effect::Handler, Stage::Rest),
            b"PREPARE" => (Effect::Prepare, Stage::Rest),
            b"EXECUTE" => (Effect::Execute, Stage::Rest),
            b"DEALLOCATE" => (Effect::Deallocate, Stage::Rest),
            b"KILL" => (Effect::Kill, Stage::Rest),
            b"BINLOG" => (Effect::Binlog, Stage::Rest),
            _ => (Effect::Unknown, Stage::Rest),
        };
        self.effects.add(effect);
        stage
    }

    /// Follows the second word of a statement.
    fn after(&mut self, verb: Verb, next: &Lexeme) -> Stage {
        let word = next.word();
        let effect = match (verb, word) {
            (Verb::Analyze, b"LOCAL" | b"NO_WRITE_TO_BINLOG" | b"TABLE" | b"TABLES") => {
                return Stage::Analyze;
            }
            // MariaDB runs the statement.
            (Verb::Analyze, b"FORMAT") => return Stage::Explain,
            (Verb::Analyze, _) => return self.verb(next),
            (Verb::Load, b"DATA" | b"XML") => {
                self.effects.add(Effect::Load);
                return Stage::Load;
            }
            (Verb::Load, b"INDEX") | (Verb::Rename, b"TABLE" | b"TABLES") => return Stage::Rest,
            (Verb::Rename, b"USER") => {
                self.effects.add(Effect::Account);
                return Stage::Account;
            }
            (Verb::Start, b"SLAVE" | b"REPLICA" | b"GROUP_REPLICATION" | b"ALL")
            | (Verb::Xa, b"RECOVER") => return Stage::Rest,
            (Verb::Start, b"TRANSACTION") => Effect::Begin,
            (Verb::Xa, _) => Effect::Xa,
            (Verb::Lock, b"TABLE" | b"TABLES") => Effect::TableLock,
            (Verb::Lock, b"INSTANCE") | (Verb::Backup, b"LOCK") => Effect::BackupLock,
            (Verb::Unlock, b"TABLE" | b"TABLES") => Effect::TableUnlock,
            (Verb::Unlock, b"INSTANCE")
            | (Verb::Backup, b"UNLOCK")
            | (Verb::BackupStage, b"END") => Effect::BackupUnlock,
            (Verb::Backup, b"STAGE") => return Stage::After(Verb::BackupStage),
            (Verb::BackupStage, _) => Effect::BackupLock,
            (Verb::Use, _) => {
                let schema = self.content(next).into_owned();
                self.effects.schema = Some(schema);
                return Stage::Rest;
            }
            _ => Effect::Unknown,
        };
        self.effects.add(effect);
        Stage::Rest
    }

    fn finish(&mut self, finish: Finish, next: &Lexeme) -> Finish {
        let isnt_negated = !self.last_is(b"NO");
        Finish {
            chains: finish.chains || (next.is(b"CHAIN") && isnt_negated),
            releases: finish.releases || (next.is(b"RELEASE") && isnt_negated),
            is_to_savepoint: finish.is_to_savepoint || next.is(b"TO"),
        }
    }

    /// Follows a statement about accounts, which may name the session's own.
    pub(in crate::effects) fn names_own(&mut self, next: &Lexeme) {
        let calls_user = next.is_sign(b'(') && self.last_is(b"USER");
        self.add_if(calls_user || next.is(b"CURRENT_USER"), Effect::OwnAccount);
    }

    pub(in crate::effects) fn add_if(&mut self, holds: bool, effect: Effect) {
        if holds {
            self.effects.add(effect);
        }
    }

    /// Passes a variable that has ended to the statement.
    pub(in crate::effects) fn ended(&mut self, variable: Ended) {
        if let Stage::Set(set) = &mut self.stage {
            set.ended(variable);
        }
    }

    /// Ends a statement.
    pub(in crate::effects) fn end_stage(&mut self) {
        match std::mem::take(&mut self.stage) {
            Stage::Finish(finish) => finish.add_to(&mut self.effects),
            Stage::OwnAccount => self.effects.add(Effect::OwnAccount),
            // Behind one of these, a word is missing, or it is no statement.
            Stage::After(_) => self.effects.add(Effect::Unknown),
            Stage::Define(define) => self.end_definition(&define),
            Stage::Set(set) => self.end_set(set),
            _ => {}
        }
    }
}

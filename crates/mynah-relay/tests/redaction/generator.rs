//! Statements with a password in them: verb × clause × quoting × comment × character set × `sql_mode`.

/// What no trace may have in it.
pub(crate) const SECRET: &str = "SEKRET";

/// Numbers that look random, and are the same in every run.
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % end as u64).unwrap()
    }

    pub(crate) fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// How the session's server reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mode {
    pub(crate) charset: &'static str,
    pub(crate) sql_mode: &'static str,
    /// Whether passwords are parameters of statements.
    pub(crate) prepares: bool,
}

/// A statement, and the values of its parameters.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) sql: Vec<u8>,
    pub(crate) parameters: Vec<Vec<u8>>,
}

impl Mode {
    pub(crate) fn nth(number: usize) -> Self {
        let charsets = [
            "utf8mb4", "gbk", "sjis", "latin1", "big5", "cp932", "gb18030", "utf8mb4",
        ];
        let modes = [
            "",
            "NO_BACKSLASH_ESCAPES",
            "ANSI_QUOTES",
            "ANSI_QUOTES,NO_BACKSLASH_ESCAPES",
        ];
        Self {
            charset: charsets[number % charsets.len()],
            sql_mode: modes[number / charsets.len() % modes.len()],
            prepares: number % 5 == 4,
        }
    }

    pub(crate) fn escapes(self) -> bool {
        !self.sql_mode.contains("NO_BACKSLASH")
    }

    pub(crate) fn ansi(self) -> bool {
        self.sql_mode.contains("ANSI")
    }

    /// A character whose second byte is `\`.
    fn tricky(self) -> &'static [u8] {
        match self.charset {
            "gbk" | "gb18030" => b"\x81\\",
            "sjis" | "cp932" => b"\x83\\",
            "big5" => b"\xa5\\",
            _ => b"",
        }
    }
}

/// The next statement.
pub(crate) fn statement(numbers: &mut Numbers, mode: Mode, is_mariadb: bool) -> Statement {
    let verbs = if is_mariadb {
        [BOTH, MARIADB].concat()
    } else {
        [BOTH, MYSQL].concat()
    };
    let verb = numbers.one(&verbs);
    let password = password(numbers, mode);
    let (mut sql, mut parameters) = (Vec::new(), Vec::new());
    for (index, part) in verb.split(' ').enumerate() {
        if index > 0 {
            sql.extend_from_slice(gap(numbers));
        }
        // A name of an account goes on behind what stands for its literal.
        let (head, tail) = part.split_at(part.find(['(', ')', ',']).unwrap_or(0));
        for piece in [head, tail] {
            let mut rest = piece;
            while let Some(at) = rest.find('%') {
                sql.extend_from_slice(&cased(numbers, &rest[..at]));
                match &rest[at..=at + 1] {
                    "%L" if mode.prepares => {
                        sql.push(b'?');
                        parameters.push(password.clone());
                    }
                    "%L" => sql.extend_from_slice(&literal(numbers, mode, &password)),
                    "%N" => sql.extend_from_slice(&noise(numbers, mode)),
                    "%%" => sql.push(b'%'),
                    "%P" => sql.extend_from_slice(b"SEKRETplain"),
                    other => panic!("{other}"),
                }
                rest = &rest[at + 2..];
            }
            sql.extend_from_slice(&cased(numbers, rest));
        }
    }
    let sql = match numbers.below(8) {
        _ if mode.prepares => sql,
        0 => run_as_text(numbers, mode, &sql, is_mariadb),
        1 => {
            let inner = run_as_text(numbers, mode, &sql, is_mariadb);
            run_as_text(numbers, mode, &inner, is_mariadb)
        }
        2 => [&b"/*! "[..], &sql, b" */"].concat(),
        3 => [&b"/*!50003 "[..], &sql, b"*/"].concat(),
        _ => sql,
    };
    let (before, behind) = (numbers.one(BEFORE), numbers.one(BEHIND));
    Statement {
        sql: [before.as_bytes(), &sql, behind.as_bytes()].concat(),
        parameters,
    }
}

/// In a text, which is prepared or kept for that.
fn run_as_text(numbers: &mut Numbers, mode: Mode, sql: &[u8], is_mariadb: bool) -> Vec<u8> {
    let heads: &[&str] = match is_mariadb {
        true => &[
            "prepare s from ",
            "set @s = ",
            "execute immediate ",
            "SET @s := ",
        ],
        false => &["prepare s from ", "set @s = ", "SET @s := "],
    };
    let head = numbers.one(heads);
    if head.starts_with("set") && numbers.below(4) == 0 {
        let (one, other) = sql.split_at(sql.len() / 2);
        let texts = [quoted(one, b'\'', mode), quoted(other, b'\'', mode)];
        return [
            head.as_bytes(),
            b"concat(",
            &texts[0],
            b", ",
            &texts[1],
            b")",
        ]
        .concat();
    }
    if head.starts_with("set") && numbers.below(4) == 0 {
        let hex: String = sql.iter().map(|byte| format!("{byte:02x}")).collect();
        return format!("{head}0x{hex}").into_bytes();
    }
    [head.as_bytes(), &quoted(sql, quote(numbers, mode), mode)].concat()
}

fn password(numbers: &mut Numbers, mode: Mode) -> Vec<u8> {
    let middle: &[u8] = match numbers.below(6) {
        0 => b"'",
        1 => b"\"",
        2 => b"\\",
        3 => mode.tricky(),
        4 => b" -- ",
        _ => b"",
    };
    [
        SECRET.as_bytes(),
        middle,
        SECRET.as_bytes(),
        numbers.below(1000).to_string().as_bytes(),
    ]
    .concat()
}

fn literal(numbers: &mut Numbers, mode: Mode, password: &[u8]) -> Vec<u8> {
    quoted(password, quote(numbers, mode), mode)
}

fn quote(numbers: &mut Numbers, mode: Mode) -> u8 {
    if mode.ansi() {
        b'\''
    } else {
        numbers.one(b"'\"")
    }
}

/// A text that may be taken for one that doesn't end.
fn noise(numbers: &mut Numbers, mode: Mode) -> Vec<u8> {
    let text: &[u8] = match numbers.below(5) {
        0 => mode.tricky(),
        1 => b"it's",
        2 => b"\\",
        3 => b"say \"",
        _ => b"/* -- #",
    };
    quoted(text, quote(numbers, mode), mode)
}

fn quoted(text: &[u8], quote: u8, mode: Mode) -> Vec<u8> {
    let (mut out, mut rest) = (vec![quote], text);
    while let Some((&byte, behind)) = rest.split_first() {
        let tricky = mode.tricky();
        if !tricky.is_empty() && rest.starts_with(tricky) {
            out.extend_from_slice(tricky);
            rest = &rest[2..];
            continue;
        }
        if byte == quote || (byte == b'\\' && mode.escapes()) {
            out.push(byte);
        }
        out.push(byte);
        rest = behind;
    }
    out.push(quote);
    out
}

fn cased(numbers: &mut Numbers, text: &str) -> Vec<u8> {
    let text = text.replace('~', " ");
    match numbers.below(4) {
        0 if !text.contains(['\'', '{', '1', '2', '3', '4']) && text != "users" => {
            text.to_uppercase().into_bytes()
        }
        _ => text.into_bytes(),
    }
}

fn gap(numbers: &mut Numbers) -> &'static [u8] {
    match numbers.below(3) {
        0 => numbers.one(GAPS).as_bytes(),
        _ => b" ",
    }
}

const GAPS: &[&str] = &[
    " /* it's */ ",
    " /*!99999 it's */ ",
    " -- it's\n",
    " --\tit's\n",
    " # it's \"\n",
    "/**/",
    "\t",
    "\n",
    " /*!50001 */ ",
    " /* \" ` \\ */ ",
    " /*!99999 /* it's */ \" */ ",
];

const BEFORE: &[&str] = &[
    "",
    "",
    "",
    "/* it's */",
    "--\tit's\n",
    "# \"\n",
    "-- \\'\n",
    "/*!99999 it's */ ",
    " \n",
];

const BEHIND: &[&str] = &[
    "",
    "",
    "",
    " ",
    " -- it's",
    " # it's",
    " /* it's */",
    ";",
    " /*!99999 it's */",
];

/// `%L` is the password as a literal, `%N` another literal, `~` a blank that no comment takes the place of.
const BOTH: &[&str] = &[
    "alter user u1 identified by %L",
    "alter user 'u1'@'%%' identified by %L",
    "create user if not exists u1 identified by %L",
    "create user if not exists u2 identified by %L , u3 identified by %L",
    "alter user if exists u1 identified by %L account unlock",
    "alter server s1 options ( password %L )",
    "alter server s1 options ( user %N , password %L )",
    "set @a = %N , @password = %L",
    "set @password := %L",
    "insert into users ( name, password ) values ( %N , %L )",
    "insert into users values ( %N , '{\"password\":~\"%P\"}' )",
    "replace into users ( `password`, name ) values ( %L , %N )",
    "insert into users set name = %N , password = %L",
    "update users set name = %N , password = %L where name = %N",
    "select * from users where name = %N and password = %L",
    "select * from users where password in ( %L , %L )",
    "select name from users where password like %L limit 1",
    "select hex( aes_encrypt( %N , %L ))",
    "select json_object( 'password' , %L )",
    "select json_extract( '{\"secret\":~\"%P\"}' , '$.name' )",
    "do json_set( '{}' , '$.password' , %L )",
    "alter table users comment = 'user~\"u\",~password~\"%P\"'",
    "alter table users comment = 'mysql://u:%P@h/d'",
    "select %N , 'https://u:%P@h/'",
    "select 'x' as a , %L as password",
    "delete from users where password = %L",
    "select %L as users_password",
    "select * from ( select %L as password ) x",
    "with x as ( select %L as password ) select * from x",
    "select @password := %L",
    "insert into users ( name, password ) select %N , %L",
    "explain select * from users where name = %N and password = %L",
    "explain format=json select * from users where password = %L",
    "select user from mysql.user where authentication_string = %L",
    "alter user u1 identified by %P",
    "alter user u1 identfied by %L",
    "set password for u1 = %P",
    "create table if not exists copies as select %L as password",
];

const MYSQL: &[&str] = &[
    "set password for u1 = %L",
    "set password for 'u1'@'%%' = %L",
    "set password = %L",
    "alter user u1 identified with caching_sha2_password by %L",
    "alter user u1 identified by %L retain current password",
    "alter user user() identified by %L",
    "change replication source to source_host='h', source_password= %L",
    "alter user u1 identified by %L comment 'c'",
    "explain format=tree select * from users where password = %L",
];

const MARIADB: &[&str] = &[
    "set password for u1 = password( %L )",
    "set password = password( %L )",
    "grant usage on *.* to u1 identified by %L",
    "create or replace user u4 identified by %L",
    "alter user u1 identified via mysql_native_password using password( %L )",
    "alter user u1 identified via unix_socket or mysql_native_password using password( %L )",
    "select password( %L )",
    "select old_password( %L ) , %N",
    "change master to master_host='h', master_password= %L",
    "create or replace server s2 foreign data wrapper mysql options ( user 'u' , password %L )",
    "execute immediate concat( 'alter~user~u1~identified~by~' , quote( %L ))",
    "execute immediate concat( 'alter~user~u1~identi' , 'fied~by~' , quote( %L ))",
    "analyze format=json select * from users where password = %L",
    "begin not atomic set password = password( %L ) ; end",
    "select column_json( column_create( 'password' , %L ))",
];

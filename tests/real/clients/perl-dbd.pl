# DBD::mysql and DBD::MariaDB, which differ in the first word of their options.
use strict;
use warnings;
use utf8;
use DBI;

$| = 1;
my ($host, $port, $user, $password, $tls) = map { $ENV{"MYNAH_$_"} } qw(HOST PORT USER PASSWORD TLS);
my $driver = $ENV{MYNAH_VARIANT};
my $word = lc $driver;
my $sql = "select cast(? as signed) as number, cast(? as char) as text, cast(? as char) as maybe, "
    . "cast(? as date) as day, cast(? as binary) as bytes";
my @rows = (
    [42, "caf\x{e9} \x{2603}", undef, "2024-02-29", "\x00\x01'\\\xfe\xff"],
    [-7, "it's \"quoted\" \\ done", "now", "1999-12-31", join("", map { chr } 0 .. 255)],
);
# DBD::MariaDB 1.22 loses values that are longer than those of the execution before.
@rows = reverse @rows if $driver eq "MariaDB";

sub ok { print "ok $_[0]\n" }

sub shown { join ", ", map { defined $_ ? sprintf("'%vx'", $_) : "NULL" } @_ }

sub expect {
    my ($step, $found, $wanted) = @_;
    my ($a, $b) = (shown(@$found), shown(@$wanted));
    die "$step: $a instead of $b\n" if $a ne $b;
}

sub steps {
    # DBD::mysql refuses to insist on TLS with MariaDB's library: the server insists.
    my $insist = $driver eq "mysql" ? "mysql_ssl_optional=1" : "mariadb_ssl_verify_server_cert=1";
    my $ssl = $tls ? ";${word}_ssl=1;$insist;${word}_ssl_ca_file=$ENV{MYNAH_CA}" : "";
    my %unicode = $driver eq "mysql" ? (mysql_enable_utf8mb4 => 1) : ();
    my $db = DBI->connect("DBI:$driver:database=test;host=$host;port=$port$ssl", $user, $password,
        { RaiseError => 1, PrintError => 0, "${word}_server_prepare" => 1, %unicode });
    ok("connect");
    expect("select", $db->selectrow_arrayref("select 1"), [1]);
    ok("select");
    eval { $db->selectall_arrayref("select * from test.mynah_missing"); 1 } and die "error: there was none\n";
    expect("error", [$db->err, $db->state], [1146, "42S02"]);
    ok("error");
    my ($large) = $db->selectrow_array("select repeat('x', 1048576) as large");
    die "large: " . length($large) . " bytes\n" if $large ne "x" x 1048576;
    ok("large");
    my $statement = $db->prepare($sql);
    for my $row (@rows) {
        my $at = 0;
        for my $value (@$row) {
            $at++;
            my $type = $at == 1 ? DBI::SQL_BIGINT : $at == 5 ? DBI::SQL_VARBINARY : DBI::SQL_VARCHAR;
            $statement->bind_param($at, $value, $type);
        }
        $statement->execute;
        my $found = $statement->fetchall_arrayref;
        die "prepared: not one row\n" if @$found != 1;
        expect("prepared", $found->[0], $row);
    }
    $statement->finish;
    $statement = $db->prepare("select 1");
    for (1, 2) {
        $statement->execute;
        expect("prepared", $statement->fetchall_arrayref->[0], [1]);
    }
    undef $statement;
    ok("prepared");
    $db->disconnect;
    ok("close");
}

eval { steps(); 1 } or do {
    my $why = $@;
    $why =~ s/\s+/ /g;
    print STDERR "$why\n";
    exit 1;
};
